import { Allocation } from '../decode/Allocation'
import { clean, isAbsolute, isWithin } from '../domain/path'
import { isInside, logsDir, sharedDir, taskDir } from '../wanted/allocationPaths'
import { Policy } from './Policy'

/**
 * Why a path inside the allocation may not be bound, if it may not. Whoever can write the allocation's directory, a
 * task's or another
 * task's can put a link where root mounts from at the next start; and other tasks' secrets and Nomad's tokens are
 * there.
 */
export const allocationRefusal = (allocation: Allocation, path: string): string | undefined => {
  const own = taskDir(allocation)
  if (path === clean(allocation.allocDir)) return 'is the directory of the allocation'
  if (isWithin(sharedDir(allocation), path)) return undefined
  if (path === own) return 'is the whole directory of the task, with what is private to Nomad'
  if (isWithin(`${own}/private`, path)) return 'is private to Nomad'
  return isWithin(own, path) ? undefined : 'belongs to another task of the allocation, or to Nomad'
}

/**
 * Whether the operator has named a path of the allocation, or one that holds it. A relative source is named by its very
 * path only: nobody lists an allocation, and an absolute path is what an operator has in mind.
 */
export const isNamedByOperator = ({ volumes }: Policy, path: string, written: string): boolean =>
  volumes.enabled && volumes.allowed_paths.map(clean).some((allowed) =>
    path === allowed || (isAbsolute(written) && isWithin(allowed, path)))

/**
 * Whether a component of a path lies in a directory that a task can write: what is there when it is mounted may be
 * another thing than what was looked at. `alloc`, `local`, `secrets` and the logs are not such: no task can write the
 * directories that they lie in. An operator who lists `/` has given away all that this could guard.
 */
export const canBeSwapped = (path: string, allocation: Allocation, { volumes }: Policy): boolean => {
  if (isInside(allocation, path)) {
    return (
      path !== logsDir(allocation) && (isBelow(sharedDir(allocation), path) || isBelow(firstIn(allocation, path), path))
    )
  }
  return volumes.allowed_paths.map(clean).some((allowed) => allowed !== '/' && isBelow(allowed, path))
}

const isBelow = (parent: string, path: string): boolean => path !== parent && isWithin(parent, path)

/** The child of the task's directory that a path lies in; the path itself where it lies in none. */
const firstIn = (allocation: Allocation, path: string): string => {
  const own = taskDir(allocation)
  const [first = ''] = isBelow(own, path) ? path.slice(own.length + 1).split('/') : []
  return first === '' ? path : `${own}/${first}`
}
