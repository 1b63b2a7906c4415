import { Judged, neutral, tightens, unknown, weakens } from '../diff/Change'
import { filterEntries } from '../diff/filterEntries'
import { isJsonList, Json, member } from '../domain/Json'
import { leaveOf } from './Known'
import { always, Case, closes, Rule, Rules, sameItems, text } from './Rule'

const defaultAction: Rule = ({ before, after }) => {
  const [was, is] = [leaveOf(before), leaveOf(after)]
  if (was === is) return neutral('calls that no rule names are treated alike')
  if (is === 'open') return weakens('calls that no rule names are allowed')
  if (is === 'shut' && was === 'open') return tightens('calls that no rule names are refused')
  return unknown('somebody else decides')
}

const MEMBERS: ReadonlyArray<string> = ['name', 'action', 'errnoRet', 'args', 'comment']

/** One rule for one system call, added or gone. */
const call: Rule = (change) => {
  const { kind, before, after, sides } = change
  const rule = after ?? before
  const isKnown = text(member(rule, 'name')) !== '' && Object.keys(rule ?? {}).every((name) => MEMBERS.includes(name))
  if (!isKnown)
    return kind === 'added'
      ? weakens('a rule that this program cannot read')
      : unknown('a rule that this program cannot read')
  const [was, is] = [sides.before.otherwise, sides.after.otherwise]
  const action = leaveOf(member(rule, 'action'))
  if (kind === 'added' && action === 'open' && was !== 'open') return weakens('a system call is allowed')
  if (kind === 'removed' && action === 'shut' && is !== 'shut') return weakens('a system call is refused no more')
  if (was !== is) return unknown('the default of the filter changed too')
  if (action === 'asked' || is === 'asked') return unknown('somebody else decides')
  if (action !== is) return tightens('a system call is refused')
  return isException(change) ? besideOthers(kind === 'added', action === 'open') : neutral('as without the rule')
}

/** A rule that says what the default says matters only beside others of the same call that say something else. */
const isException = ({ sides, before, after }: Case): boolean => {
  const name = text(member(after ?? before, 'name'))
  return sides.before.exceptions.has(name) || sides.after.exceptions.has(name)
}

const besideOthers = (isAdded: boolean, isOpen: boolean): Judged =>
  isAdded === isOpen
    ? weakens('what other rules of the same call refuse may be allowed')
    : unknown('it may stand against another rule of the same call')

/** Which of two rules of one call counts may depend on their order. */
const grouping: Rule = (change) => {
  const same = sameItems('the rules')(change)
  return same.verdict === 'neutral' && mixed(change.before) !== mixed(change.after)
    ? unknown('rules of one call, which say different things, are in another order')
    : same
}

const byName = (a: { readonly name: string }, b: { readonly name: string }): number => {
  if (a.name < b.name) return -1
  return a.name > b.name ? 1 : 0
}

const mixed = (syscalls: Json | undefined): string => {
  const entries = [...filterEntries(syscalls).values()]
  const first = new Map(entries.map(({ name, rule }) => [name, text(rule['action'])]))
  const names = new Set(entries.flatMap(({ name, rule }) => (first.get(name) === text(rule['action']) ? [] : [name])))
  return entries
    .filter(({ name }) => names.has(name))
    .sort(byName)
    .map((one) => one.text)
    .join('\n')
}

/** Without a default and without rules runc loads no filter. */
const isFilter = (filter: Json | undefined): boolean => {
  const syscalls = member(filter, 'syscalls')
  return leaveOf(member(filter, 'defaultAction')) !== 'open' || (isJsonList(syscalls) && syscalls.length > 0)
}

/** Whether a filter leaves some call to another process. */
const isAsked = (filter: Json | undefined): boolean => {
  const syscalls = member(filter, 'syscalls')
  return [filter, ...(isJsonList(syscalls) ? syscalls : [])].some(
    (one) => leaveOf(member(one, one === filter ? 'defaultAction' : 'action')) === 'asked'
  )
}

const whole: Rule = ({ kind, before, after }) => {
  if (!isFilter(kind === 'added' ? after : before)) return neutral('no filter, as before')
  if (kind !== 'added') return weakens('no filter of system calls')
  return isAsked(after) ? unknown('somebody else decides') : tightens('a filter of system calls')
}

/** Calls of another architecture are refused unless it is listed (seccomp_arch_add(3)). */
const architecture: Rule = (change) => {
  const { verdict } = closes('')(change)
  return verdict === 'tightens' ? weakens('calls of one more architecture') : tightens('calls of one architecture less')
}

const flag: Rule = ({ kind, key }) => {
  if (key.endsWith('SPEC_ALLOW'))
    return kind === 'added' ? weakens('speculation is not held back') : tightens('speculation is held back')
  return unknown('how the filter is loaded')
}

/** What is known of `linux.seccomp` of a spec. */
export const filter: Rules = {
  'spec/linux/seccomp': whole,
  'spec/linux/seccomp/defaultAction': defaultAction,
  'spec/linux/seccomp/defaultErrnoRet': always(neutral('another error code')),
  'spec/linux/seccomp/architectures': sameItems('the architectures'),
  'spec/linux/seccomp/architectures/*': architecture,
  'spec/linux/seccomp/flags': sameItems('the flags'),
  'spec/linux/seccomp/flags/*': flag,
  'spec/linux/seccomp/listenerPath': always(unknown('somebody else decides')),
  'spec/linux/seccomp/listenerMetadata': always(unknown('somebody else decides')),
  'spec/linux/seccomp/syscalls': grouping,
  'spec/linux/seccomp/syscalls/*': call
}
