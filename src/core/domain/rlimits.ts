/** The limits of a process that Linux has (getrlimit(2)). */
const NAMES: ReadonlyArray<string> = [
  'AS',
  'CORE',
  'CPU',
  'DATA',
  'FSIZE',
  'LOCKS',
  'MEMLOCK',
  'MSGQUEUE',
  'NICE',
  'NOFILE',
  'NPROC',
  'RSS',
  'RTPRIO',
  'RTTIME',
  'SIGPENDING',
  'STACK'
]

export const RLIMITS: ReadonlyArray<string> = NAMES.map((name) => `RLIMIT_${name}`)

/** The kernel's word for no limit, 2^64-1. */
export const UNLIMITED = 18_446_744_073_709_551_615n

/** The full name of a limit from how people write it (`nofile`, `RLIMIT_NOFILE`); undefined when there is none. */
export const rlimit = (written: string): string | undefined => {
  const upper = written.toUpperCase()
  const full = upper.startsWith('RLIMIT_') ? upper : `RLIMIT_${upper}`
  return RLIMITS.includes(full) ? full : undefined
}
