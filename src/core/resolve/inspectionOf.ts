import { clean } from '../domain/path'
import { isInside } from '../wanted/allocationPaths'
import { Request } from './Request'
import { Inspection, TaskMount } from './Task'

/**
 * What of the allocation root mounts or opens by its path, and has to be looked at until then: what is pinned is not
 * among it.
 */
export const inspectionOf = ({ allocation }: Request, mounts: ReadonlyArray<TaskMount>): Inspection => {
  const sources = mounts
    .filter(({ type, pin }) => type === 'bind' && pin === undefined)
    .map(({ source }) => clean(source))
  return {
    below: clean(allocation.allocDir),
    paths: [...new Set(sources)].filter((path) => isInside(allocation, path)).sort(),
    streams: [allocation.stdoutPath, allocation.stderrPath].filter((path) => path !== '')
  }
}
