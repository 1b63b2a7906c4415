const prefixed = (prefix: string, names: string): ReadonlyArray<string> =>
  names.split(' ').map((name) => `${prefix}${name}`)

/** What a rule can do (config-linux.md, "Seccomp"). */
export const ACTIONS = prefixed('SCMP_ACT_', 'ALLOW ERRNO KILL KILL_PROCESS KILL_THREAD LOG NOTIFY TRACE TRAP')

/** How an argument is compared. */
export const OPERATORS = prefixed('SCMP_CMP_', 'EQ NE LT LE GE GT MASKED_EQ')

/** The flags of a filter (seccomp(2)). */
export const FLAGS = prefixed('SECCOMP_FILTER_FLAG_', 'TSYNC LOG SPEC_ALLOW WAIT_KILLABLE_RECV')

/** The architectures of libseccomp 2.6, which are those of the runtime spec. */
export const ARCHITECTURES = prefixed(
  'SCMP_ARCH_',
  'X86 X86_64 X32 ARM AARCH64 MIPS MIPS64 MIPS64N32 MIPSEL MIPSEL64 MIPSEL64N32 PPC PPC64 PPC64LE S390 S390X ' +
    'PARISC PARISC64 RISCV64 LOONGARCH64 M68K SH SHEB'
)

/** A machine in the two vocabularies of a Docker profile: `word` in a condition, `name` in `archMap`. */
export interface Machine {
  readonly word: string
  readonly name: string
}

/** Go's name of a machine to Docker's (moby profiles/seccomp, goToNative and nativeToSeccomp). */
export const MACHINES: ReadonlyMap<string, Machine> = new Map([
  ['386', { word: 'x86', name: 'SCMP_ARCH_X86' }],
  ['amd64', { word: 'amd64', name: 'SCMP_ARCH_X86_64' }],
  ['arm', { word: 'arm', name: 'SCMP_ARCH_ARM' }],
  ['arm64', { word: 'arm64', name: 'SCMP_ARCH_AARCH64' }],
  ['loong64', { word: 'loongarch64', name: 'SCMP_ARCH_LOONGARCH64' }],
  ['mips64', { word: 'mips64', name: 'SCMP_ARCH_MIPS64' }],
  ['mips64p32', { word: 'mips64n32', name: 'SCMP_ARCH_MIPS64N32' }],
  ['mips64le', { word: 'mipsel64', name: 'SCMP_ARCH_MIPSEL64' }],
  ['mips64p32le', { word: 'mips3l64n32', name: 'SCMP_ARCH_MIPSEL64N32' }],
  ['mipsle', { word: 'mipsel', name: 'SCMP_ARCH_MIPSEL' }],
  ['ppc', { word: 'ppc', name: 'SCMP_ARCH_PPC' }],
  ['ppc64', { word: 'ppc64', name: 'SCMP_ARCH_PPC64' }],
  ['ppc64le', { word: 'ppc64le', name: 'SCMP_ARCH_PPC64LE' }],
  ['riscv64', { word: 'riscv64', name: 'SCMP_ARCH_RISCV64' }],
  ['s390', { word: 's390', name: 'SCMP_ARCH_S390' }],
  ['s390x', { word: 's390x', name: 'SCMP_ARCH_S390X' }]
])

/** The machines that a condition may name. The last three are no machine's own word: profiles name them beside it. */
export const MACHINE_WORDS: ReadonlyArray<string> = [
  ...[...MACHINES.values()].map(({ word }) => word),
  'mips',
  'mipsel64n32',
  'x32'
]
