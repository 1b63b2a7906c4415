import * as path from 'node:path'

import { isRecord } from '../../src/core/domain/isRecord'
import { IdMapping, Mount, Namespace, Seccomp, Spec } from '../../src/core/domain/Oci'
import { DeviceRule } from '../../src/core/domain/Resources'
import { Breaches } from './spec'

// What runc refuses (libcontainer/configs/validate, specconv, seccomp, cgroups; v1.1.5 to v1.2.6), what it passes over in
// silence, and what the kernel answers it with EINVAL or EPERM. Stricter of the two versions where they differ.

type Law = (spec: Spec) => Breaches
type CgroupLaw = (spec: Spec, cgroups: 'v1' | 'v2') => Breaches

const words = (line: string): ReadonlyArray<string> => line.split(' ')

const unless = (holds: boolean, breach: string): Breaches => (holds ? [] : [breach])

const outside = (known: ReadonlyArray<string>, given: ReadonlyArray<string>): Breaches => given.filter((each) => !known.includes(each))

const twins = (given: ReadonlyArray<string>): Breaches => given.filter((each, index) => given.indexOf(each) !== index)

const isWhole = (value: number, min: number, max: number): boolean => Number.isInteger(value) && value >= min && value <= max

const named = (name: string, value: number | undefined, min: number, max: number): Breaches =>
  unless(value === undefined || isWhole(value, min, max), `${name} ${String(value)}`)

const relative = (paths: ReadonlyArray<string>): Breaches => paths.filter((each) => !path.posix.isAbsolute(each))

const isBelow = (parent: string, place: string): boolean => path.posix.normalize(place).startsWith(`${parent}/`)

const MAX_ID = 2 ** 31 - 1
const MAX_UINT32 = 2 ** 32 - 1

// ---- the whole of a spec ----

// Go's decoder refuses what is above the type, and JavaScript rounds what is above 2^53: an unlimited 2^64-1 is neither.
const numbersIn = (value: unknown, at: string): Breaches => {
  if (typeof value === 'number') return unless(Number.isSafeInteger(value), `${at} ${String(value)}`)
  return isRecord(value) || Array.isArray(value) ? Object.entries(value).flatMap(([key, inner]) => numbersIn(inner, `${at}.${key}`)) : []
}

const numbersAreExact: Law = (spec) => numbersIn(spec, 'spec')

const textsIn = (value: unknown): ReadonlyArray<string> => {
  if (typeof value === 'string') return [value]
  return isRecord(value) || Array.isArray(value) ? Object.entries(value).flatMap(([key, inner]) => [key, ...textsIn(inner)]) : []
}

const noTextHasNul: Law = (spec) => textsIn(spec).filter((text) => text.includes('\0')).map((text) => JSON.stringify(text))

const versionIsSemantic: Law = ({ ociVersion }) => unless(/^1\.\d+\.\d+(-[0-9A-Za-z.-]+)?$/.test(ociVersion), ociVersion)

const annotationsHaveKeys: Law = ({ annotations }) => Object.keys(annotations ?? {}).filter((key) => key === '').map(() => 'an empty key')

const hooksCanRun: Law = ({ hooks }) =>
  Object.values(hooks ?? {}).flat().flatMap((hook) => [
    ...relative([hook.path]),
    ...named(`timeout of ${hook.path}`, hook.timeout, 1, MAX_ID),
    ...notEnv(hook.env ?? [])
  ])

// ---- namespaces ----

const TYPES = words('pid ipc uts mount network cgroup user')

const owned = ({ linux }: Spec, type: Namespace['type']): Namespace | undefined => linux.namespaces.find((each) => each.type === type)

const has = (spec: Spec, type: Namespace['type']): boolean => owned(spec, type) !== undefined

const isNew = (spec: Spec, type: Namespace['type']): boolean => has(spec, type) && owned(spec, type)?.path === undefined

const namespacesAreKnown: Law = ({ linux: { namespaces } }) => [
  ...outside(TYPES, namespaces.map(({ type }) => type)),
  ...twins(namespaces.map(({ type }) => type)),
  ...relative(namespaces.flatMap((each) => each.path ?? []))
]

// __NEW_UTS_LEN of the kernel.
const namesNeedUts: Law = (spec) =>
  [spec.hostname ?? '', spec.domainname ?? ''].filter((name) => Buffer.byteLength(name) > (has(spec, 'uts') ? 64 : 0))

const restrictedPathsNeedMounts: Law = (spec) => {
  const paths = [...spec.linux.maskedPaths ?? [], ...spec.linux.readonlyPaths ?? []]
  return [...relative(paths), ...unless(paths.length === 0 || has(spec, 'mount'), 'paths without a mount namespace')]
}

const IPC_SYSCTLS = words('kernel.msgmax kernel.msgmnb kernel.msgmni kernel.sem kernel.shmall kernel.shmmax kernel.shmmni kernel.shm_rmid_forced')

/** A key may have slashes for its dots and then dots for its slashes (sysctl.d(5)); its first separator decides. */
const dotted = (key: string): string =>
  /^[^./]*\//.test(key) ? key.replace(/[./]/g, (each) => (each === '.' ? '/' : '.')) : key

// runc compares inodes. A law sees only the path: these name the namespace of the runtime or of init.
const ownsNetwork = (spec: Spec): boolean => has(spec, 'network') && !/^\/proc\/(1|self|thread-self)\//.test(owned(spec, 'network')?.path ?? '')

const ownsSysctl = (spec: Spec, key: string): boolean => {
  if (key.startsWith('net.')) return ownsNetwork(spec)
  if (IPC_SYSCTLS.includes(key) || key.startsWith('fs.mqueue.')) return has(spec, 'ipc')
  // kernel.hostname has a field of its own, and runc refuses it here.
  return key === 'kernel.domainname' && has(spec, 'uts')
}

const sysctlsAreOwned: Law = (spec) => Object.keys(spec.linux.sysctl ?? {}).filter((key) => !ownsSysctl(spec, dotted(key)))

// ---- user namespace ----

// runc 1.1.5 wants mappings for a joined namespace too, and 1.2 takes them when they match.
const userNamespaceIsMapped: Law = (spec) => {
  const given = [spec.linux.uidMappings, spec.linux.gidMappings].filter((each) => (each ?? []).length > 0).length
  return unless(given === (has(spec, 'user') ? 2 : 0), `${String(given)} mappings ${has(spec, 'user') ? 'with' : 'without'} a user namespace`)
}

const overlaps = (ranges: ReadonlyArray<readonly [number, number]>): Breaches =>
  ranges.flatMap(([start, size], index) =>
    ranges.slice(index + 1).filter(([other, length]) => start < other + length && other < start + size).map(([other]) => `${String(start)} overlaps ${String(other)}`)
  )

// user_namespaces(7): 340 lines at most, none of size 0, no overlap on either side.
const mappingIsTaken = (mappings: ReadonlyArray<IdMapping>): Breaches => [
  ...unless(mappings.length <= 340, `${String(mappings.length)} mappings`),
  ...mappings.flatMap(({ containerID, hostID, size }) => [
    ...named('size', size, 1, MAX_UINT32),
    ...named('end in the container', containerID + size, 1, MAX_UINT32 + 1),
    ...named('end on the host', hostID + size, 1, MAX_UINT32 + 1)
  ]),
  ...overlaps(mappings.map(({ containerID, size }) => [containerID, size])),
  ...overlaps(mappings.map(({ hostID, size }) => [hostID, size]))
]

const mappingsAreTaken: Law = ({ linux }) => [...mappingIsTaken(linux.uidMappings ?? []), ...mappingIsTaken(linux.gidMappings ?? [])]

const isMapped = (mappings: ReadonlyArray<IdMapping>, id: number): boolean =>
  mappings.some(({ containerID, size }) => id >= containerID && id < containerID + size)

const unmapped = (mappings: ReadonlyArray<IdMapping>, ids: ReadonlyArray<number>): Breaches =>
  mappings.length === 0 ? [] : ids.filter((id) => !isMapped(mappings, id)).map(String)

const idsAreMapped: Law = ({ process: { user }, linux: { uidMappings = [], gidMappings = [] } }) => [
  ...unmapped(uidMappings, [0, user.uid]),
  ...unmapped(gidMappings, [0, user.gid, ...user.additionalGids])
]

const OWNERS: ReadonlyMap<string, Namespace['type']> = new Map([['proc', 'pid'], ['mqueue', 'ipc'], ['sysfs', 'network']])

const isOwned = (spec: Spec, { type }: Mount): boolean => {
  const owner = OWNERS.get(type)
  return owner === undefined || isNew(spec, owner)
}

// The kernel lets only the owner of the pid, ipc or network namespace mount these: EPERM from runc, a joined netns included.
const freshMountsAreOwned: Law = (spec) =>
  isNew(spec, 'user') ? spec.mounts.filter((mount) => !isOwned(spec, mount)).map(({ type, destination }) => `${type} on ${destination}`) : []

// ---- process ----

const notEnv = (env: ReadonlyArray<string>): Breaches => env.filter((line) => line.indexOf('=') < 1)

const hasSomethingToRun: Law = ({ process: { args } }) => unless((args[0] ?? '') !== '', JSON.stringify(args))

const envIsNamed: Law = ({ process: { env } }) => notEnv(env)

// Below both lie the runtime's own open files (CVE-2024-21626).
const cwdIsInside: Law = ({ process: { cwd } }) =>
  unless(path.posix.isAbsolute(cwd) && !['/proc', '/dev/fd'].some((runtime) => isBelow(runtime, `${cwd}/`)), cwd)

const idsAreInRange: Law = ({ process: { user: { uid, gid, additionalGids } } }) =>
  [uid, gid, ...additionalGids].filter((id) => !isWhole(id, 0, MAX_ID)).map(String)

const umaskIsPermissions: Law = ({ process: { user } }) => named('umask', user.umask, 0, 0o777)

const oomScoreIsTaken: Law = ({ process: { oomScoreAdj } }) => named('oomScoreAdj', oomScoreAdj, -1000, 1000)

const consoleNeedsTerminal: Law = ({ process }) => unless(process.terminal || !('consoleSize' in process), 'consoleSize without a terminal')

const LIMITS = words('CPU FSIZE DATA STACK CORE RSS NPROC NOFILE MEMLOCK AS LOCKS SIGPENDING MSGQUEUE NICE RTPRIO RTTIME').map((name) => `RLIMIT_${name}`)

const rlimitsAreTaken: Law = ({ process: { rlimits } }) => [
  ...outside(LIMITS, rlimits.map(({ type }) => type)),
  ...twins(rlimits.map(({ type }) => type)),
  ...rlimits.filter(({ soft, hard }) => soft < 0 || soft > hard).map(({ type }) => `soft above hard: ${type}`)
]

// capabilities(7), Linux 5.9.
const CAPABILITIES = words(
  'CHOWN DAC_OVERRIDE DAC_READ_SEARCH FOWNER FSETID KILL SETGID SETUID SETPCAP LINUX_IMMUTABLE NET_BIND_SERVICE NET_BROADCAST ' +
  'NET_ADMIN NET_RAW IPC_LOCK IPC_OWNER SYS_MODULE SYS_RAWIO SYS_CHROOT SYS_PTRACE SYS_PACCT SYS_ADMIN SYS_BOOT SYS_NICE ' +
  'SYS_RESOURCE SYS_TIME SYS_TTY_CONFIG MKNOD LEASE AUDIT_WRITE AUDIT_CONTROL SETFCAP MAC_OVERRIDE MAC_ADMIN SYSLOG WAKE_ALARM ' +
  'BLOCK_SUSPEND AUDIT_READ PERFMON BPF CHECKPOINT_RESTORE'
).map((name) => `CAP_${name}`)

// runc warns of a name that it does not know, and drops it.
const capabilitiesAreKnown: Law = ({ process: { capabilities } }) =>
  Object.values(capabilities).flatMap((set: ReadonlyArray<string>) => [...outside(CAPABILITIES, set), ...twins(set)])

const capabilitySetsAreNested: Law = ({ process: { capabilities: { bounding, permitted, effective, inheritable = [], ambient = [] } } }) => [
  ...outside(bounding, permitted).map((name) => `permitted, not bounding: ${name}`),
  ...outside(permitted, effective).map((name) => `effective, not permitted: ${name}`),
  ...outside(permitted, inheritable).map((name) => `inheritable, not permitted: ${name}`),
  ...outside(permitted, ambient).map((name) => `ambient, not permitted: ${name}`),
  ...outside(inheritable, ambient).map((name) => `ambient, not inheritable: ${name}`)
]

const LABEL = /^[^:\s]+:[^:\s]+:[^:\s]+(:\S+)?$/

const labelsAreWellFormed: Law = ({ process: { apparmorProfile, selinuxLabel }, linux: { mountLabel } }) => [
  ...[selinuxLabel, mountLabel].filter((label) => label !== undefined && !LABEL.test(label)).map(String),
  ...unless(apparmorProfile === undefined || /^[^\s]+$/.test(apparmorProfile), `apparmorProfile ${JSON.stringify(apparmorProfile)}`)
]

// ---- mounts ----

const PROPAGATIONS = words('private rprivate shared rshared slave rslave unbindable runbindable')

// `defaults` is missing: runc hands it to the kernel as an option of the file system.
const FLAGS = words(
  'bind rbind ro rw suid nosuid dev nodev exec noexec sync async dirsync remount mand nomand atime noatime diratime nodiratime ' +
  'relatime norelatime strictatime nostrictatime lazytime nolazytime iversion noiversion silent loud symfollow nosymfollow ' +
  'rro rrw rnosuid rsuid rnodev rdev rnoexec rexec rnodiratime rdiratime rrelatime rnorelatime rnoatime ratime rstrictatime ' +
  'rnostrictatime rnosymfollow rsymfollow tmpcopyup idmap ridmap'
)

const data = ({ options }: Mount): ReadonlyArray<string> => outside([...FLAGS, ...PROPAGATIONS], options)

const hasOne = ({ options }: Mount, names: ReadonlyArray<string>): boolean => options.some((option) => names.includes(option))

const isBind = (mount: Mount): boolean => hasOne(mount, ['bind', 'rbind'])

const at = (mounts: ReadonlyArray<Mount>): Breaches => mounts.map(({ destination }) => destination)

const destinationsAreAbsolute: Law = ({ mounts }) => relative(at(mounts))

// Without the option the kernel is asked for a file system named "bind"; a relative source starts at the bundle.
const bindsAreBinds: Law = ({ mounts }) =>
  at(mounts.filter((mount) => (mount.type === 'bind' || isBind(mount)) && !(isBind(mount) && path.posix.isAbsolute(mount.source))))

const bindsHaveNoData: Law = ({ mounts }) =>
  mounts.filter(isBind).flatMap((mount) => data(mount).map((option) => `${mount.destination}: ${option}`))

const TMPFS = /^((size|nr_blocks|nr_inodes|mode|uid|gid|mpol|huge)=[^,]+|inode32|inode64|noswap)$/

const tmpfsDataIsKnown: Law = ({ mounts }) =>
  mounts.filter((mount) => mount.type === 'tmpfs' && !isBind(mount))
    .flatMap((mount) => data(mount).filter((option) => !TMPFS.test(option)).map((option) => `${mount.destination}: ${option}`))

const idMappedMountsAreBinds: Law = (spec) =>
  at(spec.mounts.filter((mount) => hasOne(mount, ['idmap', 'ridmap']) && !(isBind(mount) && has(spec, 'user'))))

// What lxcfs provides.
const IN_PROC = words('cpuinfo diskstats meminfo stat swaps uptime loadavg slabinfo net/dev sys/kernel/ns_last_pid').map((name) => `/proc/${name}`)

const isTakenInProc = (mount: Mount): boolean => {
  const place = path.posix.resolve('/', mount.destination)
  if (place === '/proc') return isBind(mount) ? mount.source === '/proc' : mount.type === 'proc'
  return !isBelow('/proc', place) || IN_PROC.includes(place)
}

const procIsProc: Law = ({ mounts }) => at(mounts.filter((mount) => !isTakenInProc(mount)))

const propagationIsKnown: Law = ({ linux: { rootfsPropagation } }) => outside(PROPAGATIONS, rootfsPropagation === undefined ? [] : [rootfsPropagation])

// ---- devices ----

const isNumbered = (type: string, major: number, minor: number): boolean => type === 'p' || (isWhole(major, 0, 4095) && isWhole(minor, 0, 1_048_575))

const devicesAreTaken: Law = ({ linux: { devices = [] } }) => [
  ...twins(devices.map((device) => path.posix.normalize(device.path))),
  ...relative(devices.map((device) => device.path)),
  ...outside(words('c b u p'), devices.map(({ type }) => type)),
  ...devices.filter(({ type, major, minor }) => !isNumbered(type, major, minor)).map((device) => `numbers of ${device.path}`),
  ...devices.flatMap((device) => [
    ...named(`fileMode of ${device.path}`, device.fileMode, 0, 0o777),
    ...named(`uid of ${device.path}`, device.uid, 0, MAX_ID),
    ...named(`gid of ${device.path}`, device.gid, 0, MAX_ID)
  ])
]

// runc compares the letters with their own canonical order, and a rule without a type is for every device whatever its numbers.
const isTakenRule = ({ access, type = 'a', major, minor }: DeviceRule): boolean => {
  const numbers = [major, minor].filter((number) => number !== undefined && number !== -1)
  return /^(?=.)r?w?m?$/.test(access) && words('a b c').includes(type) && (type !== 'a' || numbers.length === 0) &&
    numbers.every((number) => isWhole(Number(number), 0, MAX_UINT32))
}

const deviceRulesAreTaken: Law = ({ linux }) => linux.resources.devices.filter((rule) => !isTakenRule(rule)).map((rule) => JSON.stringify(rule))

// ---- resources ----

const unlimitedOrAbove = (name: string, value: number | undefined, min: number): Breaches =>
  unless(value === undefined || value === -1 || isWhole(value, min, Number.MAX_SAFE_INTEGER), `${name} ${String(value)}`)

// runc takes 0 for "not given", which is never what a spec that says 0 means.
const memoryIsTaken: Law = ({ linux: { resources: { memory: { limit, reservation, swap, swappiness } } } }) => [
  ...unlimitedOrAbove('limit', limit, 1),
  ...unlimitedOrAbove('reservation', reservation, 1),
  ...unlimitedOrAbove('swap', swap, 1),
  ...named('swappiness', swappiness, 0, 100)
]

const swapIncludesMemory: Law = ({ linux: { resources: { memory: { limit = 0, swap = 0 } } } }) =>
  unless(swap <= 0 || swap >= limit, `swap ${String(swap)} below limit ${String(limit)}`)

// 0 is "not given"; 1 becomes an endless weight on cgroup v2.
const sharesAreTaken: Law = ({ linux: { resources: { cpu: { shares } } } }) => unless(shares === 0 || isWhole(shares, 2, 262_144), `shares ${String(shares)}`)

// The kernel's bounds: a period of 1 ms to 1 s, a quota of 1 ms at least.
const bandwidthIsTaken: Law = ({ linux: { resources: { cpu: { quota, period } } } }) => [
  ...unlimitedOrAbove('quota', quota, 1000),
  ...named('period', period, 1000, 1_000_000)
]

const isCpuList = (list: string): boolean =>
  /^\d+(-\d+)?(,\d+(-\d+)?)*$/.test(list) && list.split(',').every((range) => Number(range.split('-')[0]) <= Number(range.split('-').at(-1)))

const cpuListsAreTaken: Law = ({ linux: { resources: { cpu: { cpus, mems } } } }) =>
  [cpus, mems].filter((list) => list !== undefined && !isCpuList(list)).map((list) => JSON.stringify(list))

const pidsAreTaken: Law = ({ linux: { resources: { pids } } }) => unlimitedOrAbove('pids', pids?.limit, 1)

const weightsAreTaken: Law = ({ linux: { resources: { blockIO = {} } } }) => [
  ...named('weight', blockIO.weight, 10, 1000),
  ...(blockIO.weightDevice ?? []).flatMap(({ major, minor, weight }) => named(`weight of ${String(major)}:${String(minor)}`, weight, 10, 1000))
]

// ---- seccomp ----

const ACTIONS = words('KILL KILL_THREAD KILL_PROCESS ERRNO TRAP ALLOW TRACE LOG NOTIFY').map((name) => `SCMP_ACT_${name}`)

const OPERATORS = words('NE LT LE EQ GE GT MASKED_EQ').map((name) => `SCMP_CMP_${name}`)

const ARCHITECTURES = words(
  'X86 X86_64 X32 ARM AARCH64 MIPS MIPS64 MIPS64N32 MIPSEL MIPSEL64 MIPSEL64N32 PPC PPC64 PPC64LE RISCV64 S390 S390X'
).map((name) => `SCMP_ARCH_${name}`)

const SECCOMP_FLAGS = words('TSYNC SPEC_ALLOW LOG').map((name) => `SECCOMP_FILTER_FLAG_${name}`)

const seccompLaw = (law: (seccomp: Seccomp) => Breaches): Law => ({ linux: { seccomp } }) => (seccomp === undefined ? [] : law(seccomp))

const seccompWordsAreKnown = seccompLaw(({ defaultAction, architectures = [], flags = [], syscalls }) => [
  ...outside(ACTIONS, [defaultAction, ...syscalls.map(({ action }) => action)]),
  ...outside(ARCHITECTURES, architectures),
  ...outside(SECCOMP_FLAGS, flags),
  ...outside(OPERATORS, syscalls.flatMap(({ args = [] }) => args.map(({ op }) => op)))
])

// The agent could not answer for the write that hands it the filter: runc would hang, and refuses.
const notifyHasListener = seccompLaw(({ defaultAction, listenerPath, listenerMetadata, syscalls }) => {
  const notified = syscalls.filter(({ action }) => action === 'SCMP_ACT_NOTIFY')
  return [
    ...unless(defaultAction !== 'SCMP_ACT_NOTIFY', 'SCMP_ACT_NOTIFY by default'),
    ...unless(!notified.some(({ names }) => names.includes('write')), 'SCMP_ACT_NOTIFY of write'),
    ...unless(notified.length === 0 || (listenerPath ?? '') !== '', 'SCMP_ACT_NOTIFY without listenerPath'),
    ...unless(listenerMetadata === undefined || (listenerPath ?? '') !== '', 'listenerMetadata without listenerPath')
  ]
})

const ANSWERING = ['SCMP_ACT_ERRNO', 'SCMP_ACT_TRACE']

// MAX_ERRNO of the kernel.
const errnosAreAnswered = seccompLaw(({ defaultAction, defaultErrnoRet, syscalls }) =>
  [{ action: defaultAction, errnoRet: defaultErrnoRet }, ...syscalls]
    .filter(({ action, errnoRet }) => errnoRet !== undefined && !(ANSWERING.includes(action) && isWhole(errnoRet, 0, 4095)))
    .map(({ action, errnoRet }) => `${action} with errno ${String(errnoRet)}`))

// runc panics at an index above 5, and libseccomp takes a second value for a mask only.
const seccompRulesAreTaken = seccompLaw(({ syscalls }) =>
  syscalls.flatMap(({ names, args = [] }) => [
    ...unless(names.length > 0 && !names.includes(''), `names ${JSON.stringify(names)}`),
    ...args.filter(({ index }) => !isWhole(index, 0, 5)).map(({ index }) => `${names.join()}: argument ${String(index)}`),
    ...args.filter(({ op, valueTwo = 0 }) => valueTwo !== 0 && op !== 'SCMP_CMP_MASKED_EQ').map(({ op }) => `${names.join()}: two values for ${op}`)
  ]))

// ---- cgroups ----

// On v1 the limit of both stands beside one of memory that the kernel keeps below it; on v2 runc subtracts one from the other.
const swapNeedsLimit: CgroupLaw = ({ linux: { resources: { memory: { limit = 0, swap = 0 } } } }, cgroups) =>
  unless(swap <= 0 || limit > 0 || (limit === -1 && cgroups === 'v2'), `swap ${String(swap)} without a limit of memory`)

const CONTROLLERS = words('cpu cpuset io memory pids hugetlb rdma misc cgroup')

const unifiedIsForV2: CgroupLaw = ({ linux: { resources: { unified = {} } } }, cgroups) =>
  Object.keys(unified).filter((file) => cgroups === 'v1' || !/^[a-z]+\.[^/]+$/.test(file) || !CONTROLLERS.includes(file.slice(0, file.indexOf('.'))))

// io.max answers ERANGE to a rate of 0; on v1 it means no limit.
const ratesAreTaken: CgroupLaw = ({ linux: { resources: { blockIO = {} } } }, cgroups) =>
  [blockIO.throttleReadBpsDevice, blockIO.throttleWriteBpsDevice, blockIO.throttleReadIOPSDevice, blockIO.throttleWriteIOPSDevice]
    .flatMap((devices) => devices ?? [])
    .filter(({ rate }) => !isWhole(rate, cgroups === 'v2' ? 1 : 0, Number.MAX_SAFE_INTEGER))
    .map(({ major, minor, rate }) => `rate ${String(rate)} for ${String(major)}:${String(minor)}`)

// Three parts are for the systemd driver (slice:prefix:name), anything else is a path below the mount of the cgroups.
const cgroupsPathIsTaken: Law = ({ linux: { cgroupsPath } }) =>
  unless(cgroupsPath.includes(':')
    ? /^[^/:]+\.slice:[^/:]*:[^/:]+$/.test(cgroupsPath)
    : path.posix.isAbsolute(cgroupsPath) && cgroupsPath !== '/' && path.posix.normalize(cgroupsPath) === cgroupsPath, cgroupsPath)

// ---- the rules, by name ----

/** What runc and the kernel ask of every spec. */
export const runcRules: ReadonlyArray<readonly [string, Law]> = [
  ['every number is whole and survives JSON', numbersAreExact],
  ['no text holds a NUL byte', noTextHasNul],
  ['the version of the spec is a semantic one', versionIsSemantic],
  ['every annotation has a key', annotationsHaveKeys],
  ['hooks are absolute paths with named environment and time to run', hooksCanRun],
  ['namespaces are of known types, each once, and joined by an absolute path', namespacesAreKnown],
  ['hostname and domainname need a uts namespace and fit in it', namesNeedUts],
  ['masked and read-only paths are absolute and need a mount namespace', restrictedPathsNeedMounts],
  ['every sysctl belongs to a namespace of the container', sysctlsAreOwned],
  ['a user namespace has mappings of both kinds, and only it has', userNamespaceIsMapped],
  ['id mappings are ranges that the kernel takes', mappingsAreTaken],
  ['root and the ids of the process are mapped', idsAreMapped],
  ['in a new user namespace proc, mqueue and sysfs need new namespaces too', freshMountsAreOwned],
  ['there is something to run', hasSomethingToRun],
  ['every line of the environment has a name', envIsNamed],
  ['the working directory is absolute and not of the runtime', cwdIsInside],
  ['user and groups are ids that runc takes', idsAreInRange],
  ['the umask is made of permissions', umaskIsPermissions],
  ['oomScoreAdj is one that the kernel takes', oomScoreIsTaken],
  ['a console size needs a terminal', consoleNeedsTerminal],
  ['rlimits are of known types, each once, soft at most hard', rlimitsAreTaken],
  ['capabilities have known names, each once in a set', capabilitiesAreKnown],
  ['the sets of capabilities lie within one another', capabilitySetsAreNested],
  ['security labels are well formed', labelsAreWellFormed],
  ['destinations of mounts are absolute', destinationsAreAbsolute],
  ['a bind mount says so and has an absolute source', bindsAreBinds],
  ['a bind mount has no options of a file system', bindsHaveNoData],
  ['a tmpfs has options that the kernel knows', tmpfsDataIsKnown],
  ['id-mapped mounts are binds in a user namespace', idMappedMountsAreBinds],
  ['only proc is mounted on /proc, and nothing below it', procIsProc],
  ['the propagation of the root is a known word', propagationIsKnown],
  ['devices have known types and numbers, each path once', devicesAreTaken],
  ['device rules have access, type and numbers that runc takes', deviceRulesAreTaken],
  ['limits of memory are above zero or none, swappiness is a percentage', memoryIsTaken],
  ['swap includes the memory', swapIncludesMemory],
  ['cpu shares are ones that the kernel takes', sharesAreTaken],
  ['cpu quota and period are ones that the kernel takes', bandwidthIsTaken],
  ['lists of cpus and memory nodes are well formed', cpuListsAreTaken],
  ['the limit of pids is above zero or none', pidsAreTaken],
  ['weights of block devices are from 10 to 1000', weightsAreTaken],
  ['seccomp has known actions, operators, architectures and flags', seccompWordsAreKnown],
  ['seccomp notifies only a listener, and never of write', notifyHasListener],
  ['seccomp answers with an errno only where one is returned', errnosAreAnswered],
  ['rules of seccomp have names and arguments that libseccomp takes', seccompRulesAreTaken],
  ['the path of the cgroup is one that a cgroup driver takes', cgroupsPathIsTaken]
]

/** What they ask besides, by the version of the host's cgroups. */
export const cgroupRules: ReadonlyArray<readonly [string, CgroupLaw]> = [
  ['swap has a limit of memory beside it', swapNeedsLimit],
  ['unified resources are files of cgroup v2', unifiedIsForV2],
  ['rates of block devices are ones that the kernel takes', ratesAreTaken]
]
