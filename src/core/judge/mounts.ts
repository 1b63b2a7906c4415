import { Judged, neutral, tightens, unknown, weakens, worstOf } from '../diff/Change'
import { Json, member } from '../domain/Json'
import { Known } from './Known'
import { isBind, mountOptions, writableTo } from './mountOptions'
import { Case, Rule, sameItems, text } from './Rule'

const sourceOf = (mount: Json | undefined): string => text(member(mount, 'source'))
const destinationOf = (mount: Json | undefined): string => text(member(mount, 'destination'))
const typeOf = (mount: Json | undefined): string => text(member(mount, 'type'))

/** A mount: what of the host it shows, and whether it can be written. */
export const mount: Rule = (change) => {
  if (change.kind === 'added') return appeared(change.sides.after, change.after)
  return change.kind === 'removed' ? gone(change) : changed(change)
}

/** File systems that the kernel makes: none shows a disk or a directory of the host. */
const OF_THE_KERNEL: ReadonlyArray<string> = ['proc', 'sysfs', 'tmpfs', 'mqueue', 'devpts', 'cgroup', 'cgroup2']

const appeared = (known: Known, added: Json | undefined): Judged => {
  const isWritable = writableTo(added) > 1
  if (isBind(added)) {
    if (!isWritable && known.files.has(sourceOf(added))) return neutral('a read-only file that the driver makes')
    if (isOwn(known, added, isWritable)) return neutral('a place of its own directories once more', 'program')
    if (!isWritable && isShownAlready(known, added)) return tightens('what the mount below shows there is read-only')
    return weakens(`shows ${sourceOf(added)} of the host${isWritable ? ', writable' : ''}`)
  }
  if (!OF_THE_KERNEL.includes(typeOf(added))) return weakens(`shows a ${typeOf(added)} of the host`)
  return isWritable ? weakens('a new place that can be written') : unknown(`a ${typeOf(added)} that can be read`)
}

const OWN = ['/alloc', '/local', '/secrets']

/**
 * Whether a mount shows what the task has already in the directories that Nomad gives it: no more of the host, and no
 * more to write.
 */
const isOwn = ({ mountAt }: Known, added: Json | undefined, isWritable: boolean): boolean =>
  !sourceOf(added).split('/').includes('..')
  && OWN.some((place) => {
    const own = mountAt.get(place)
    const isBelow = own !== undefined && isBind(own) && ALLOCATION.test(sourceOf(own))
    return isBelow && sourceOf(added).startsWith(`${sourceOf(own)}/`) && (!isWritable || writableTo(own) > 1)
  })

/** Nomad keeps the directories of an allocation under its id. */
const ALLOCATION = /\/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\/[^/]+(?:\/(?:local|secrets))?$/

/** Whether the mount that this one stands in shows the same there. */
const isShownAlready = ({ mountAt }: Known, added: Json | undefined): boolean => {
  const place = destinationOf(added)
  const above = parentsOf(place).findLast((parent) => mountAt.has(parent))
  const outer = above === undefined ? undefined : mountAt.get(above)
  return above !== undefined && isBind(outer) && `${sourceOf(outer)}${place.slice(above.length)}` === sourceOf(added)
}

const gone = ({ before, sides }: Case): Judged => {
  const covered = coveredBy(sides.after, before) ?? hiddenBelow(sides, before)
  if (covered !== undefined) return weakens(`what it covered of ${covered} shows again`)
  const was = appeared(sides.before, before)
  return was.verdict === 'weakens'
    ? tightens(
        isBind(before) ? `${sourceOf(before)} of the host is not shown any more` : 'a place less that can be written'
      )
    : was
}

/** A mount in another one hides what is there: of the host in a bind, of the kernel in proc and sysfs. */
const coveredBy = (known: Known, lost: Json | undefined): string | undefined => {
  const place = destinationOf(lost)
  const above = [...parentsOf(place), place].findLast((parent) => known.mountAt.has(parent))
  const mount = above === undefined ? undefined : known.mountAt.get(above)
  if (mount === undefined) return undefined
  const isOfKernel = ['cgroup', 'cgroup2', 'mqueue', 'devpts'].includes(typeOf(lost))
  const isHiding =
    isBind(mount)
    || !OF_THE_KERNEL.includes(typeOf(mount))
    || (['proc', 'sysfs'].includes(typeOf(mount)) && !isOfKernel)
  return isHiding ? above : undefined
}

/** What a mount hid of those that came before it: they lie below its place, and are still there. */
const hiddenBelow = (sides: Case['sides'], lost: Json | undefined): string | undefined => {
  const place = destinationOf(lost)
  const places = [...sides.before.mountAt.keys()]
  return places
    .slice(0, places.indexOf(place))
    .find((below) => below.startsWith(`${place.replace(/\/+$/, '')}/`) && sides.after.mountAt.has(below))
}

const changed = ({ before, after, sides }: Case): Judged => {
  const isOther = typeOf(before) !== typeOf(after) || sourceOf(before) !== sourceOf(after)
  const source = isOther ? [appeared(sides.after, after)] : []
  return worstOf(
    [...source, ...writing(before, after), ...mountOptions(before, after)],
    neutral('it shows the same, and can be written as before')
  )
}

const writing = (before: Json | undefined, after: Json | undefined): ReadonlyArray<Judged> => {
  const [was, is] = [writableTo(before), writableTo(after)]
  if (was === is) return []
  if (is < was)
    return [tightens(was > 1 ? 'writable before, read-only now' : 'read-only with all that is mounted in it')]
  return [weakens(is > 1 ? 'read-only before, writable now' : 'what is mounted in it can be written')]
}

/**
 * A mount in another has to come after it, and the later of two at one place covers the first; without such a pair the
 * order means nothing.
 */
export const mountOrder: Rule = (change) => {
  if (change.kind !== 'reordered') return sameItems('the mounts')(change)
  const { mountAt, mountCount } = change.sides.after
  const isNested =
    mountAt.size < mountCount
    || [...mountAt.keys()].some((place) => parentsOf(place).some((parent) => mountAt.has(parent)))
  return isNested ? unknown('the order of mounts, some of which lie in others') : neutral('only the order')
}

/** From the shortest, with and without a slash at their ends. */
const parentsOf = (place: string): ReadonlyArray<string> =>
  [...place.matchAll(/\/+/g)]
    .flatMap(({ index, 0: slashes }) => [place.slice(0, index), place.slice(0, index + slashes.length)])
    .filter((parent) => parent !== place && parent !== '')

