import { constant } from '../domain/canonical'
import { SyscallArg, SyscallRule } from '../domain/Oci'

const allow = (names: ReadonlyArray<string>, ...args: ReadonlyArray<SyscallArg>): SyscallRule =>
  constant({ action: 'SCMP_ACT_ALLOW', ...(args.length === 0 ? {} : { args }), names })

const equal = (value: number): SyscallArg => ({ index: 0, value, op: 'SCMP_CMP_EQ' })

const AF_ALG = 38
const AF_VSOCK = 40

/**
 * Every family but AF_ALG and AF_VSOCK. Three rules, because runc takes two conditions on one argument for alternatives
 * (libcontainer/seccomp, matchCall).
 */
export const SOCKET: ReadonlyArray<SyscallRule> = [
  allow(['socket'], { index: 0, value: AF_ALG, op: 'SCMP_CMP_LT' }),
  allow(['socket'], equal(AF_ALG + 1)),
  allow(['socket'], { index: 0, value: AF_VSOCK, op: 'SCMP_CMP_GT' })
]

/** Linux, Linux in 32 bits, UNAME26, both, and the question which one it is (personality(2)). */
export const PERSONALITY: ReadonlyArray<SyscallRule> = [0, 0x8, 0x20000, 0x20008, 0xffffffff].map((persona) =>
  allow(['personality'], equal(persona))
)

/** From Linux 4.8 on: before, a tracer could get around a filter (seccomp(2), "SECCOMP_RET_TRACE"). */
export const TRACING = allow(['process_vm_readv', 'process_vm_writev', 'ptrace'])

const ARM = allow([
  'arm_fadvise64_64',
  'arm_sync_file_range',
  'breakpoint',
  'cacheflush',
  'set_tls',
  'sync_file_range2'
])
const S390 = allow(['s390_pci_mmio_read', 's390_pci_mmio_write', 's390_runtime_instr'])

/** What one family of machines has and others have not, by Go's name. */
export const BY_ARCHITECTURE: ReadonlyMap<string, SyscallRule> = new Map([
  ['ppc64le', allow(['swapcontext', 'sync_file_range2'])],
  ['arm', ARM],
  ['arm64', ARM],
  ['amd64', allow(['arch_prctl', 'modify_ldt'])],
  ['386', allow(['modify_ldt'])],
  ['s390', S390],
  ['s390x', S390],
  ['riscv64', allow(['riscv_flush_icache', 'riscv_hwprobe'])]
])

const SYS_ADMIN = [
  'bpf', 'clone', 'clone3', 'fanotify_init', 'fsconfig', 'fsmount', 'fsopen', 'fspick', 'lookup_dcookie', 'mount',
  'mount_setattr', 'move_mount', 'open_tree', 'perf_event_open', 'quotactl', 'quotactl_fd', 'setdomainname',
  'sethostname', 'setns', 'syslog', 'umount', 'umount2', 'unshare'
]

/** What a capability of the bounding set adds. */
export const BY_CAPABILITY: ReadonlyArray<{ readonly capability: string; readonly rule: SyscallRule }> = [
  { capability: 'CAP_DAC_READ_SEARCH', rule: allow(['open_by_handle_at']) },
  { capability: 'CAP_SYS_ADMIN', rule: allow(SYS_ADMIN) },
  { capability: 'CAP_SYS_BOOT', rule: allow(['reboot']) },
  { capability: 'CAP_SYS_CHROOT', rule: allow(['chroot']) },
  { capability: 'CAP_SYS_MODULE', rule: allow(['delete_module', 'finit_module', 'init_module']) },
  { capability: 'CAP_SYS_PACCT', rule: allow(['acct']) },
  {
    capability: 'CAP_SYS_PTRACE',
    rule: allow(['kcmp', 'pidfd_getfd', 'process_madvise', 'process_vm_readv', 'process_vm_writev', 'ptrace'])
  },
  { capability: 'CAP_SYS_RAWIO', rule: allow(['ioperm', 'iopl']) },
  { capability: 'CAP_SYS_TIME', rule: allow(['clock_settime', 'clock_settime64', 'settimeofday', 'stime']) },
  { capability: 'CAP_SYS_TTY_CONFIG', rule: allow(['vhangup']) },
  { capability: 'CAP_SYS_NICE', rule: allow(['get_mempolicy', 'mbind', 'set_mempolicy', 'set_mempolicy_home_node']) },
  { capability: 'CAP_SYSLOG', rule: allow(['syslog']) },
  { capability: 'CAP_BPF', rule: allow(['bpf']) },
  { capability: 'CAP_PERFMON', rule: allow(['perf_event_open']) }
]

// CLONE_NEW… of NS, CGROUP, UTS, IPC, USER, PID and NET (clone(2)).
const NEW_NAMESPACES = 0x7e020000

const cloneInPlace = (index: number): SyscallRule =>
  allow(['clone'], { index, value: NEW_NAMESPACES, op: 'SCMP_CMP_MASKED_EQ' })

// On s390 the flags are clone's second argument.
const CLONE_S390 = cloneInPlace(1)
const CLONE = cloneInPlace(0)

// A filter cannot look into clone3's struct. ENOSYS makes libc fall back to clone.
const NO_CLONE3: SyscallRule = { names: ['clone3'], action: 'SCMP_ACT_ERRNO', errnoRet: 38 }

const ELSEWHERE = [CLONE, NO_CLONE3]
const ON_S390 = [CLONE_S390, NO_CLONE3]

/** Without CAP_SYS_ADMIN: new processes, but no new namespaces. */
export const cloning = (architecture: string): ReadonlyArray<SyscallRule> =>
  architecture === 's390' || architecture === 's390x' ? ON_S390 : ELSEWHERE
