import { Request } from './Request'

/** When an image is fetched: at every start, when it is not on the host, or never. */
export type PullPolicy = 'always' | 'missing' | 'never'

export const pullPolicyOf = ({ task }: Request): PullPolicy =>
  task.pull_policy ?? (task.force_pull ? 'always' : 'missing')
