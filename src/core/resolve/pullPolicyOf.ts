import { PullPolicy } from '../domain/PullPolicy'
import { Request } from './Request'

export const pullPolicyOf = ({ task }: Request): PullPolicy =>
  task.pull_policy ?? (task.force_pull ? 'always' : 'missing')
