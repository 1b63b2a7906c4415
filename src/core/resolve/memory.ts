import * as E from 'fp-ts/Either'

import { Allocation } from '../decode/Allocation'
import { TaskConfig } from '../decode/TaskConfig'
import { unless } from '../domain/collected'
import { inAllocation, inTask } from '../domain/DocumentPath'
import { Issue, Issues } from '../domain/Issue'
import { HostFacts } from '../facts/Facts'
import { byPolicy } from '../policy/Decoded'
import { Policy } from '../policy/Policy'
import { Limits } from './Task'

const MIB = 1024 * 1024

type Memory = Pick<Limits, 'memoryLimitBytes' | 'memoryReservationBytes' | 'memorySwapBytes' | 'memorySwappiness'>

/**
 * Memory and swap of the cgroup: Nomad's rule (docker, exec and podman drivers), the job's own words, the operator's
 * ceiling.
 */
export const memoryOf = (
  task: TaskConfig,
  { resources }: Allocation,
  policy: Policy,
  host: HostFacts
): E.Either<Issues, Memory> => {
  const given = asked(
    resources.allocatedResources.memory,
    resources.linuxResources.memoryLimitBytes,
    task.memory_hard_limit ?? 0
  )
  const most = policy.memory_hard_limit === undefined ? -1 : policy.memory_hard_limit * MIB
  const limit = given.limit < 0 ? most : given.limit
  const reservation = task.memory_reservation ?? given.reservation
  const issues = [
    ...tooMuch(limit, most),
    ...reserved(task, reservation, limit),
    ...swap(task, limit, host),
    ...tooMuchSwap(task, most),
    ...swappiness(task, host)
  ]
  return unless(issues, {
    memoryLimitBytes: limit,
    memoryReservationBytes: reservation,
    // Swap is pinned to the limit, as Docker does for Nomad, where the kernel accounts swap: elsewhere the write fails.
    memorySwapBytes: task.memory_swap ?? (host.swapAccounting && limit > 0 ? limit : undefined),
    memorySwappiness: task.memory_swappiness
  })
}

interface Asked {
  readonly limit: number
  readonly reservation: number
}

/**
 * memory_max -1: no limit. A maximum (memory_max, memory_hard_limit): the limit, `memory` reserved. Else `memory` is
 * the limit.
 */
const asked = (
  { memoryMb, memoryMaxMb }: { readonly memoryMb: number; readonly memoryMaxMb: number },
  fallbackBytes: number,
  hardLimitMb: number
): Asked => {
  const memory = memoryMb * MIB
  if (memoryMaxMb < 0 && hardLimitMb <= 0) return { limit: -1, reservation: memory }
  const maximum = Math.max(memoryMaxMb, hardLimitMb)
  if (maximum > 0) return { limit: Math.max(memoryMb, maximum) * MIB, reservation: memory }
  const limit = memory > 0 ? memory : fallbackBytes
  return { limit: limit > 0 ? limit : -1, reservation: 0 }
}

// What Nomad allocated in megabytes is checked with the policy; a limit in bytes alone is seen here.
const tooMuch = (limit: number, most: number): ReadonlyArray<Issue> =>
  most > 0 && limit > most
    ? [
        byPolicy(
          inAllocation('resources', 'linuxResources', 'memoryLimitBytes'),
          limit,
          'memory_hard_limit',
          `allows at most ${String(most / MIB)} MB`
        )
      ]
    : []

const reserved = (
  { memory_reservation: written }: TaskConfig,
  reservation: number,
  limit: number
): ReadonlyArray<Issue> =>
  written !== undefined && limit > 0 && reservation > limit
    ? [Issue('BadValue', inTask('memory_reservation'), written, `is above the memory limit of ${String(limit)} bytes`)]
    : []

const swap = ({ memory_swap: wanted }: TaskConfig, limit: number, host: HostFacts): ReadonlyArray<Issue> => {
  if (wanted === undefined) return []
  const refuse = (reason: string, hint?: string): ReadonlyArray<Issue> => [
    Issue('BadValue', inTask('memory_swap'), wanted, reason, hint)
  ]
  if (!host.swapAccounting)
    return refuse(
      "needs a kernel that accounts swap, and this host's does not",
      'boot it with `swapaccount=1`, or leave it out'
    )
  if (limit <= 0)
    return refuse('needs a memory limit, and the task has none', 'set `memory_max` or `memory_hard_limit`')
  return wanted > 0 && wanted < limit
    ? refuse(`is below the memory limit of ${String(limit)} bytes; it counts memory and swap together`)
    : []
}

const tooMuchSwap = ({ memory_swap: wanted }: TaskConfig, most: number): ReadonlyArray<Issue> =>
  wanted !== undefined && most > 0 && (wanted < 0 || wanted > most)
    ? [byPolicy(inTask('memory_swap'), wanted, 'memory_hard_limit', `allows at most ${String(most / MIB)} MB`)]
    : []

const swappiness = ({ memory_swappiness: wanted }: TaskConfig, { cgroups }: HostFacts): ReadonlyArray<Issue> =>
  wanted !== undefined && cgroups === 'v2'
    ? [
        Issue(
          'BadValue',
          inTask('memory_swappiness'),
          wanted,
          'exists on cgroup v1 only, and this host has v2',
          'use `memory_swap`'
        )
      ]
    : []
