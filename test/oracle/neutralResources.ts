import { Given } from './given'
import { flag, list, map, number, text } from './said'

/** Limits of the cgroup as the user of a client says them (task.go). -1 is no limit. */
export interface Resources {
  readonly shares: number
  readonly quota: number | null
  readonly period: number
  readonly cpus: string
  readonly mems: string
  readonly memory: number
  readonly reservation: string
  readonly swap: string
  readonly swappiness: number | null
  readonly pids: number | null
  readonly blockIO: { readonly weight: number } | null
  readonly rates: ReadonlyArray<Rate>
  readonly unified: Readonly<Record<string, string>>
}

interface Rate {
  readonly of: string
  readonly major: number
  readonly minor: number
  readonly amount: string
}

/** Nomad's numbers by the rules of its docker driver, and the task's words. */
export const resourcesOf = (given: Given): Resources => {
  const { task, plugin, allocation } = given
  const pids = number(task, 'pids_limit') ?? number(plugin, 'pids_limit')
  const weight = number(task, 'blkio_weight')
  return {
    ...cpuOf(given),
    ...memoryOf(given),
    cpus: text(task, 'cpuset_cpus') ?? text(allocation, 'resources', 'linuxResources', 'cpusetCpus') ?? '',
    mems: text(task, 'cpuset_mems') ?? '',
    swappiness: number(task, 'memory_swappiness') ?? null,
    pids: pids === undefined ? null : pids > 0 ? pids : -1,
    blockIO: weight === undefined ? null : { weight },
    rates: ratesOf(given),
    unified: map(task, 'cgroup_conf')
  }
}

const MAX_SHARES = 262_144

/** MHz are shares. A kernel takes 2 to 262144, so that a host with more is scaled down to that. */
const cpuOf = ({ task, allocation, host }: Given): Pick<Resources, 'shares' | 'quota' | 'period'> => {
  const mhz = number(allocation, 'resources', 'linuxResources', 'cpuShares') ?? 0
  const ticks = number(allocation, 'resources', 'linuxResources', 'PercentTicks') ?? 0
  const period = number(task, 'cpu_cfs_period') ?? 100_000
  const shares = Math.floor(host.cpuMhz > MAX_SHARES ? (mhz / host.cpuMhz) * MAX_SHARES : mhz)
  const quota = Math.floor((ticks > 0 ? ticks : mhz / host.cpuMhz) * period) * host.cpuCores
  return { shares: Math.min(Math.max(shares, 2), MAX_SHARES), quota: flag(task, 'cpu_hard_limit') === true ? Math.max(quota, 1000) : null, period }
}

const MIB = 1024 * 1024

/** `memory` is the limit, or what is reserved below a higher one; -1 as the maximum is no limit. Swap is pinned to the limit. */
const memoryOf = ({ task, allocation, host }: Given): Pick<Resources, 'memory' | 'reservation' | 'swap'> => {
  const memory = (number(allocation, 'resources', 'allocatedResources', 'memory', 'memoryMb') ?? 0) * MIB
  const maximum = number(allocation, 'resources', 'allocatedResources', 'memory', 'memoryMaxMb') ?? 0
  const hard = Math.max(maximum, number(task, 'memory_hard_limit') ?? 0) * MIB
  const bytes = number(allocation, 'resources', 'linuxResources', 'memoryLimitBytes') ?? 0
  const limit = hard > 0 ? Math.max(hard, memory) : maximum < 0 ? -1 : [memory, bytes].find((one) => one > 0) ?? -1
  const reserved = hard > 0 || maximum < 0 ? memory : 0
  return {
    memory: limit,
    reservation: text(task, 'memory_reservation') ?? (reserved > 0 ? String(reserved) : ''),
    swap: text(task, 'memory_swap') ?? (host.swapAccounting && limit > 0 ? String(limit) : '')
  }
}

const RATES: Readonly<Record<string, string>> = {
  blkio_weight_device: 'weight', device_read_bps: 'readBps', device_write_bps: 'writeBps', device_read_iops: 'readIOPS', device_write_iops: 'writeIOPS'
}

const ratesOf = ({ task, devices }: Given): ReadonlyArray<Rate> =>
  Object.entries(RATES).flatMap(([option, of]) => (list(task, option) ?? []).map((entry) => rateOf(entry, of, devices)))

const rateOf = (entry: string, of: string, devices: Given['devices']): Rate => {
  const [path = '', amount = ''] = entry.split(':')
  const { major = -1, minor = -1 } = devices[path] ?? {}
  return { of, major, minor, amount }
}

