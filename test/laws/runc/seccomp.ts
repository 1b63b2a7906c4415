import { Seccomp } from '../../../src/core/domain/Oci'
import { Breaches } from '../spec'
import { isWhole,Law, outside, unless, words } from './law'

export const ACTIONS = words('KILL KILL_THREAD KILL_PROCESS ERRNO TRAP ALLOW TRACE LOG NOTIFY').map((name) => `SCMP_ACT_${name}`)

export const OPERATORS = words('NE LT LE EQ GE GT MASKED_EQ').map((name) => `SCMP_CMP_${name}`)

export const ARCHITECTURES = words(
  'X86 X86_64 X32 ARM AARCH64 MIPS MIPS64 MIPS64N32 MIPSEL MIPSEL64 MIPSEL64N32 PPC PPC64 PPC64LE RISCV64 S390 S390X'
).map((name) => `SCMP_ARCH_${name}`)

export const SECCOMP_FLAGS = words('TSYNC SPEC_ALLOW LOG').map((name) => `SECCOMP_FILTER_FLAG_${name}`)

export const seccompLaw = (law: (seccomp: Seccomp) => Breaches): Law => ({ linux: { seccomp } }) => (seccomp === undefined ? [] : law(seccomp))

export const seccompWordsAreKnown = seccompLaw(({ defaultAction, architectures = [], flags = [], syscalls }) => [
  ...outside(ACTIONS, [defaultAction, ...syscalls.map(({ action }) => action)]),
  ...outside(ARCHITECTURES, architectures),
  ...outside(SECCOMP_FLAGS, flags),
  ...outside(OPERATORS, syscalls.flatMap(({ args = [] }) => args.map(({ op }) => op)))
])

// The agent could not answer for the write that hands it the filter: runc would hang, and refuses.
export const notifyHasListener = seccompLaw(({ defaultAction, listenerPath, listenerMetadata, syscalls }) => {
  const notified = syscalls.filter(({ action }) => action === 'SCMP_ACT_NOTIFY')
  return [
    ...unless(defaultAction !== 'SCMP_ACT_NOTIFY', 'SCMP_ACT_NOTIFY by default'),
    ...unless(!notified.some(({ names }) => names.includes('write')), 'SCMP_ACT_NOTIFY of write'),
    ...unless(notified.length === 0 || (listenerPath ?? '') !== '', 'SCMP_ACT_NOTIFY without listenerPath'),
    ...unless(listenerMetadata === undefined || (listenerPath ?? '') !== '', 'listenerMetadata without listenerPath')
  ]
})

export const ANSWERING = ['SCMP_ACT_ERRNO', 'SCMP_ACT_TRACE']

// MAX_ERRNO of the kernel.
export const errnosAreAnswered = seccompLaw(({ defaultAction, defaultErrnoRet, syscalls }) =>
  [{ action: defaultAction, errnoRet: defaultErrnoRet }, ...syscalls]
    .filter(({ action, errnoRet }) => errnoRet !== undefined && !(ANSWERING.includes(action) && isWhole(errnoRet, 0, 4095)))
    .map(({ action, errnoRet }) => `${action} with errno ${String(errnoRet)}`))

// runc panics at an index above 5, and libseccomp takes a second value for a mask only.
export const seccompRulesAreTaken = seccompLaw(({ syscalls }) =>
  syscalls.flatMap(({ names, args = [] }) => [
    ...unless(names.length > 0 && !names.includes(''), `names ${JSON.stringify(names)}`),
    ...args.filter(({ index }) => !isWhole(index, 0, 5)).map(({ index }) => `${names.join()}: argument ${String(index)}`),
    ...args.filter(({ op, valueTwo = 0 }) => valueTwo !== 0 && op !== 'SCMP_CMP_MASKED_EQ').map(({ op }) => `${names.join()}: two values for ${op}`)
  ]))
