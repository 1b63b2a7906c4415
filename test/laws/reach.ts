import { Compiled } from '../../src/core/compile/Compiled'
import { Mount, Seccomp, Spec } from '../../src/core/domain/Oci'
import { Breaches } from './spec'

/** How far a container reaches beyond itself, in words that can be compared: what is in one list and not in another was gained. */
const KINDS: Readonly<Record<string, (compiled: Compiled) => ReadonlyArray<string>>> = {
  capability: ({ spec: { process: { capabilities: { bounding, effective, permitted, inheritable = [], ambient = [] } } } }) =>
    [...bounding.map((name) => `b ${name}`), ...effective.map((name) => `e ${name}`), ...permitted.map((name) => `p ${name}`), ...inheritable.map((name) => `i ${name}`), ...ambient.map((name) => `a ${name}`)],
  device: ({ spec: { linux } }) => [
    ...(linux.devices ?? []).map(({ path, major, minor }) => `${path} ${String(major)}:${String(minor)}`),
    ...linux.resources.devices.filter(({ allow }) => allow).map((rule) => JSON.stringify(rule))
  ],
  'host path': (compiled) => binds(compiled).map(({ source, destination }) => `${source} at ${destination}`),
  'writable mount': (compiled) =>
    binds(compiled).filter((mount) => !isReadonly(mount)).map(({ source, destination }) => `${source} at ${destination}`),
  'shared propagation': ({ spec }) => spec.mounts.filter(({ options }) => options.some((option) => option === 'shared' || option === 'rshared')).map(({ destination }) => destination),
  sysctl: ({ spec }) => Object.keys(spec.linux.sysctl ?? {}),
  right: ({ spec }) => [...(spec.process.noNewPrivileges ? [] : ['new privileges']), ...spec.mounts.filter(isWritableSys).map(({ destination }) => destination)],
  runtime: ({ container }) => [container.runtime.name]
}

/**
 * The binds of a container with the paths that they show: a pinned source is what was pinned, wherever the pin stands. A
 * file that the driver makes shows nothing of the host.
 */
const binds = ({ spec, mounts }: Compiled): ReadonlyArray<Mount> => {
  const pinned = new Map(mounts.flatMap((thing) => (thing._tag === 'Pin' ? [[thing.path, thing.source] as const] : [])))
  const files = new Set(mounts.flatMap((thing) => (thing._tag === 'File' ? [thing.path] : [])))
  return spec.mounts.filter((mount) => isBind(mount) && !files.has(mount.source)).map((mount) => ({ ...mount, source: pinned.get(mount.source) ?? mount.source }))
}

const isBind = ({ type, options }: Mount): boolean => type === 'bind' || options.includes('bind') || options.includes('rbind')

const isReadonly = ({ options }: Mount): boolean => options.includes('ro') || options.includes('rro')

const isWritableSys = ({ destination, options }: Mount): boolean => ['/sys', '/sys/fs/cgroup'].includes(destination) && options.includes('rw')

/** The namespaces that a container has of its own: one less is one more of the host's. */
const own = ({ spec }: Compiled): ReadonlyArray<string> => spec.linux.namespaces.map(({ type }) => type)

const hidden = ({ spec }: Compiled): ReadonlyArray<string> => [...(spec.linux.maskedPaths ?? []), ...(spec.linux.readonlyPaths ?? [])]

/** The system calls that a filter lets through whole; no filter lets every one. */
const calls = (filter: Seccomp | undefined): ReadonlySet<string> | undefined =>
  filter === undefined ? undefined : new Set(filter.syscalls.filter(({ action }) => action === 'SCMP_ACT_ALLOW').flatMap(({ names }) => names))

const gainedCalls = (before: Spec, after: Spec): ReadonlyArray<string> => {
  const [was, is] = [calls(before.linux.seccomp), calls(after.linux.seccomp)]
  return is === undefined ? (was === undefined ? [] : ['every system call']) : was === undefined ? [] : [...is].filter((name) => !was.has(name))
}

const limit = (value: number | undefined): number => (value === undefined || value < 0 ? Infinity : value)

/** What the second container can reach and the first cannot. */
export const gained = (before: Compiled, after: Compiled): Breaches => [
  ...Object.entries(KINDS).flatMap(([kind, of]) => {
    const had = new Set(of(before))
    return of(after).filter((one) => !had.has(one)).map((one) => `${kind} ${one}`)
  }),
  ...own(before).filter((type) => !own(after).includes(type)).map((type) => `the host's ${type} namespace`),
  ...hidden(before).filter((path) => !hidden(after).includes(path)).map((path) => `sight of ${path}`),
  ...gainedCalls(before.spec, after.spec).map((name) => `system call ${name}`),
  ...(limit(after.spec.linux.resources.pids?.limit) > limit(before.spec.linux.resources.pids?.limit) ? ['processes'] : []),
  ...(limit(after.spec.linux.resources.memory.limit) > limit(before.spec.linux.resources.memory.limit) ? ['memory'] : [])
]

const HIDDEN = ['/proc/kcore', '/proc/keys', '/sys/firmware', '/proc/sys', '/proc/sysrq-trigger']

/** What is missing of the posture that `hardened` promises (CIS Docker Benchmark 1.6.0, section 5). */
export const belowTheFloor = ({ spec, network }: Compiled, cgroups: 'v1' | 'v2'): Breaches => [
  ...(spec.linux.seccomp === undefined ? ['5.22 no seccomp filter'] : []),
  ...(spec.process.capabilities.bounding.includes('CAP_NET_RAW') ? ['5.4 NET_RAW'] : []),
  ...(spec.process.noNewPrivileges ? [] : ['5.26 new privileges']),
  ...['pid', 'ipc', 'uts', 'mount', 'network', ...(cgroups === 'v2' ? ['cgroup'] : [])]
    .filter((type) => !spec.linux.namespaces.some((one) => one.type === type)).map((type) => `5.16 the host's ${type}`),
  ...(network._tag === 'Host' ? ['5.10 the host\'s network'] : []),
  ...HIDDEN.filter((path) => !(spec.linux.maskedPaths ?? []).includes(path) && !(spec.linux.readonlyPaths ?? []).includes(path)).map((path) => `${path} is open`),
  ...((spec.linux.resources.pids?.limit ?? 0) > 0 ? [] : ['5.29 no ceiling of processes']),
  ...(spec.linux.resources.devices[0]?.allow === false ? [] : ['5.18 devices']),
  ...spec.mounts.filter(isWritableSys).map(({ destination }) => `${destination} is writable`)
]
