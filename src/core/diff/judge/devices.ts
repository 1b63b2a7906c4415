import { Json, member } from '../../domain/Json'
import { Judged, neutral, tightens, unknown, weakens, worstOf } from '../Change'
import { Case, Rule, text } from './Rule'

const number = (value: Json | undefined): number => (typeof value === 'number' ? value : 0)

/** A device node in the container. */
export const device: Rule = ({ kind, before, after }) => {
  if (kind === 'added') return weakens('a device is new')
  if (kind === 'removed') return tightens('a device is gone')
  const isOther = ['type', 'major', 'minor'].some((name) => member(before, name) !== member(after, name))
  if (isOther) return weakens('it is another device of the host')
  return worstOf([...modes(before, after), ...owners(before, after)], neutral('it is the same device'))
}

const modes = (before: Json | undefined, after: Json | undefined): ReadonlyArray<Judged> => {
  const [was, is] = [number(member(before, 'fileMode')), number(member(after, 'fileMode'))]
  return was === is ? [] : [(is & ~was) === 0 ? tightens('fewer may use it') : weakens('more may use it')]
}

const owners = (before: Json | undefined, after: Json | undefined): ReadonlyArray<Judged> =>
  ['uid', 'gid'].some((name) => member(before, name) !== member(after, name)) ? [unknown('it belongs to somebody else')] : []

/** A rule of the device cgroup: an order of allowing and denying, the later one counts. */
export const deviceRule: Rule = (change) => {
  const { kind, before, after } = change
  if (kind === 'reordered') return unknown('the later of two rules counts')
  const given = after ?? before
  const isAllowing = member(given, 'allow') === true
  if (kind === 'added') return isAllowing ? weakens('opens devices') : tightens('closes devices')
  if (kind === 'removed') return isAllowing ? tightens('opens devices no more') : weakens('closes devices no more')
  return access(change, isAllowing)
}

const access = ({ before, after }: Case, isAllowing: boolean): Judged => {
  const [was, is] = [text(member(before, 'access')), text(member(after, 'access'))]
  const more = Array.from(is).some((letter) => !was.includes(letter))
  const fewer = Array.from(was).some((letter) => !is.includes(letter))
  if (!more && !fewer) return neutral('the same ways to use it')
  return (isAllowing ? more : fewer) ? weakens(`${was} before, ${is} now`) : tightens(`${was} before, ${is} now`)
}
