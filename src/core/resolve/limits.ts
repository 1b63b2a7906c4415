import { Allocation } from '../decode/Allocation'
import { clean } from '../domain/path'
import { HostFacts } from './Facts'
import { Limits } from './Task'

const MIB = 1024 * 1024
const MIN_SHARES = 2
const MAX_SHARES = 262_144

/** CPU and memory of the cgroup from what Nomad allocated (nomad-contract: memory rule of docker, exec and podman). */
export const limitsOf = ({ resources }: Allocation, host: HostFacts): Limits => ({
  cpuShares: sharesOf(resources.linuxResources.cpuShares, host.cpuMhz),
  cpus: resources.linuxResources.cpusetCpus,
  ...memoryOf(resources.allocatedResources.memory, resources.linuxResources.memoryLimitBytes)
})

// The kernel takes 2 to 262144; a host with more MHz than that is scaled so that ratios hold.
const sharesOf = (mhz: number, totalMhz: number): number => {
  const scaled = totalMhz > MAX_SHARES ? Math.floor((mhz / totalMhz) * MAX_SHARES) : Math.floor(mhz)
  return Math.min(MAX_SHARES, Math.max(MIN_SHARES, scaled))
}

type Memory = Pick<Limits, 'memoryLimitBytes' | 'memoryReservationBytes'>

const memoryOf = (
  { memoryMb, memoryMaxMb }: { readonly memoryMb: number; readonly memoryMaxMb: number },
  fallbackBytes: number
): Memory => {
  const reserved = memoryMb * MIB
  if (memoryMaxMb < 0) return { memoryLimitBytes: -1, memoryReservationBytes: reserved }
  if (memoryMaxMb > 0) return { memoryLimitBytes: Math.max(memoryMb, memoryMaxMb) * MIB, memoryReservationBytes: reserved }
  const limit = reserved > 0 ? reserved : fallbackBytes
  return { memoryLimitBytes: limit > 0 ? limit : -1, memoryReservationBytes: 0 }
}

const ROOT = '/sys/fs/cgroup'

/**
 * Where the container's cgroup goes. v2: the scope that Nomad made for the task. v1: below Nomad's parent in every
 * hierarchy (Nomad names only the cpuset one). Without either, below `/nomad`. Always absolute: a relative path would land
 * under containerd's own cgroup.
 */
export const cgroupsPathOf = ({ resources }: Allocation, host: HostFacts, containerId: string): string => {
  const given = resources.linuxResources.cpusetCgroup
  const below = clean(given).startsWith(`${ROOT}/`) ? clean(given).slice(ROOT.length) : ''
  if (host.cgroups === 'v2') return below === '' ? `/nomad/${containerId}` : below
  const parent = /^\/cpuset\/(.+)\/(?:share|reserve|shared|reserved)(?:\/[^/]+)?$/.exec(below)?.[1] ?? 'nomad'
  return `/${parent}/${containerId}`
}
