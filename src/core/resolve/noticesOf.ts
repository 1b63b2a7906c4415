import * as E from 'fp-ts/Either'

import * as ImageReference from '../decode/ImageReference'
import { Notice } from '../domain/Notice'
import { Request } from './Request'

/** What is legal in a request and worth a word. */
export const noticesOf = (request: Request): ReadonlyArray<Notice> => [
  ...imageNotices(request),
  ...request.allocation.mounts
    .filter(({ selinuxLabel }) => selinuxLabel !== '')
    .map(({ taskPath }) => Notice('allocation.mounts', `the SELinux label of the mount at ${taskPath} is not applied by this version`))
]

const imageNotices = ({ task }: Request): ReadonlyArray<Notice> => {
  const reference = ImageReference.parse(task.image)
  if (E.isLeft(reference) || reference.right.digest !== undefined) return []
  return reference.right.tag === 'latest'
    ? [Notice('task.image', `${task.image} is whatever the registry calls latest on the day of the pull`)]
    : []
}
