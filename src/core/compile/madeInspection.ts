import { Mount } from '../domain/Oci'
import { Task } from '../resolve/Task'

/**
 * Where the container mounts inside of a file or directory of the host: what is there decides where the runtime follows
 * the path to. The
 * logs on top of `alloc` are not among them: they are looked at before.
 */
export const nestedTargets = (all: ReadonlyArray<Mount>): ReadonlyArray<string> => {
  const sources = new Map(all.map((mount) => [mount.destination, mount]))
  return all
    .filter((mount) => parentsOf(mount.destination).some((place) => isOuter(sources.get(place), mount)))
    .map(({ destination }) => destination)
}

const isOuter = (outer: Mount | undefined, inner: Mount): boolean =>
  outer?.type === 'bind' && inner.source !== `${outer.source}/logs`

/** `/a/b/c` lies in `/a` and `/a/b`. */
const parentsOf = (place: string): ReadonlyArray<string> =>
  [...place.matchAll(/\//g)].map(({ index }) => place.slice(0, index)).filter((parent) => parent !== '')

/** The pin that each place of the container shows. */
export const pinsByPlace = ({ mounts: wanted }: Task): Readonly<Record<string, string>> =>
  Object.fromEntries(
    wanted.flatMap(({ pin, destination, source }) => (pin === undefined ? [] : [[destination, source]]))
  )
