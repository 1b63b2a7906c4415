import { Reading } from '../core/watch/Reading'
import { ProcessStats, Stats } from '../core/watch/statsOf'
import {
  CPUUsage_Fields as Cpu, MemoryUsage, MemoryUsage_Fields as Memory, TaskResourceUsage, TaskStatsResponse
} from '../generated/nomad/driver'

const OF_PROCESS = [Cpu.SYSTEM_MODE, Cpu.USER_MODE, Cpu.PERCENT]
const CPU = [...OF_PROCESS, Cpu.THROTTLED_PERIODS, Cpu.THROTTLED_TIME, Cpu.TOTAL_TICKS]

/** One sample of a task as Nomad reads it. */
export const toSample = (id: string, { reading, processes, ...share }: Stats): TaskStatsResponse => ({
  stats: {
    id,
    timestamp: new Date(reading.atMs),
    resourceUsageByPid: byPid(processes),
    aggResourceUsage: {
      cpu: {
        systemMode: share.systemPercent,
        userMode: share.userPercent,
        totalTicks: share.ticks,
        throttledPeriods: big(reading.throttledPeriods),
        throttledTime: big(reading.throttledNs),
        percent: share.percent,
        measuredFields: CPU
      },
      memory: memoryOf(reading)
    }
  }
})

const big = (value: number | undefined): bigint =>
  value === undefined || value <= 0 ? 0n : BigInt(Math.round(value))

const memoryOf = (reading: Reading): MemoryUsage => ({
  rss: big(reading.rss),
  cache: big(reading.cache),
  maxUsage: big(reading.maxUsage),
  kernelUsage: big(reading.kernel),
  kernelMaxUsage: big(reading.kernelMax),
  usage: big(reading.usage),
  swap: big(reading.swap),
  measuredFields: measured(reading)
})

/** Nomad publishes what is measured; what is 0 because nobody tells it is not. */
const measured = ({ swap, maxUsage, kernel, kernelMax }: Reading): Array<Memory> => {
  const fields = [Memory.RSS, Memory.CACHE, Memory.USAGE]
  if (swap !== undefined) fields.push(Memory.SWAP)
  if (maxUsage !== undefined) fields.push(Memory.MAX_USAGE)
  if (kernel !== undefined) fields.push(Memory.KERNEL_USAGE)
  if (kernelMax !== undefined) fields.push(Memory.KERNEL_MAX_USAGE)
  return fields
}

const RSS = [Memory.RSS]

const byPid = (processes: ReadonlyArray<ProcessStats>): Record<string, TaskResourceUsage> => {
  const usage: Record<string, TaskResourceUsage> = {}
  for (const one of processes) usage[String(one.pid)] = ofProcess(one)
  return usage
}

const ofProcess = ({ percent, userPercent, systemPercent, rss }: ProcessStats): TaskResourceUsage => ({
  cpu: {
    systemMode: systemPercent, userMode: userPercent, percent, totalTicks: 0, throttledPeriods: 0n, throttledTime: 0n,
    measuredFields: OF_PROCESS
  },
  memory: {
    rss: big(rss), cache: 0n, maxUsage: 0n, kernelUsage: 0n, kernelMaxUsage: 0n, usage: 0n, swap: 0n,
    measuredFields: RSS
  }
})
