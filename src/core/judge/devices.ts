import { Judged, neutral, tightens, unknown, weakens, worstOf } from '../diff/Change'
import { Json, member } from '../domain/Json'
import { Case, Rule, sameItems, text, within } from './Rule'

const number = (value: Json | undefined, otherwise = 0): number => (typeof value === 'number' ? value : otherwise)

/** What runc gives a device that says nothing; bits of the type of a file do not count. */
const USUAL_MODE = 0o666
const MODE_BITS = 0o7777

/** A device node in the container. */
export const device: Rule = ({ kind, before, after }) => {
  if (kind === 'added') return weakens('a device is new')
  if (kind === 'removed') return tightens('a device is gone')
  const isOther = ['type', 'major', 'minor'].some((name) => member(before, name) !== member(after, name))
  if (isOther) return weakens('it is another device of the host')
  return worstOf([...modes(before, after), ...owners(before, after)], neutral('it is the same device'))
}

const modes = (before: Json | undefined, after: Json | undefined): ReadonlyArray<Judged> => {
  const [was, is] = [
    number(member(before, 'fileMode'), USUAL_MODE) & MODE_BITS,
    number(member(after, 'fileMode'), USUAL_MODE) & MODE_BITS
  ]
  return was === is ? [] : [(is & ~was) === 0 ? tightens('fewer may use it') : weakens('more may use it')]
}

const owners = (before: Json | undefined, after: Json | undefined): ReadonlyArray<Judged> =>
  ['uid', 'gid'].some((name) => number(member(before, name)) !== number(member(after, name)))
    ? [unknown('it belongs to somebody else')]
    : []

const MEMBERS: ReadonlyArray<string> = ['allow', 'type', 'major', 'minor', 'access']

/** A rule of the device cgroup: an order of allowing and denying, the later one counts. */
export const deviceRule: Rule = (change) => {
  if (change.place.endsWith('/*')) return within(MEMBERS, oneRule)(change)
  return change.kind === 'reordered' ? unknown('the later of two rules counts') : sameItems('the rules')(change)
}

const oneRule: Rule = (change) => {
  const isAllowing = member(change.after ?? change.before, 'allow') === true
  if (change.kind === 'added') return isAllowing ? weakens('opens devices') : tightens('closes devices')
  if (change.kind === 'removed')
    return isAllowing ? tightens('opens devices no more') : weakens('closes devices no more')
  return access(change, isAllowing)
}

const access = ({ before, after }: Case, isAllowing: boolean): Judged => {
  const [was, is] = [text(member(before, 'access')), text(member(after, 'access'))]
  const more = Array.from(is).some((letter) => !was.includes(letter))
  const fewer = Array.from(was).some((letter) => !is.includes(letter))
  if (!more && !fewer) return neutral('the same ways to use it')
  if (isAllowing ? more : fewer) return weakens(`${quoted(was)} before, ${quoted(is)} now`)
  return was === '' || is === ''
    ? unknown('without a way to use it, a rule is for what the runtime says')
    : tightens(`${was} before, ${is} now`)
}

const quoted = (ways: string): string => (ways === '' ? 'nothing' : ways)
