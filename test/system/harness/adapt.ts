import { Hook, Hooks, Mount, Spec } from '../../../src/core/domain/Oci'
import { askOf } from '../../laws/kernel'
import { starved } from '../../laws/kernel/seccomp'
import { Host } from './host'
import { Cannot, Without } from './reasons'
import { withoutWhatIsMissing } from './without'

/** Where the stand-ins of one run are. */
export interface Where {
  /** A directory of this run alone. */
  readonly directory: string
  /** Its cgroup, absolute as in a spec. */
  readonly cgroup: string
  /** Namespaces that the test made, by type. */
  readonly namespaces: Readonly<Record<string, string>>
  /** The probe on the host, for hooks. */
  readonly probe: string
  /** A socket that takes what a filter's notifications go to. */
  readonly agent: string
}

/** A spec made runnable here. */
export interface Adapted {
  /** What the law judges: the fixture's spec with stand-ins, without what this host cannot give. */
  readonly promised: Spec
  /** What runs: the same with the probe as its process and as its hooks. */
  readonly run: Spec
  readonly without: ReadonlyArray<Without>
  /** What has to be made before: directories and empty files. */
  readonly standIns: ReadonlyArray<StandIn>
}

/** `shared`: a mount of its own whose mounts others can see, as a mount propagation other than private asks for. */
export interface StandIn {
  readonly path: string
  readonly kind: 'directory' | 'file'
  readonly shared: boolean
}

/** The program in the image. */
export const PROBE = '/.kernel-agrees/probe'

/** Why a spec cannot run on this host; empty when it can. */
export const cannotRun = (spec: Spec, host: Host): ReadonlyArray<Cannot> => {
  const { linux: { resources, namespaces } } = spec
  const reasons: ReadonlyArray<readonly [Cannot, boolean]> = [
    ['cgroup v2', host.version === 'v1' && Object.keys(resources.unified ?? {}).length > 0],
    ['cgroup v1', host.version === 'v2' && resources.memory.swappiness !== undefined],
    // A bind that does not say so is a mistake of the spec, and has to fail.
    ['file system', spec.mounts.some((one) => !isBind(one) && !['bind', 'none', ...host.fileSystems].includes(one.type))],
    ['namespace of a process', namespaces.some(({ type, path }) => ['pid', 'mount', 'user'].includes(type) && path !== undefined && !host.exists(path))],
    ['probe starved', starved(spec).length > 0]
  ]
  return reasons.filter(([, holds]) => holds).map(([reason]) => reason)
}

const isBind = ({ options }: Mount): boolean => options.includes('bind') || options.includes('rbind')

/** Rewrites what has to be rewritten for a spec to run here, and nothing else. */
export const adapt = (spec: Spec, host: Host, where: Where): Adapted => {
  const { spec: possible, without } = withoutWhatIsMissing(spec, host)
  const missing = possible.mounts.filter((one) => isBind(one) && !host.exists(one.source))
  const promised: Spec = {
    ...possible,
    mounts: possible.mounts.map((one) => (missing.includes(one) ? { ...one, source: standInFor(one.source, where) } : one)),
    linux: linuxHere(possible.linux, host, where)
  }
  return { promised, run: withProbe(promised, where), without, standIns: missing.map((one) => standIn(one, missing, where)) }
}

const linuxHere = (linux: Spec['linux'], host: Host, where: Where): Spec['linux'] => ({
  ...linux,
  cgroupsPath: where.cgroup,
  resources: { ...linux.resources, ...blockIO(linux.resources, host), ...unified(linux.resources, host) },
  ...(linux.seccomp?.listenerPath === undefined ? {} : { seccomp: { ...linux.seccomp, listenerPath: where.agent } }),
  namespaces: linux.namespaces.map((one) => (one.path === undefined || host.exists(one.path) ? one : { ...one, path: where.namespaces[one.type] ?? one.path }))
})

const withProbe = (promised: Spec, where: Where): Spec => ({
  ...promised,
  process: { ...promised.process, args: [PROBE, JSON.stringify(askOf(promised)), ...promised.process.args] },
  ...(promised.hooks === undefined ? {} : { hooks: redirected(promised.hooks, where) })
})

// Below one directory the paths keep their order: a source inside another's stays inside it.
const standInFor = (source: string, { directory }: Where): string => `${directory}/stand-ins${source}`

const FILE = /^\/etc\/(?:hosts|hostname|localtime|passwd|group)$|[^/]\.(?!d$)[a-z]\w*$/

const standIn = (one: Mount, all: ReadonlyArray<Mount>, where: Where): StandIn => ({
  path: standInFor(one.source, where), kind: kindOf(one, all), shared: one.options.some((option) => /^r?(?:shared|slave)$/.test(option))
})

const kindOf = ({ source, destination }: Mount, all: ReadonlyArray<Mount>): StandIn['kind'] =>
  FILE.test(destination) && !all.some((one) => one.source.startsWith(`${source}/`)) ? 'file' : 'directory'

type Disk = { readonly major: number; readonly minor: number }

// A disk that is not here is any that is. Two that become one keep the limit of the first.
const blockIO = ({ blockIO: limits }: Spec['linux']['resources'], { disks }: Host): Pick<Spec['linux']['resources'], 'blockIO'> => {
  const here = <A extends Disk>(one: A): A => {
    const [major = 0, minor = 0] = (disks.includes(`${one.major}:${one.minor}`) ? `${one.major}:${one.minor}` : disks[0] ?? '').split(':').map(Number)
    return { ...one, major, minor }
  }
  const once = <A extends Disk>(list: ReadonlyArray<A>): ReadonlyArray<A> =>
    list.map(here).filter(({ major, minor }, index, all) => all.findIndex((one) => one.major === major && one.minor === minor) === index)
  return limits === undefined
    ? {}
    : { blockIO: Object.fromEntries(Object.entries(limits).map(([name, value]) => [name, typeof value === 'number' ? value : once(value as ReadonlyArray<Disk>)])) }
}

const unified = ({ unified: files }: Spec['linux']['resources'], { disks }: Host): Pick<Spec['linux']['resources'], 'unified'> =>
  files === undefined
    ? {}
    : { unified: Object.fromEntries(Object.entries(files).map(([name, value]) => [name, value.replace(/^\d+:\d+(?= )/, (disk) => (disks.includes(disk) ? disk : disks[0] ?? disk))])) }

const redirected = (hooks: Hooks, { probe, directory }: Where): Hooks =>
  Object.fromEntries(Object.entries(hooks).map(([stage, list]) => [
    stage, list.map((hook): Hook => ({ ...hook, path: probe, args: ['probe', 'hook', `${directory}/hooks`, stage, ...(hook.args ?? []).slice(1)] }))
  ]))
