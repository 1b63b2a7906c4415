import * as path from 'node:path'

import { Breaches } from '../spec'
import { isBelow, isWhole, Law, MAX_ID,named, outside, twins, unless, words } from './law'

export const notEnv = (env: ReadonlyArray<string>): Breaches => env.filter((line) => line.indexOf('=') < 1)

export const hasSomethingToRun: Law = ({ process: { args } }) => unless((args[0] ?? '') !== '', JSON.stringify(args))

export const envIsNamed: Law = ({ process: { env } }) => notEnv(env)

// Below both lie the runtime's own open files (CVE-2024-21626).
export const cwdIsInside: Law = ({ process: { cwd } }) =>
  unless(path.posix.isAbsolute(cwd) && !['/proc', '/dev/fd'].some((runtime) => isBelow(runtime, `${cwd}/`)), cwd)

export const idsAreInRange: Law = ({ process: { user: { uid, gid, additionalGids } } }) =>
  [uid, gid, ...additionalGids].filter((id) => !isWhole(id, 0, MAX_ID)).map(String)

export const umaskIsPermissions: Law = ({ process: { user } }) => named('umask', user.umask, 0, 0o777)

export const oomScoreIsTaken: Law = ({ process: { oomScoreAdj } }) => named('oomScoreAdj', oomScoreAdj, -1000, 1000)

export const consoleNeedsTerminal: Law = ({ process }) => unless(process.terminal || !('consoleSize' in process), 'consoleSize without a terminal')

export const LIMITS = words('CPU FSIZE DATA STACK CORE RSS NPROC NOFILE MEMLOCK AS LOCKS SIGPENDING MSGQUEUE NICE RTPRIO RTTIME').map((name) => `RLIMIT_${name}`)

export const rlimitsAreTaken: Law = ({ process: { rlimits } }) => [
  ...outside(LIMITS, rlimits.map(({ type }) => type)),
  ...twins(rlimits.map(({ type }) => type)),
  ...rlimits.filter(({ soft, hard }) => soft < 0 || soft > hard).map(({ type }) => `soft above hard: ${type}`)
]

// capabilities(7), Linux 5.9.
export const CAPABILITIES = words(
  'CHOWN DAC_OVERRIDE DAC_READ_SEARCH FOWNER FSETID KILL SETGID SETUID SETPCAP LINUX_IMMUTABLE NET_BIND_SERVICE NET_BROADCAST ' +
  'NET_ADMIN NET_RAW IPC_LOCK IPC_OWNER SYS_MODULE SYS_RAWIO SYS_CHROOT SYS_PTRACE SYS_PACCT SYS_ADMIN SYS_BOOT SYS_NICE ' +
  'SYS_RESOURCE SYS_TIME SYS_TTY_CONFIG MKNOD LEASE AUDIT_WRITE AUDIT_CONTROL SETFCAP MAC_OVERRIDE MAC_ADMIN SYSLOG WAKE_ALARM ' +
  'BLOCK_SUSPEND AUDIT_READ PERFMON BPF CHECKPOINT_RESTORE'
).map((name) => `CAP_${name}`)

// runc warns of a name that it does not know, and drops it.
export const capabilitiesAreKnown: Law = ({ process: { capabilities } }) =>
  Object.values(capabilities).flatMap((set: ReadonlyArray<string>) => [...outside(CAPABILITIES, set), ...twins(set)])

export const capabilitySetsAreNested: Law = ({ process: { capabilities: { bounding, permitted, effective, inheritable = [], ambient = [] } } }) => [
  ...outside(bounding, permitted).map((name) => `permitted, not bounding: ${name}`),
  ...outside(permitted, effective).map((name) => `effective, not permitted: ${name}`),
  ...outside(permitted, inheritable).map((name) => `inheritable, not permitted: ${name}`),
  ...outside(permitted, ambient).map((name) => `ambient, not permitted: ${name}`),
  ...outside(inheritable, ambient).map((name) => `ambient, not inheritable: ${name}`)
]

export const LABEL = /^[^:\s]+:[^:\s]+:[^:\s]+(:\S+)?$/

export const labelsAreWellFormed: Law = ({ process: { apparmorProfile, selinuxLabel }, linux: { mountLabel } }) => [
  ...[selinuxLabel, mountLabel].filter((label) => label !== undefined && !LABEL.test(label)).map(String),
  ...unless(apparmorProfile === undefined || /^[^\s]+$/.test(apparmorProfile), `apparmorProfile ${JSON.stringify(apparmorProfile)}`)
]
