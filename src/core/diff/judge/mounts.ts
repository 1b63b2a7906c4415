import { at, isJsonList, Json, member } from '../../domain/Json'
import { Judged, neutral, tightens, unknown, weakens, worstOf } from '../Change'
import { Case, Rule, text, texts } from './Rule'

const optionsOf = (mount: Json | undefined): ReadonlyArray<string> => texts(mount, 'options')

const isBind = (mount: Json | undefined): boolean =>
  text(member(mount, 'type')) === 'bind' || optionsOf(mount).some((option) => option === 'bind' || option === 'rbind')

const READ_ONLY: ReadonlyArray<string> = ['ro', 'rro']

/** The later of `ro` and `rw` counts, as it does for the runtime. */
const isWritable = (mount: Json | undefined): boolean =>
  optionsOf(mount).reduce((writable, option) => (READ_ONLY.includes(option) ? false : option === 'rw' ? true : writable), true)

/** The files that the driver makes for the container: no job and no host wrote them. */
const isGenerated = (document: Json, mount: Json | undefined): boolean => {
  const things = at(document, 'mounts')
  const source = member(mount, 'source')
  return isJsonList(things) && things.some((thing) => member(thing, '_tag') === 'File' && member(thing, 'path') === source)
}

/** A mount: what of the host it shows, and whether it can be written. */
export const mount: Rule = (change) => {
  if (change.kind === 'reordered') return reordered(change)
  if (change.kind === 'added') return appeared(change.sides.after, change.after)
  if (change.kind === 'removed') return gone(change)
  return changed(change)
}

const appeared = (document: Json, added: Json | undefined): Judged => {
  const writable = isWritable(added)
  if (isBind(added)) {
    if (!writable && isGenerated(document, added)) return neutral('a read-only file that the driver makes')
    return weakens(`shows ${text(member(added, 'source'))} of the host${writable ? ', writable' : ''}`)
  }
  return writable ? weakens('a new place that can be written') : unknown(`a ${text(member(added, 'type'))} that can be read`)
}

const gone = ({ before, sides }: Case): Judged => {
  const was = appeared(sides.before, before)
  return was.verdict === 'weakens' ? tightens(isBind(before) ? `${text(member(before, 'source'))} of the host is not shown any more` : 'a place less that can be written') : was
}

const changed = ({ before, after, sides }: Case): Judged => {
  const isOther = ['type', 'source'].some((name) => text(member(before, name)) !== text(member(after, name)))
  const source = isOther ? [appeared(sides.after, after)] : []
  return worstOf([...source, ...writing(before, after), ...options(before, after)], neutral('it shows the same, and can be written as before'))
}

const writing = (before: Json | undefined, after: Json | undefined): ReadonlyArray<Judged> => {
  const [was, is] = [isWritable(before), isWritable(after)]
  return was === is ? [] : [is ? weakens('read-only before, writable now') : tightens('writable before, read-only now')]
}

/** Options that take something away from whoever uses the mount. */
const GUARDS: ReadonlyArray<string> = ['nosuid', 'nodev', 'noexec', 'nosymfollow']
const SHARED: ReadonlyArray<string> = ['shared', 'rshared']
const MEANT_ELSEWHERE = /^(?:ro|rro|rw|bind|rbind|size=.*|mode=.*|nr_inodes=.*|(?:no|rel|strict|lazy)?(?:dir)?atime|relatime)$/

const options = (before: Json | undefined, after: Json | undefined): ReadonlyArray<Judged> => {
  const [olds, news] = [optionsOf(before), optionsOf(after)]
  const lost = olds.filter((option) => !news.includes(option))
  const gained = news.filter((option) => !olds.includes(option))
  return [...lost.flatMap(lostOption), ...gained.flatMap(gainedOption)]
}

const lostOption = (option: string): ReadonlyArray<Judged> =>
  GUARDS.includes(option)
    ? [weakens(`${option} is gone`)]
    : SHARED.includes(option) ? [tightens('its mounts reach the host no more')] : MEANT_ELSEWHERE.test(option) ? [] : [unknown(`${option} is gone`)]

const gainedOption = (option: string): ReadonlyArray<Judged> =>
  GUARDS.includes(option)
    ? [tightens(`${option} is new`)]
    : SHARED.includes(option) ? [weakens('its mounts reach the host')] : MEANT_ELSEWHERE.test(option) ? [] : [unknown(`${option} is new`)]

/** A mount below another has to come after it; without such a pair the order means nothing. */
const reordered = ({ after }: Case): Judged => {
  const places = isJsonList(after) ? after.map((one) => text(member(one, 'destination'))) : []
  const isNested = places.some((place) => places.some((other) => other !== place && other.startsWith(`${place}/`)))
  return isNested ? unknown('the order of mounts, some of which lie in others') : neutral('only the order')
}
