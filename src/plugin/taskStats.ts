import { status } from '@grpc/grpc-js'
import * as E from 'fp-ts/Either'

import { Reading, Stats, statsOf } from '../core/watch/statsOf'
import { reading } from '../effects/containerd/metrics'
import { CPUUsage_Fields as Cpu, MemoryUsage_Fields as Memory, TaskStatsResponse } from '../generated/nomad/driver'
import { pause } from './handlers'
import { PluginState } from './PluginState'
import { notFound, Refusal } from './Refusal'

const CPU = [Cpu.SYSTEM_MODE, Cpu.USER_MODE, Cpu.THROTTLED_PERIODS, Cpu.THROTTLED_TIME, Cpu.PERCENT, Cpu.TOTAL_TICKS]
const MEMORY = [Memory.RSS, Memory.CACHE, Memory.SWAP, Memory.USAGE]
const MEMORY_V1 = [...MEMORY, Memory.MAX_USAGE]

/** TaskStats: a sample every `stats_interval` until the task ends or Nomad hangs up. */
export const taskStats = async (
  state: PluginState, id: string, send: (sample: TaskStatsResponse) => void, cancelled: AbortSignal
): Promise<void> => {
  const task = state.tasks.get(id)
  if (task === undefined) throw notFound()
  // Nomad asks again and again after any other error.
  if (task.ending() !== undefined) throw new Refusal(status.FAILED_PRECONDITION, 'the task has ended', false)
  const { config, mhzPerCore = 0 } = state.configured()
  let before: Reading | undefined
  while (!cancelled.aborted && task.ending() === undefined) {
    const outcome = await reading(task.containerd, task.state.containerId, Date.now())()
    if (E.isRight(outcome) && outcome.right !== undefined) {
      send(toSample(id, statsOf(before, outcome.right, mhzPerCore)))
      before = outcome.right
    }
    await pause(config.stats_interval, cancelled)
  }
}

const big = (value: number): bigint => BigInt(Math.max(0, Math.round(value)))

const toSample = (id: string, stats: Stats): TaskStatsResponse => ({
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
