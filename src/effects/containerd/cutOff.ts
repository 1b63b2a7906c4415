import * as E from 'fp-ts/Either'
import * as TE from 'fp-ts/TaskEither'
import * as t from 'io-ts'

import { Failure } from '../../core/domain/Failure'
import { removeLeftCgroup } from '../host/leftCgroup'
import { systemCall } from '../host/systemCall'
import { Containerd } from './Containerd'
import * as containers from './containers'

const spec = t.type({ linux: t.type({ cgroupsPath: t.string }) })

/**
 * What a create that was cut off left of a container that has no task: where containerd was killed under it, nobody
 * takes the cgroup away that runc had made. One that is not the container's alone is another's to remove.
 */
export const cutOff = (containerd: Containerd, id: string): TE.TaskEither<Failure, void> => async () => {
  const found = await containers.get(containerd, id)()
  if (E.isLeft(found)) return found
  if (found.right === undefined || !containers.isRunc(found.right)) return E.right(undefined)
  const decoded = containers.decodedSpec(spec, found.right.spec)
  const path = E.isRight(decoded) ? decoded.right.linux.cgroupsPath : ''
  return path.startsWith('/') && path.endsWith(`/${id}`)
    ? systemCall(`remove the cgroup of ${id}`, () => removeLeftCgroup(path))
    : E.right(undefined)
}
