import { constant } from '../domain/canonical'
import { Seccomp, SyscallRule } from '../domain/Oci'
import { ALLOWED } from './allowList'
import { BY_ARCHITECTURE, BY_CAPABILITY, cloning, PERSONALITY, SOCKET, TRACING } from './conditional'
import { isKernelAtLeast, SeccompHost } from './SeccompHost'

/** Whose default profile this is, as plans show it. */
export const DEFAULT_PROFILE = 'containerd 2.3.4'

/**
 * The profile that containerd's DefaultProfile (contrib/seccomp) makes for this host and bounding set. The rules are
 * always the same objects, in one order; only the list of them is new.
 */
export const defaultProfile = (on: SeccompHost): Seccomp => {
  const architectures = FAMILIES.get(on.architecture)
  const ofArchitecture = BY_ARCHITECTURE.get(on.architecture)
  return {
    ...(architectures === undefined ? {} : { architectures }),
    defaultAction: 'SCMP_ACT_ERRNO',
    syscalls: [
      ...ALWAYS,
      ...(isKernelAtLeast(on, [4, 8]) ? [TRACING] : []),
      ...(ofArchitecture === undefined ? [] : [ofArchitecture]),
      ...BY_CAPABILITY.filter(({ capability }) => on.capabilities.includes(capability)).map(({ rule }) => rule),
      ...(on.capabilities.includes('CAP_SYS_ADMIN') ? [] : cloning(on.architecture))
    ]
  }
}

const ALWAYS: ReadonlyArray<SyscallRule> = [
  constant({ action: 'SCMP_ACT_ALLOW', names: ALLOWED }),
  ...SOCKET,
  ...PERSONALITY
]

// For other machines containerd names none, and the filter is for the native one alone.
const FAMILIES: ReadonlyMap<string, ReadonlyArray<string>> = new Map([
  ['amd64', ['SCMP_ARCH_X86_64', 'SCMP_ARCH_X86', 'SCMP_ARCH_X32']],
  ['arm64', ['SCMP_ARCH_ARM', 'SCMP_ARCH_AARCH64']],
  ['mips64', ['SCMP_ARCH_MIPS', 'SCMP_ARCH_MIPS64', 'SCMP_ARCH_MIPS64N32']],
  ['s390x', ['SCMP_ARCH_S390', 'SCMP_ARCH_S390X']],
  ['riscv64', ['SCMP_ARCH_RISCV64']],
  ['loong64', ['SCMP_ARCH_LOONGARCH64']]
])
