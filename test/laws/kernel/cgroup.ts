import { Spec } from '../../../src/core/domain/Oci'
import { BlockIO, Resources } from '../../../src/core/domain/Resources'
import { Breach, Breaches, given, holds, same } from './Breach'
import { Outside, Report } from './Report'

// In v1 with the hierarchy that each file is in.
const FILES: Readonly<Record<Outside['version'], Readonly<Record<string, string>>>> = {
  v1: {
    'memory.limit_in_bytes': 'memory', 'memory.memsw.limit_in_bytes': 'memory', 'memory.soft_limit_in_bytes': 'memory', 'memory.swappiness': 'memory',
    'cpu.shares': 'cpu', 'cpu.cfs_quota_us': 'cpu', 'cpu.cfs_period_us': 'cpu', 'cpuset.cpus': 'cpuset', 'cpuset.mems': 'cpuset', 'pids.max': 'pids',
    'blkio.weight': 'blkio', 'blkio.bfq.weight': 'blkio', 'blkio.throttle.read_bps_device': 'blkio', 'blkio.throttle.write_bps_device': 'blkio',
    'blkio.throttle.read_iops_device': 'blkio', 'blkio.throttle.write_iops_device': 'blkio'
  },
  v2: Object.fromEntries([
    'memory.max', 'memory.swap.max', 'memory.low', 'cpu.weight', 'cpu.max', 'cpuset.cpus', 'cpuset.mems', 'pids.max', 'io.weight', 'io.bfq.weight', 'io.max'
  ].map((name) => [name, '']))
}

/** The files to read of a container's cgroup, each with its hierarchy in v1. */
export const filesToRead = (version: Outside['version'], { unified = {} }: Resources): Readonly<Record<string, string>> =>
  ({ ...FILES[version], ...Object.fromEntries(Object.keys(unified).map((name) => [name, ''])) })

/** In which cgroup the process is, and what its files hold. */
export const cgroup = ({ linux, mounts }: Spec, report: Report, outside: Outside): Breaches => [
  ...membership(linux, report, outside),
  ...(mounts.some(({ type }) => type === 'cgroup') ? seenInside(report, outside) : []),
  ...(outside.version === 'v1' ? filesV1(linux.resources, outside.files) : filesV2(linux.resources, outside.files))
]

const membership = ({ cgroupsPath, namespaces }: Spec['linux'], { cgroups }: Report, { version }: Outside): Breaches => {
  const promised = namespaces.some(({ type, path }) => type === 'cgroup' && path === undefined) ? '/' : cgroupsPath
  return cgroups
    .filter(({ controllers }) => (version === 'v1' ? controllers !== '' && !controllers.startsWith('name=') : controllers === ''))
    .flatMap(({ controllers, path }) => same(`linux.cgroupsPath ${controllers}`, promised, path))
}

const LIMITS = { v1: ['memory.limit_in_bytes', 'cpu.shares', 'cpu.cfs_quota_us', 'pids.max', 'cpuset.cpus'], v2: ['memory.max', 'cpu.max', 'cpu.weight', 'pids.max', 'cpuset.cpus'] }

/** What the host reads of the container's cgroup is what a program in it reads. */
const seenInside = ({ ownCgroup }: Report, { version, files }: Outside): Breaches =>
  LIMITS[version].flatMap((name) => given(files[name] || undefined, (value) => same(`mounts /sys/fs/cgroup ${name}`, value, ownCgroup[name])))

type Files = Outside['files']

const PAGE = 4096
const NO_LIMIT_V1 = '9223372036854771712'

const pages = (bytes: number): string => String(Math.floor(bytes / PAGE) * PAGE)

const filesV1 = ({ memory, cpu, pids, blockIO }: Resources, files: Files): Breaches => {
  const file = (name: string, value: number | string): Breaches => same(name, String(value), files[name])
  const bytes = (name: string, value: number | undefined): Breaches => given(value, (limit) => file(name, limit < 0 ? NO_LIMIT_V1 : pages(limit)))
  return [
    ...bytes('memory.limit_in_bytes', memory.limit),
    ...bytes('memory.memsw.limit_in_bytes', memory.swap),
    ...bytes('memory.soft_limit_in_bytes', memory.reservation),
    ...given(memory.swappiness, (value) => file('memory.swappiness', value)),
    ...(cpu.shares > 0 ? file('cpu.shares', Math.min(Math.max(cpu.shares, 2), 262144)) : []),
    ...given(cpu.quota, (value) => file('cpu.cfs_quota_us', value)),
    ...given(cpu.period, (value) => file('cpu.cfs_period_us', value)),
    ...given(cpu.cpus, (value) => list('cpuset.cpus', value, files)),
    ...given(cpu.mems, (value) => list('cpuset.mems', value, files)),
    ...given(pids, ({ limit }) => file('pids.max', limit > 0 ? limit : 'max')),
    ...given(blockIO?.weight, (value) => same('blkio.weight', String(value), files['blkio.weight'] ?? files['blkio.bfq.weight'])),
    ...THROTTLES.flatMap(([promise, name]) => (blockIO?.[promise] ?? []).flatMap(({ major, minor, rate }) => hasLine(name, `${major}:${minor} ${rate}`, files)))
  ]
}

type Throttle = Exclude<keyof BlockIO, 'weight' | 'weightDevice'>

const THROTTLES: ReadonlyArray<readonly [Throttle, string, string]> = [
  ['throttleReadBpsDevice', 'blkio.throttle.read_bps_device', 'rbps'], ['throttleWriteBpsDevice', 'blkio.throttle.write_bps_device', 'wbps'],
  ['throttleReadIOPSDevice', 'blkio.throttle.read_iops_device', 'riops'], ['throttleWriteIOPSDevice', 'blkio.throttle.write_iops_device', 'wiops']
]

/** Shares of v1 (2 to 262144) as a weight of v2 (1 to 10000), as every runtime computes it. */
export const weightOf = (shares: number): number => 1 + Math.floor(((shares - 2) * 9999) / 262142)

const filesV2 = ({ memory, cpu, pids, blockIO, unified }: Resources, files: Files): Breaches => {
  const own = (name: string): boolean => unified === undefined || !(name in unified)
  const file = (name: string, value: number | string): Breaches => (own(name) ? same(name, String(value), files[name]) : [])
  const limit = memory.limit ?? 0
  return [
    ...given(memory.limit, (value) => file('memory.max', value < 0 ? 'max' : pages(value))),
    ...given(memory.swap ?? (limit === -1 ? -1 : undefined), (value) => file('memory.swap.max', value < 0 ? 'max' : pages(value - limit))),
    ...given(memory.reservation, (value) => file('memory.low', value < 0 ? 'max' : pages(value))),
    // No file of v2 corresponds: a spec that promises it there promises too much.
    ...given(memory.swappiness, (value) => same('memory.swappiness', String(value), 'cgroup v2 has none')),
    ...(cpu.shares > 0 ? file('cpu.weight', weightOf(cpu.shares)) : []),
    ...(cpu.quota === undefined && cpu.period === undefined ? [] : file('cpu.max', `${(cpu.quota ?? 0) > 0 ? cpu.quota : 'max'} ${cpu.period ?? 100000}`)),
    ...given(cpu.cpus, (value) => (own('cpuset.cpus') ? list('cpuset.cpus', value, files) : [])),
    ...given(cpu.mems, (value) => (own('cpuset.mems') ? list('cpuset.mems', value, files) : [])),
    ...given(pids, (value) => file('pids.max', value.limit > 0 ? value.limit : 'max')),
    ...given(blockIO?.weight, (value) => weightV2(value, files)),
    ...THROTTLES.flatMap(([promise, , key]) => (blockIO?.[promise] ?? []).flatMap(({ major, minor, rate }) => hasPart('io.max', `${major}:${minor}`, `${key}=${rate}`, files))),
    ...Object.entries(unified ?? {}).flatMap(([name, value]) => holds(`unified ${name}`, value, agrees(value, files[name]), files[name]))
  ]
}

const weightV2 = (weight: number, files: Files): Breaches => {
  const bfq = files['io.bfq.weight']
  return bfq === undefined
    ? same('io.weight', `default ${1 + Math.floor(((weight - 10) * 9999) / 990)}`, files['io.weight'])
    : same('io.bfq.weight', `default ${weight}`, bfq.startsWith('default') ? bfq : `default ${bfq}`)
}

/** "0-2,4" as the numbers it means. */
export const membersOf = (ranges: string): ReadonlyArray<number> =>
  ranges.split(',').filter((one) => one !== '').flatMap((range) => {
    const [first = NaN, last = first] = range.split('-').map(Number)
    return Array.from({ length: last - first + 1 }, (_, index) => first + index)
  }).sort((a, b) => a - b)

const list = (name: string, promised: string, files: Files): Breaches => same(name, membersOf(promised), membersOf(files[name] ?? ''))

const hasLine = (name: string, line: string, files: Files): ReadonlyArray<Breach> =>
  holds(name, line, (files[name] ?? '').split('\n').includes(line), files[name])

const hasPart = (name: string, device: string, part: string, files: Files): Breaches =>
  holds(name, `${device} ${part}`, (files[name] ?? '').split('\n').some((line) => line.startsWith(`${device} `) && line.split(' ').includes(part)), files[name])

// The kernel prints a size in whole pages, fills in defaults ("max 100000") and adds lines of its own.
const agrees = (promised: string, seen: string | undefined): boolean => {
  const parts = (seen ?? '').split(/\s+/)
  const inPages = /^\d+$/.test(promised) && pages(Number(promised)) === seen
  return seen === promised.trim() || inPages || promised.trim().split(/\s+/).every((part) => parts.includes(part)) ||
    (/^[\d,-]+$/.test(promised) && membersOf(promised).join() === membersOf(seen ?? '').join())
}
