import * as E from 'fp-ts/Either'
import { pipe } from 'fp-ts/function'
import * as TE from 'fp-ts/TaskEither'

import { Failure } from '../../core/domain/Failure'
import { Reading } from '../../core/watch/Reading'
import { Metrics as Metrics1 } from '../../generated/containerd/cgroups1'
import { Metrics as Metrics2 } from '../../generated/containerd/cgroups2'
import { Any } from '../../generated/containerd/containerd'
import { call } from './call'
import { Containerd } from './Containerd'

const V1 = 'io.containerd.cgroups.v1.Metrics'
const V2 = 'io.containerd.cgroups.v2.Metrics'

const dataOf = (containerd: Containerd, id: string): TE.TaskEither<Failure, Any | undefined> =>
  pipe(
    call(containerd, `measure ${id}`, ['tasks', 'metrics'], { filters: [`id==${id}`] }),
    TE.map(({ metrics }) => metrics.find((one) => one.id === id)?.data)
  )

/** One reading of a task's cgroup; undefined when containerd has none. */
export const reading = (
  containerd: Containerd,
  id: string,
  atMs: number
): TE.TaskEither<Failure, Reading | undefined> =>
  pipe(
    dataOf(containerd, id),
    TE.map((data): Reading | undefined => {
      if (data?.typeUrl === V1) return reading1(Metrics1.decode(data.value), atMs)
      return data?.typeUrl === V2 ? reading2(Metrics2.decode(data.value), atMs) : undefined
    })
  )

/** How many processes of a task the kernel killed for want of memory; 0 when nobody can tell any more. */
export const oomKills = async (containerd: Containerd, id: string): Promise<number> => {
  const outcome = await dataOf(containerd, id)()
  const data = E.isRight(outcome) ? outcome.right : undefined
  if (data?.typeUrl === V1) return kills1(Metrics1.decode(data.value))
  return data?.typeUrl === V2 ? kills2(Metrics2.decode(data.value)) : 0
}

const n = (value: bigint | undefined): number => Number(value ?? 0n)

const kills1 = ({ memoryOomControl }: Metrics1): number => n(memoryOomControl?.oomKill)

const kills2 = ({ memoryEvents }: Metrics2): number => n(memoryEvents?.oomKill)

const NS_PER_US = 1000

const reading1 = (metrics: Metrics1, atMs: number): Reading => ({
  ...figures1(metrics), atMs, oomKills: kills1(metrics), processes: []
})

const figures1 = ({ cpu, memory }: Metrics1): Omit<Reading, 'atMs' | 'oomKills' | 'processes'> => ({
  cgroups: 'v1',
  cpuNs: n(cpu?.usage?.total),
  userNs: n(cpu?.usage?.user),
  systemNs: n(cpu?.usage?.kernel),
  throttledPeriods: n(cpu?.throttling?.throttledPeriods),
  throttledNs: n(cpu?.throttling?.throttledTime),
  rss: n(memory?.totalRss),
  cache: n(memory?.totalCache),
  // memsw counts memory and swap together.
  swap: Math.max(0, n(memory?.swap?.usage) - n(memory?.usage?.usage)),
  usage: n(memory?.usage?.usage),
  maxUsage: n(memory?.usage?.max),
  kernel: n(memory?.kernel?.usage),
  kernelMax: n(memory?.kernel?.max)
})

const reading2 = (metrics: Metrics2, atMs: number): Reading => ({
  ...figures2(metrics), atMs, oomKills: kills2(metrics), processes: []
})

const figures2 = ({ cpu, memory }: Metrics2): Omit<Reading, 'atMs' | 'oomKills' | 'processes'> => ({
  cgroups: 'v2',
  cpuNs: n(cpu?.usageUsec) * NS_PER_US,
  userNs: n(cpu?.userUsec) * NS_PER_US,
  systemNs: n(cpu?.systemUsec) * NS_PER_US,
  throttledPeriods: n(cpu?.nrThrottled),
  throttledNs: n(cpu?.throttledUsec) * NS_PER_US,
  rss: n(memory?.anon),
  cache: n(memory?.file),
  swap: n(memory?.swapUsage),
  usage: n(memory?.usage),
  // containerd before 2.0 does not tell it.
  maxUsage: memory === undefined || memory.maxUsage === 0n ? undefined : n(memory.maxUsage),
  kernel: n(memory?.kernelStack) + n(memory?.slab),
  kernelMax: undefined
})
