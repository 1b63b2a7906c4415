import { Breaches } from '../spec'
import { isWhole, Law, named,unless } from './law'

export const unlimitedOrAbove = (name: string, value: number | undefined, min: number): Breaches =>
  unless(value === undefined || value === -1 || isWhole(value, min, Number.MAX_SAFE_INTEGER), `${name} ${String(value)}`)

// runc takes 0 for "not given", which is never what a spec that says 0 means.
export const memoryIsTaken: Law = ({ linux: { resources: { memory: { limit, reservation, swap, swappiness } } } }) => [
  ...unlimitedOrAbove('limit', limit, 1),
  ...unlimitedOrAbove('reservation', reservation, 1),
  ...unlimitedOrAbove('swap', swap, 1),
  ...named('swappiness', swappiness, 0, 100)
]

export const swapIncludesMemory: Law = ({ linux: { resources: { memory: { limit = 0, swap = 0 } } } }) =>
  unless(swap <= 0 || swap >= limit, `swap ${String(swap)} below limit ${String(limit)}`)

// 0 is "not given"; 1 becomes an endless weight on cgroup v2.
export const sharesAreTaken: Law = ({ linux: { resources: { cpu: { shares } } } }) => unless(shares === 0 || isWhole(shares, 2, 262_144), `shares ${String(shares)}`)

// The kernel's bounds: a period of 1 ms to 1 s, a quota of 1 ms at least.
export const bandwidthIsTaken: Law = ({ linux: { resources: { cpu: { quota, period } } } }) => [
  ...unlimitedOrAbove('quota', quota, 1000),
  ...named('period', period, 1000, 1_000_000)
]

export const isCpuList = (list: string): boolean =>
  /^\d+(-\d+)?(,\d+(-\d+)?)*$/.test(list) && list.split(',').every((range) => Number(range.split('-')[0]) <= Number(range.split('-').at(-1)))

export const cpuListsAreTaken: Law = ({ linux: { resources: { cpu: { cpus, mems } } } }) =>
  [cpus, mems].filter((list) => list !== undefined && !isCpuList(list)).map((list) => JSON.stringify(list))

export const pidsAreTaken: Law = ({ linux: { resources: { pids } } }) => unlimitedOrAbove('pids', pids?.limit, 1)

export const weightsAreTaken: Law = ({ linux: { resources: { blockIO = {} } } }) => [
  ...named('weight', blockIO.weight, 10, 1000),
  ...(blockIO.weightDevice ?? []).flatMap(({ major, minor, weight }) => named(`weight of ${String(major)}:${String(minor)}`, weight, 10, 1000))
]
