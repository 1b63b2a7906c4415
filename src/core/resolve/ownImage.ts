import { ImageFacts } from '../facts/Facts'
import { localImage, recordName } from '../wanted/localImage'
import { Request } from './Request'
import { Task } from './Task'

/** Whether the task brings its image along. */
export const isOwnImage = ({ task, allocation }: Request): boolean => localImage(task, allocation) !== undefined

/** The name under which containerd has the image that is run. */
export const recordOf = ({ task, allocation }: Request): string => recordName(task, allocation)

/** The image that a container is made from. */
export const imageOf = (request: Request, { digest, chainId }: ImageFacts): Task['image'] => ({
  name: recordOf(request), digest, chainId, ...(isOwnImage(request) ? { isOwn: true } : {})
})
