import { constant } from './canonical'

/** All forty-one capabilities of Linux 5.9 and later (capabilities(7)), in the order of their bits. */
export const ALL_CAPABILITIES = [
  'CHOWN', 'DAC_OVERRIDE', 'DAC_READ_SEARCH', 'FOWNER', 'FSETID', 'KILL', 'SETGID', 'SETUID', 'SETPCAP',
  'LINUX_IMMUTABLE', 'NET_BIND_SERVICE', 'NET_BROADCAST', 'NET_ADMIN', 'NET_RAW', 'IPC_LOCK', 'IPC_OWNER',
  'SYS_MODULE', 'SYS_RAWIO', 'SYS_CHROOT', 'SYS_PTRACE', 'SYS_PACCT', 'SYS_ADMIN', 'SYS_BOOT', 'SYS_NICE',
  'SYS_RESOURCE', 'SYS_TIME', 'SYS_TTY_CONFIG', 'MKNOD', 'LEASE', 'AUDIT_WRITE', 'AUDIT_CONTROL', 'SETFCAP',
  'MAC_OVERRIDE', 'MAC_ADMIN', 'SYSLOG', 'WAKE_ALARM', 'BLOCK_SUSPEND', 'AUDIT_READ', 'PERFMON', 'BPF',
  'CHECKPOINT_RESTORE'
].map((name) => `CAP_${name}`)

const FULL_NAMES: ReadonlySet<string> = new Set(ALL_CAPABILITIES)

/** containerd's default set (oci.defaultUnixCaps), sorted. */
export const DEFAULT_CAPABILITIES: ReadonlyArray<string> = constant([
  'CAP_AUDIT_WRITE', 'CAP_CHOWN', 'CAP_DAC_OVERRIDE', 'CAP_FOWNER', 'CAP_FSETID', 'CAP_KILL', 'CAP_MKNOD',
  'CAP_NET_BIND_SERVICE', 'CAP_NET_RAW', 'CAP_SETFCAP', 'CAP_SETGID', 'CAP_SETPCAP', 'CAP_SETUID', 'CAP_SYS_CHROOT'
])

/** The word for every capability. */
export const ALL = 'ALL'

/**
 * A capability's full name from any way to write it (`chown`, `CAP_CHOWN`, `all`, `*`); undefined when there is none of
 * the name.
 */
export const capability = (written: string): string | undefined => {
  if (FULL_NAMES.has(written)) return written
  const upper = written.toUpperCase()
  if (upper === ALL || upper === 'CAP_ALL' || upper === '*') return ALL
  const full = upper.startsWith('CAP_') ? upper : `CAP_${upper}`
  return FULL_NAMES.has(full) ? full : undefined
}

/** The capabilities of a list of full names; `ALL` in it stands for `every`. */
export const expanded = (names: ReadonlyArray<string>, every: () => ReadonlyArray<string>): ReadonlyArray<string> =>
  names.includes(ALL) ? every() : names
