import * as E from 'fp-ts/Either'
import * as TE from 'fp-ts/TaskEither'

import { Failure } from '../../core/domain/Failure'
import { removeLeftCgroup } from '../host/leftCgroup'
import { systemCall } from '../host/systemCall'
import { Containerd } from './Containerd'
import * as containers from './containers'

/**
 * What a create that was cut off left of a container that has no task: where containerd was killed under it, nobody
 * takes the cgroup away that runc had made. One that is not the container's alone is another's to remove.
 */
export const cutOff = (containerd: Containerd, id: string): TE.TaskEither<Failure, void> => async () => {
  const found = await containers.get(containerd, id)()
  if (E.isLeft(found)) return found
  const path = found.right === undefined ? '' : containers.cgroupsPathOf(found.right) ?? ''
  return path.startsWith('/') && path.endsWith(`/${id}`)
    ? systemCall(`remove the cgroup of ${id}`, () => removeLeftCgroup(path))
    : E.right(undefined)
}
