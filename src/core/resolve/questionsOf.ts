import * as E from 'fp-ts/Either'

import * as ImageReference from '../decode/ImageReference'
import { bindPath } from './hostPaths'
import { Question } from './Question'
import { Request } from './Request'

/** What has to be asked before this request can be resolved. The same request always asks the same. */
export const questionsOf = (request: Request): ReadonlyArray<Question> => [
  { _tag: 'AskHost' },
  { _tag: 'AskImage', name: imageName(request), snapshotter: request.plugin.snapshotter },
  ...request.task.mounts.flatMap((mount): ReadonlyArray<Question> => {
    const path = bindPath(request.allocation, mount)
    return path === undefined ? [] : [{ _tag: 'AskPath', path }]
  }),
  ...request.allocation.devices.map(({ hostPath }): Question => ({ _tag: 'AskDevice', path: hostPath }))
]

/** The full name under which containerd knows the image: `redis:7` is `docker.io/library/redis:7`. */
export const imageName = ({ task }: Request): string => {
  const reference = ImageReference.parse(task.image)
  return E.isRight(reference) ? reference.right.name : task.image
}
