import { promises, Stats } from 'node:fs'

import * as TE from 'fp-ts/TaskEither'

import { Failure } from '../../core/domain/Failure'
import { Act } from '../../core/plan/Step'
import { codeOf, Thrown } from '../ports/Thrown'
import { systemCall } from './systemCall'

type Inspect = Act<'InspectPaths'>

/**
 * Looks at what root is about to mount and open for a task: from `below` down no component is a link, and every stream
 * is a named pipe of root's, or /dev/null. Whose the directories are is not judged: Nomad gives `alloc` to nobody.
 * Denied when something else is there.
 */
export const inspectPaths =
  ({ container, below, paths, streams }: Inspect): TE.TaskEither<Failure, void> =>
  () => {
    const doing = `look at the directories of ${container}`
    return systemCall(doing, async () => {
      const seen = new Map<string, Stats>()
      for (const path of paths) await foundAt(path, below, seen, doing)
      for (const path of streams.filter((one) => one !== '/dev/null')) {
        if (!isRootsPipe(await foundAt(path, below, seen, doing))) {
          throw new Thrown(
            Failure(
              'Denied',
              doing,
              `${path} is no named pipe of root's: Nomad makes one there, and what is there would be opened as root`
            )
          )
        }
      }
    })
  }

const isRootsPipe = (found: Stats): boolean => found.isFIFO() && found.uid === (process.geteuid?.() ?? 0)

/** What is at a path; each of its components below a directory is looked at once. */
const foundAt = async (path: string, below: string, seen: Map<string, Stats>, doing: string): Promise<Stats> => {
  let last: Stats | undefined
  for (const place of placesIn(path, below)) {
    last = seen.get(place) ?? (await lookAt(place, doing))
    seen.set(place, last)
    if (last.isSymbolicLink())
      throw new Thrown(Failure('Denied', doing, `${place} is a link; no link is followed in the allocation`))
  }
  return last ?? lookAt(path, doing)
}

const lookAt = (place: string, doing: string): Promise<Stats> =>
  promises.lstat(place).catch((thrown: unknown) => {
    throw codeOf(thrown) === 'ENOENT' ? new Thrown(Failure('NotFound', doing, `${place} is not there`)) : thrown
  })

/** The places on the way from a directory down to a path; the path alone where it does not lie there. */
export const placesIn = (path: string, below: string): ReadonlyArray<string> => {
  if (!path.startsWith(`${below}/`)) return [path]
  const names = path.slice(below.length + 1).split('/')
  return names.map((_name, index) => `${below}/${names.slice(0, index + 1).join('/')}`)
}
