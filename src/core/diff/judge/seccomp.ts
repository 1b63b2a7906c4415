import { at, Json, member } from '../../domain/Json'
import { Judged, neutral, tightens, unknown, weakens } from '../Change'
import { always, Case, closes, Rule, Rules, text } from './Rule'

/** How much an action lets through: `open` runs the call, `shut` does not, `asked` leaves it to somebody else. */
type Leave = 'open' | 'shut' | 'asked'

const OPEN: ReadonlyArray<string> = ['SCMP_ACT_ALLOW', 'SCMP_ACT_LOG']
const ASKED: ReadonlyArray<string> = ['SCMP_ACT_NOTIFY', 'SCMP_ACT_TRACE']

const leaveOf = (action: string): Leave => (OPEN.includes(action) ? 'open' : ASKED.includes(action) ? 'asked' : 'shut')

const defaultOf = (document: Json): Leave => {
  const bare = at(document, 'linux', 'seccomp', 'defaultAction')
  return leaveOf(text(bare ?? at(document, 'spec', 'linux', 'seccomp', 'defaultAction')))
}

const defaultAction: Rule = ({ before, after }) => {
  const [was, is] = [leaveOf(text(before)), leaveOf(text(after))]
  if (was === is) return neutral('calls that no rule names are treated alike')
  return is === 'open' ? weakens('calls that no rule names are allowed') : is === 'shut' && was === 'open' ? tightens('calls that no rule names are refused') : unknown('somebody else decides')
}

/** One rule for one system call, added or gone. */
const call: Rule = (change) => {
  const { kind, before, after, sides } = change
  const [was, is] = [defaultOf(sides.before), defaultOf(sides.after)]
  if (was !== is) return unknown('the default of the filter changed too')
  const action = leaveOf(text(member(after ?? before, 'action')))
  if (action === 'asked' || is === 'asked') return unknown('somebody else decides')
  if (action === is) return isOtherwise(change) ? unknown('may stand against another rule of the same call') : neutral('as without the rule')
  return (action === 'open') === (kind === 'added') ? weakens('a system call is allowed') : tightens('a system call is refused')
}

/** A rule that says what the default says matters only beside others of the same call that say something else. */
const isOtherwise = ({ sides, before, after }: Case): boolean => {
  const name = text(member(after ?? before, 'name'))
  return [sides.before, sides.after].some((document) => {
    const rules = at(document, 'linux', 'seccomp', 'syscalls') ?? at(document, 'spec', 'linux', 'seccomp', 'syscalls')
    const usual = defaultOf(document)
    return Array.isArray(rules) && (rules as ReadonlyArray<Json>).some((rule) => hasName(rule, name) && leaveOf(text(member(rule, 'action'))) !== usual)
  })
}

const hasName = (rule: Json, name: string): boolean => {
  const names = member(rule, 'names')
  return Array.isArray(names) && names.includes(name)
}

const whole: Rule = ({ kind }): Judged => (kind === 'added' ? tightens('a filter of system calls') : weakens('no filter of system calls'))

/** Calls of another architecture are refused unless it is listed (seccomp_arch_add(3)). */
const architecture: Rule = (change) => {
  const { verdict } = closes('')(change)
  return verdict === 'tightens' ? weakens('calls of one more architecture') : tightens('calls of one architecture less')
}

const flag: Rule = ({ kind, key }) =>
  key.endsWith('SPEC_ALLOW') ? (kind === 'added' ? weakens('speculation is not held back') : tightens('speculation is held back')) : unknown('how the filter is loaded')

/** What is known of `linux.seccomp` of a spec. */
export const filter: Rules = {
  'spec/linux/seccomp': whole,
  'spec/linux/seccomp/defaultAction': defaultAction,
  'spec/linux/seccomp/defaultErrnoRet': always(neutral('another error code')),
  'spec/linux/seccomp/architectures': always(neutral('the architectures are the same')),
  'spec/linux/seccomp/architectures/*': architecture,
  'spec/linux/seccomp/flags': always(neutral('the flags are the same')),
  'spec/linux/seccomp/flags/*': flag,
  'spec/linux/seccomp/listenerPath': always(unknown('somebody else decides')),
  'spec/linux/seccomp/listenerMetadata': always(unknown('somebody else decides')),
  'spec/linux/seccomp/syscalls': always(neutral('the same rules, written otherwise')),
  'spec/linux/seccomp/syscalls/*': call
}
