import { posix } from 'node:path'

import { Mount, Spec } from '../../../src/core/domain/Oci'
import { Breaches, given, holds, same } from './Breach'
import { dataOptions } from './mountData'
import { EROFS, Outside, Place, Report, SeenMount } from './Report'

/** The mounts and the root of the spec, each seen as it was promised and nothing beside them. */
export const mounts = (spec: Spec, report: Report, outside: Outside): Breaches => [
  ...spec.mounts.flatMap((one) => mount(one, spec, report, outside)),
  ...strangers(spec, report),
  ...root(spec, report),
  ...given(spec.linux.maskedPaths, (paths) => paths.flatMap((path) => masked(path, report.paths[path]))),
  ...given(spec.linux.readonlyPaths, (paths) => paths.flatMap((path) => unwritable(path, report.paths[path])))
]

const pointOf = (destination: string): string => posix.normalize(destination).replace(/(?!^)\/$/, '')

const mount = (promised: Mount, spec: Spec, report: Report, { version, peers }: Outside): Breaches => {
  const at = `mounts ${promised.destination}`
  const seen = report.mounts.filter(({ point }) => point === pointOf(promised.destination)).at(-1)
  if (seen === undefined) return same(at, `a mount of ${promised.source}`, 'none')
  const place = report.destinations[promised.destination]
  return [
    ...(isBind(promised) ? source(at, promised, seen) : same(`${at} type`, kernelType(promised.type, version), seen.type)),
    ...flagged(promised, seen, report, version).flatMap((one) => flags(at, promised, one, one === seen ? place : undefined)),
    ...propagation(`${at} propagation`, promised.options, seen.tags, peers[promised.source]),
    // A remount of a bind takes no data, and a user namespace shows ids of its own.
    ...(isBind(promised) || spec.linux.uidMappings !== undefined ? [] : dataOptions(at, promised, seen, place)),
    ...holds(at, 'to be seen', place?.kind !== 'directory' || place.device === seen.device, 'another mount lies above it')
  ]
}

const isBind = ({ options }: Mount): boolean => options.includes('bind') || options.includes('rbind')

// On v1 runc makes a tmpfs with one mount for each hierarchy below it.
const kernelType = (type: string, version: Outside['version']): string => (type === 'cgroup' ? { v1: 'tmpfs', v2: 'cgroup2' }[version] : type)

// There the flags are those of the hierarchies; the tmpfs above them stays writable. What a bind of the host's /sys
// brought to the same place is covered.
const flagged = ({ type }: Mount, seen: SeenMount, { mounts: all }: Report, version: Outside['version']): ReadonlyArray<SeenMount> =>
  type === 'cgroup' && version === 'v1' ? all.slice(all.indexOf(seen)).filter((one) => one.type === 'cgroup' && one.point.startsWith(`${seen.point}/`)) : [seen]

// mountinfo names the directory within its file system: the end of the whole path, or the whole path behind a subvolume's name.
const source = (at: string, promised: Mount, { root: found }: SeenMount): Breaches =>
  holds(`${at} source`, promised.source, promised.source.endsWith(found) || found.endsWith(promised.source) || found === '/', found)

const OPPOSITES = { suid: 'nosuid', dev: 'nodev', exec: 'noexec' } as const

const flags = (at: string, { options }: Mount, seen: SeenMount, place: Place | undefined): Breaches => {
  const isSet = (flag: string): boolean => [...seen.options, ...seen.superOptions].includes(flag)
  const readonly = options.filter((one) => one === 'ro' || one === 'rw' || one === 'rro').at(-1)?.endsWith('ro') === true
  const wanted = (flag: string): boolean => options.includes(flag)
  return [
    ...holds(`${at} ro`, String(readonly), isSet('ro') === readonly, isSet('ro')),
    ...given(place, (there) => writing(at, readonly, there)),
    ...['nosuid', 'nodev', 'noexec', 'noatime', 'nodiratime', 'relatime'].filter(wanted).flatMap((flag) => holds(`${at} ${flag}`, 'set', isSet(flag), 'not set')),
    ...Object.entries(OPPOSITES).filter(([flag]) => wanted(flag)).flatMap(([flag, no]) => holds(`${at} ${flag}`, 'set', !isSet(no), no)),
    ...(wanted('strictatime') ? holds(`${at} strictatime`, 'set', !isSet('noatime') && !isSet('relatime'), seen.options) : [])
  ]
}

// Writing to a device through a read-only mount is allowed: it changes the device, not the file system.
const writing = (at: string, readonly: boolean, { kind, writing: errno }: Place): Breaches =>
  readonly
    ? holds(`${at} writing`, 'refused', errno !== 0 || kind === 'c' || kind === 'b', 'allowed')
    : holds(`${at} writing`, 'no EROFS', errno !== EROFS, 'EROFS')

// A mount that is shared with the host is in the same peer group there and here; a slave is told what happens in that group.
const propagation = (at: string, options: ReadonlyArray<string>, tags: ReadonlyArray<string>, peer: string | undefined): Breaches => {
  const wanted = options.map((one) => one.replace(/^r(?=shared|slave|private|unbindable)/, '')).filter((one) => one in KEPT).at(-1)
  return given(wanted, (kind) => holds(at, `${kind}${peer === undefined ? '' : ` of group ${peer}`}`, KEPT[kind]?.(tags, peer) === true, tags))
}

const KEPT: Readonly<Record<string, (tags: ReadonlyArray<string>, peer: string | undefined) => boolean>> = {
  shared: (tags, peer) => (peer === undefined ? has(tags, 'shared:') : tags.includes(`shared:${peer}`)),
  // "slave" of a mount that is shared with nobody is a private one.
  slave: (tags, peer) => !has(tags, 'shared:') && (peer === undefined || tags.includes(`master:${peer}`)),
  private: (tags) => !has(tags, 'shared:') && !has(tags, 'master:'),
  unbindable: (tags) => tags.includes('unbindable')
}

const has = (tags: ReadonlyArray<string>, start: string): boolean => tags.some((one) => one.startsWith(start))

/** Mounts that the spec does not name: only the parts of what it names, and what every container has. */
const strangers = ({ mounts: promised, linux, process }: Spec, report: Report): Breaches => {
  const named = new Set([
    '/', ...promised.map(({ destination }) => pointOf(destination)), ...(linux.maskedPaths ?? []), ...(linux.readonlyPaths ?? []),
    ...(linux.devices ?? []).map(({ path }) => path), ...(process.terminal ? ['/dev/console'] : []),
    // In a user namespace runc binds the host's nodes where it cannot make its own.
    ...(linux.uidMappings === undefined ? [] : ['null', 'zero', 'full', 'random', 'urandom', 'tty'].map((name) => `/dev/${name}`))
  ])
  const above = promised.filter((one) => one.options.includes('rbind') || one.type === 'cgroup').map(({ destination }) => `${pointOf(destination)}/`)
  return report.mounts
    .filter(({ point }) => !named.has(point) && !above.some((parent) => point.startsWith(parent)))
    .flatMap(({ point, type }) => same(`mounts ${point}`, 'no mount', type))
}

const root = ({ root: { readonly }, linux: { rootfsPropagation } }: Spec, report: Report): Breaches => [
  ...same('root.readonly', readonly, report.root.readonly),
  ...writing('root.readonly', readonly, report.root),
  ...rootPropagation(rootfsPropagation, report.mounts.find(({ point }) => point === '/')?.tags ?? [])
]

// runc 1.1 takes "shared" as leave to share binds with the host, and does not share the container's root itself.
const rootPropagation = (promised: string | undefined, tags: ReadonlyArray<string>): Breaches =>
  promised === undefined || /shared$/.test(promised) ? [] : propagation('linux.rootfsPropagation', [promised], tags, undefined)

const UNSEEN = ['absent', 'unreachable']

const masked = (path: string, place: Place | undefined): Breaches =>
  holds(`linux.maskedPaths ${path}`, 'reads empty', place !== undefined && (UNSEEN.includes(place.kind) || place.empty), place?.kind)

const unwritable = (path: string, place: Place | undefined): Breaches =>
  holds(`linux.readonlyPaths ${path}`, 'read-only', place !== undefined && (UNSEEN.includes(place.kind) || place.readonly), place?.kind)
