import { Seccomp } from '../domain/Oci'

/** The versions of the runtime spec that make a difference to a filter. */
export type SpecVersion = '1.0.0' | '1.0.2' | '1.1.0'

/** The lowest version of the OCI runtime spec that knows all that a filter uses (the spec's ChangeLog). */
export const needsOf = (filter: Seccomp): SpecVersion => {
  const actions = [filter.defaultAction, ...filter.syscalls.map(({ action }) => action)]
  if (usesOneOne(filter) || actions.some((action) => ACTIONS_1_1.includes(action))) return '1.1.0'
  return filter.flags !== undefined || actions.includes('SCMP_ACT_LOG') ? '1.0.2' : '1.0.0'
}

const usesOneOne = (filter: Seccomp): boolean =>
  filter.defaultErrnoRet !== undefined ||
  filter.listenerPath !== undefined ||
  filter.listenerMetadata !== undefined ||
  filter.syscalls.some(({ errnoRet }) => errnoRet !== undefined) ||
  (filter.flags ?? []).includes('SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV') ||
  (filter.architectures ?? []).some((architecture) => ARCHITECTURES_1_1.includes(architecture))

const ACTIONS_1_1 = ['SCMP_ACT_KILL_PROCESS', 'SCMP_ACT_KILL_THREAD', 'SCMP_ACT_NOTIFY']

// The last four came with 1.2.1, as names only: runtimes take what their libseccomp knows.
const ARCHITECTURES_1_1 = ['RISCV64', 'LOONGARCH64', 'M68K', 'SH', 'SHEB'].map((name) => `SCMP_ARCH_${name}`)
