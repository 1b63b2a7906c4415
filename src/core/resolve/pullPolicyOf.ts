import { PullPolicy } from '../domain/PullPolicy'
import { isLatest } from '../image/ImageReference'
import { Request } from './Request'

/** When the image is pulled. What is called `latest` is so at every start, as under Docker and Kubernetes. */
export const pullPolicyOf = ({ task }: Pick<Request, 'task'>): PullPolicy =>
  task.pull_policy ?? (task.force_pull || isLatest(task.image.value) ? 'always' : 'missing')
