import { Process } from '../../../src/core/domain/Oci'
import { Breaches, same } from './Breach'
import { Report } from './Report'

const NAMES = [
  'CHOWN', 'DAC_OVERRIDE', 'DAC_READ_SEARCH', 'FOWNER', 'FSETID', 'KILL', 'SETGID', 'SETUID', 'SETPCAP', 'LINUX_IMMUTABLE',
  'NET_BIND_SERVICE', 'NET_BROADCAST', 'NET_ADMIN', 'NET_RAW', 'IPC_LOCK', 'IPC_OWNER', 'SYS_MODULE', 'SYS_RAWIO', 'SYS_CHROOT',
  'SYS_PTRACE', 'SYS_PACCT', 'SYS_ADMIN', 'SYS_BOOT', 'SYS_NICE', 'SYS_RESOURCE', 'SYS_TIME', 'SYS_TTY_CONFIG', 'MKNOD', 'LEASE',
  'AUDIT_WRITE', 'AUDIT_CONTROL', 'SETFCAP', 'MAC_OVERRIDE', 'MAC_ADMIN', 'SYSLOG', 'WAKE_ALARM', 'BLOCK_SUSPEND', 'AUDIT_READ',
  'PERFMON', 'BPF', 'CHECKPOINT_RESTORE'
].map((name) => `CAP_${name}`)

/** The capabilities in a mask as /proc/self/status has it, in hexadecimal. */
export const namesOf = (mask: string | undefined): ReadonlyArray<string> => {
  const bits = BigInt(`0x${mask ?? '0'}`)
  return NAMES.filter((_, bit) => (bits >> BigInt(bit)) % 2n === 1n)
}

type Sets = Process['capabilities']

/**
 * The five sets after exec (capabilities(7)). Root gets what the spec says. Another user keeps the ambient set only: a program
 * without file capabilities loses the rest, so there `permitted` and `effective` are no promise that a kernel could keep.
 */
export const capabilities = ({ capabilities: promised, user: { uid } }: Process, { status }: Report): Breaches => {
  const ambient = promised.ambient ?? []
  const kept = (set: 'permitted' | 'effective'): Sets['bounding'] => (uid === 0 ? [...promised[set], ...ambient] : ambient)
  return [
    ...set('bounding', promised.bounding, status['CapBnd']),
    ...set('permitted', kept('permitted'), status['CapPrm']),
    ...set('effective', kept('effective'), status['CapEff']),
    ...set('inheritable', promised.inheritable ?? [], status['CapInh']),
    ...set('ambient', ambient, status['CapAmb'])
  ]
}

const set = (name: keyof Sets, promised: ReadonlyArray<string>, mask: string | undefined): Breaches =>
  same(`process.capabilities.${name}`, [...new Set(promised)].sort(), [...namesOf(mask)].sort())
