/**
 * System calls that show whether a filter holds. The arguments are such that an unfiltered kernel refuses them before it
 * does anything, with one of `free`; `needs` names the capability that it wants to see before it looks at them.
 */
export interface KernelCall {
  readonly name: string
  readonly args: ReadonlyArray<number>
  readonly free: ReadonlyArray<number>
  readonly needs?: string
}

const [OK, ESRCH, E2BIG, ENOEXEC, EBADF, EFAULT, EINVAL, ENOSYS, EOPNOTSUPP, EAFNOSUPPORT] = [0, 3, 7, 8, 9, 14, 22, 38, 95, 97]

const NULL = 0
const NONSENSE = 9999
const ALL_FLAGS = 0xffffffff
const CLONE_NEWNS_AND_FS = 0x20200
const AF_VSOCK = 40
const NO_TYPE = 15
const ADDR_NO_RANDOMIZE = 0x40000
const MEBI = 1024 * 1024

const call = (name: string, args: ReadonlyArray<number>, free: ReadonlyArray<number>): KernelCall => ({ name, args, free })

const guarded = (needs: string, name: string, args: ReadonlyArray<number>, free: ReadonlyArray<number>): KernelCall => ({ name, args, free, needs })

/** The table. ENOSYS among `free` means: a kernel may be built without it. */
export const CALLS: ReadonlyArray<KernelCall> = [
  call('keyctl', [NONSENSE, 0, 0, 0, 0], [EOPNOTSUPP, ENOSYS]),
  call('add_key', [NULL, NULL, NULL, 0, 0], [EFAULT, ENOSYS]),
  call('request_key', [NULL, NULL, NULL, 0], [EFAULT, ENOSYS]),
  call('unshare', [1], [EINVAL]),
  call('clone', [CLONE_NEWNS_AND_FS, 0, 0, 0, 0], [EINVAL]),
  call('clone3', [NULL, 0], [EINVAL]),
  call('mount', [NULL, NULL, NULL, 0, NULL], [EFAULT]),
  call('umount2', [NULL, ALL_FLAGS], [EINVAL]),
  call('chroot', [NULL], [EFAULT]),
  call('setns', [ALL_FLAGS, 0], [EBADF]),
  call('bpf', [NONSENSE, NULL, MEBI], [E2BIG, ENOSYS]),
  call('ptrace', [NONSENSE, 0, NULL, NULL], [ESRCH]),
  call('process_vm_readv', [0, NULL, 0, NULL, 0, 1], [EINVAL, ENOSYS]),
  call('perf_event_open', [NULL, 0, 0, 0, ALL_FLAGS], [EINVAL, ENOSYS]),
  call('socket', [AF_VSOCK, NO_TYPE, 0], [EINVAL, EAFNOSUPPORT]),
  call('chmod', [NULL, 0], [EFAULT]),
  call('fchmodat', [0, NULL, 0], [EFAULT]),
  call('mkdir', [NULL, 0], [EFAULT]),
  call('mkdirat', [0, NULL, 0], [EFAULT]),
  guarded('CAP_SYS_BOOT', 'reboot', [0, 0, 0, NULL], [EINVAL]),
  guarded('CAP_SYS_MODULE', 'init_module', [NULL, 0, NULL], [ENOEXEC, ENOSYS]),
  guarded('CAP_SYS_ADMIN', 'sethostname', [NULL, ALL_FLAGS], [EINVAL]),
  guarded('CAP_SYS_ADMIN', 'pivot_root', [NULL, NULL], [EFAULT]),
  guarded('CAP_SYS_ADMIN', 'fsopen', [NULL, ALL_FLAGS], [EINVAL, ENOSYS]),
  guarded('CAP_SYSLOG', 'syslog', [99, NULL, 0], [EINVAL]),
  // The probe's own, which ends with it. Last, because it is the only one that does something.
  call('personality', [ADDR_NO_RANDOMIZE], [OK])
]

/** What a program in Go, and this probe, cannot do without. */
export const NEEDED: ReadonlyArray<string> = [
  'arch_prctl', 'clone', 'close', 'epoll_create1', 'epoll_ctl', 'execve', 'exit_group', 'faccessat', 'fcntl', 'futex', 'getcwd', 'getdents64',
  'getpid', 'gettid', 'ioctl', 'madvise', 'mmap', 'mknodat', 'munmap', 'newfstatat', 'openat', 'prlimit64', 'read', 'readlinkat', 'rt_sigaction',
  'rt_sigprocmask', 'rt_sigreturn', 'sched_getaffinity', 'sigaltstack', 'statfs', 'uname', 'unlinkat', 'write'
]
