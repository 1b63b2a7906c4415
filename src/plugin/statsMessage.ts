import { Stats } from '../core/watch/statsOf'
import { CPUUsage_Fields as Cpu, MemoryUsage_Fields as Memory, TaskStatsResponse } from '../generated/nomad/driver'

const CPU = [Cpu.SYSTEM_MODE, Cpu.USER_MODE, Cpu.THROTTLED_PERIODS, Cpu.THROTTLED_TIME, Cpu.PERCENT, Cpu.TOTAL_TICKS]
const MEMORY = [Memory.RSS, Memory.CACHE, Memory.SWAP, Memory.USAGE]
const MEMORY_V1 = [...MEMORY, Memory.MAX_USAGE]

const big = (value: number): bigint => BigInt(Math.max(0, Math.round(value)))

/** One sample of a task as Nomad reads it. */
export const toSample = (id: string, stats: Stats): TaskStatsResponse => ({
  stats: {
    id,
    timestamp: new Date(stats.atMs),
    resourceUsageByPid: {},
    aggResourceUsage: {
      cpu: {
        systemMode: stats.systemPercent,
        userMode: stats.userPercent,
        totalTicks: stats.ticks,
        throttledPeriods: big(stats.throttledPeriods),
        throttledTime: big(stats.throttledNs),
        percent: stats.percent,
        measuredFields: CPU
      },
      memory: {
        rss: big(stats.rss),
        cache: big(stats.cache),
        maxUsage: big(stats.maxUsage),
        kernelUsage: 0n,
        kernelMaxUsage: 0n,
        usage: big(stats.usage),
        swap: big(stats.swap),
        measuredFields: stats.cgroups === 'v1' ? MEMORY_V1 : MEMORY
      }
    }
  }
})
