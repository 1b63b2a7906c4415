import * as E from 'fp-ts/Either'
import { pipe } from 'fp-ts/function'

import { Allocation } from '../decode/Allocation'
import { TaskConfig } from '../decode/TaskConfig'
import { collected, Outcome } from '../domain/collected'
import { inTask } from '../domain/DocumentPath'
import { Issue, Issues } from '../domain/Issue'
import { clean } from '../domain/path'
import { Facts, HostFacts } from '../facts/Facts'
import { blockIOOf } from './blockIO'
import { cpusOf } from './cpuShare'
import { memoryOf } from './memory'
import { Request } from './Request'
import { Limits } from './Task'

const MIN_SHARES = 2
const MAX_SHARES = 262_144

/** The limits of the cgroup from what Nomad allocated and what the job adds. */
export const limitsOf = (
  { task, allocation, policy }: Request,
  facts: Facts,
  host: HostFacts
): E.Either<Issues, Limits> => {
  const parts = collected({
    memory: memoryOf(task, allocation, policy, host),
    blockIO: blockIOOf(task, facts),
    unified: rawOnV2(task, host),
    cpuQuota: quotaOf(task, allocation, host)
  })
  return pipe(parts, E.map(({ memory, ...others }): Limits => ({
    cpuShares: sharesOf(allocation.resources.linuxResources.cpuShares, host.cpuMhz),
    cpuPeriod: task.cpu_hard_limit ? task.cpu_cfs_period : undefined,
    cpus: cpusOf(task.cpuset_cpus, allocation, facts),
    mems: task.cpuset_mems ?? '',
    pids: pidsOf(task.pids_limit, policy.pids_limit),
    ...memory,
    ...others
  })))
}

// The kernel takes 2 to 262144; a host with more MHz than that is scaled so that ratios hold.
const sharesOf = (mhz: number, totalMhz: number): number => {
  const scaled = totalMhz > MAX_SHARES ? Math.floor((mhz / totalMhz) * MAX_SHARES) : Math.floor(mhz)
  return Math.min(MAX_SHARES, Math.max(MIN_SHARES, scaled))
}

// The kernel takes no less than a millisecond.
const MIN_QUOTA = 1000

/**
 * The docker driver's rule: the task's part of all CPU, in each period, on every core. Offline the part is reckoned
 * from the host's MHz.
 */
const quotaOf = (
  { cpu_hard_limit: isHard, cpu_cfs_period: period }: TaskConfig,
  { resources }: Allocation,
  host: HostFacts
): Outcome<number | undefined> => {
  if (!isHard) return E.right(undefined)
  const { PercentTicks: told, cpuShares: mhz } = resources.linuxResources
  if (told <= 0 && host.cpuMhz <= 0)
    return E.left(
      Issue('BadValue', inTask('cpu_hard_limit'), true, 'needs to know how many MHz the host has, and nobody said')
    )
  const part = told > 0 ? told : mhz / host.cpuMhz
  return E.right(Math.max(MIN_QUOTA, Math.floor(part * period) * host.cpuCores))
}

const pidsOf = (wanted: number | undefined, most: number | undefined): number | undefined => {
  const limit = wanted ?? most
  return limit !== undefined && limit <= 0 ? -1 : limit
}

// runc creates nothing: "cannot use unified on cgroup v1".
const rawOnV2 = ({ cgroup_conf: conf }: TaskConfig, { cgroups }: HostFacts): Outcome<TaskConfig['cgroup_conf']> =>
  cgroups === 'v1' && Object.keys(conf).length > 0
    ? E.left(Issue(
        'BadValue',
        inTask('cgroup_conf'),
        conf,
        'needs cgroup v2, and this host has v1',
        'leave it out, or place the task on a host with v2'
      ))
    : E.right(conf)

const ROOT = '/sys/fs/cgroup'

/**
 * Where the container's cgroup goes. v2: the scope that Nomad made for the task. v1: below Nomad's parent in every
 * hierarchy (Nomad names only the cpuset one). Without either, below `/nomad`. Always absolute: a relative path would
 * land
 * under containerd's own cgroup.
 */
export const cgroupsPathOf = ({ resources }: Allocation, host: HostFacts, containerId: string): string => {
  const given = resources.linuxResources.cpusetCgroup
  const below = clean(given).startsWith(`${ROOT}/`) ? clean(given).slice(ROOT.length) : ''
  if (host.cgroups === 'v2') return below === '' ? `/nomad/${containerId}` : below
  const parent = /^\/cpuset\/(.+)\/(?:share|reserve|shared|reserved)(?:\/[^/]+)?$/.exec(below)?.[1] ?? 'nomad'
  return `/${parent}/${containerId}`
}
