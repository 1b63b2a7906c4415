import { Seccomp, Spec, SyscallArg, SyscallRule } from '../../../src/core/domain/Oci'
import { Breaches, holds, same } from './Breach'
import { CALLS, KernelCall, NEEDED } from './calls'
import { namesOf } from './capabilities'
import { ENOSYS, EPERM, Report, SIGSYS } from './Report'

/** What a filter says to a call. `Unclear`: it depends on who listens or traces. */
export type Verdict =
  | { readonly _tag: 'Allowed' }
  | { readonly _tag: 'Refused'; readonly errnos: ReadonlyArray<number> }
  | { readonly _tag: 'Fatal' }
  | { readonly _tag: 'Unclear' }

const verdictOf = (action: string, errnos: ReadonlyArray<number>): Verdict => {
  switch (action) {
    case 'SCMP_ACT_ALLOW':
    case 'SCMP_ACT_LOG':
      return { _tag: 'Allowed' }
    case 'SCMP_ACT_ERRNO':
      return { _tag: 'Refused', errnos }
    case 'SCMP_ACT_KILL':
    case 'SCMP_ACT_KILL_PROCESS':
    case 'SCMP_ACT_KILL_THREAD':
    case 'SCMP_ACT_TRAP':
      return { _tag: 'Fatal' }
    default:
      return { _tag: 'Unclear' }
  }
}

/** The verdict on one call: a rule about its arguments comes before one about its name, and that before the default. */
export const verdict = (filter: Seccomp | undefined, { name, args }: Pick<KernelCall, 'name' | 'args'>): Verdict => {
  if (filter === undefined) return { _tag: 'Allowed' }
  const rules = filter.syscalls.filter((rule) => rule.names.includes(name) && (rule.args ?? []).every((one) => matches(one, args)))
  const rule = rules.find((one) => (one.args ?? []).length > 0) ?? rules[0]
  return rule === undefined ? byDefault(filter) : byRule(rule)
}

const byRule = ({ action, errnoRet }: SyscallRule): Verdict => verdictOf(action, [errnoRet ?? EPERM])

// runc answers ENOSYS, not the default, to a call that is newer than every call the profile names.
const byDefault = ({ defaultAction, defaultErrnoRet }: Seccomp): Verdict => verdictOf(defaultAction, [defaultErrnoRet ?? EPERM, ENOSYS])

const matches = ({ index, value, valueTwo = 0, op }: SyscallArg, args: ReadonlyArray<number>): boolean => {
  const [found, wanted] = [BigInt(args[index] ?? 0), BigInt(value)]
  switch (op) {
    case 'SCMP_CMP_EQ':
      return found === wanted
    case 'SCMP_CMP_NE':
      return found !== wanted
    case 'SCMP_CMP_LT':
      return found < wanted
    case 'SCMP_CMP_LE':
      return found <= wanted
    case 'SCMP_CMP_GT':
      return found > wanted
    case 'SCMP_CMP_GE':
      return found >= wanted
    case 'SCMP_CMP_MASKED_EQ':
      return (found & wanted) === BigInt(valueTwo)
    default:
      return false
  }
}

/** The calls to try under a filter; one that kills is tried in a process of its own. */
export const callsToAsk = ({ linux: { seccomp: filter } }: Spec): ReadonlyArray<Pick<KernelCall, 'name' | 'args'> & { readonly fatal: boolean }> =>
  CALLS.flatMap((one) => {
    const { _tag } = verdict(filter, one)
    return _tag === 'Unclear' ? [] : [{ name: one.name, args: one.args, fatal: _tag === 'Fatal' }]
  })

/** What the probe needs and the filter refuses. */
export const starved = ({ linux: { seccomp: filter } }: Spec): ReadonlyArray<string> =>
  NEEDED.filter((name) => verdict(filter, { name, args: [] })._tag !== 'Allowed')

/** Whether there is a filter, and whether it lets through what it should and nothing else. */
export const seccomp = (spec: Spec, report: Report): Breaches => [
  ...same('linux.seccomp', spec.linux.seccomp === undefined ? 'no filter' : 'a filter', report.status['Seccomp'] === '2' ? 'a filter' : 'no filter'),
  ...CALLS.flatMap((one) => {
    const errno = report.calls[one.name]
    return errno === undefined ? [] : answer(one, errno, spec, report)
  })
]

const answer = (one: KernelCall, errno: number, spec: Spec, { status }: Report): Breaches => {
  const at = `linux.seccomp ${one.name}`
  const wanted = verdict(spec.linux.seccomp, one)
  switch (wanted._tag) {
    case 'Allowed': {
      const reached = one.needs === undefined || (namesOf(status['CapEff']).includes(one.needs) && spec.linux.uidMappings === undefined)
      return holds(at, 'let through', !reached || one.free.includes(errno), `errno ${errno}`)
    }
    case 'Refused':
      return holds(at, `refused with ${wanted.errnos.join(' or ')}`, wanted.errnos.includes(errno), `errno ${errno}`)
    case 'Fatal':
      return holds(at, 'killed', errno === -SIGSYS, `errno ${errno}`)
    case 'Unclear':
      return []
  }
}
