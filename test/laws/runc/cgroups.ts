import * as path from 'node:path'

import { CgroupLaw, isWhole,Law, unless, words } from './law'

// On v1 the limit of both stands beside one of memory that the kernel keeps below it; on v2 runc subtracts one from the other.
export const swapNeedsLimit: CgroupLaw = ({ linux: { resources: { memory: { limit = 0, swap = 0 } } } }, cgroups) =>
  unless(swap <= 0 || limit > 0 || (limit === -1 && cgroups === 'v2'), `swap ${String(swap)} without a limit of memory`)

export const CONTROLLERS = words('cpu cpuset io memory pids hugetlb rdma misc cgroup')

export const unifiedIsForV2: CgroupLaw = ({ linux: { resources: { unified = {} } } }, cgroups) =>
  Object.keys(unified).filter((file) => cgroups === 'v1' || !/^[a-z]+\.[^/]+$/.test(file) || !CONTROLLERS.includes(file.slice(0, file.indexOf('.'))))

// io.max answers ERANGE to a rate of 0; on v1 it means no limit.
export const ratesAreTaken: CgroupLaw = ({ linux: { resources: { blockIO = {} } } }, cgroups) =>
  [blockIO.throttleReadBpsDevice, blockIO.throttleWriteBpsDevice, blockIO.throttleReadIOPSDevice, blockIO.throttleWriteIOPSDevice]
    .flatMap((devices) => devices ?? [])
    .filter(({ rate }) => !isWhole(rate, cgroups === 'v2' ? 1 : 0, Number.MAX_SAFE_INTEGER))
    .map(({ major, minor, rate }) => `rate ${String(rate)} for ${String(major)}:${String(minor)}`)

// Three parts are for the systemd driver (slice:prefix:name), anything else is a path below the mount of the cgroups.
export const cgroupsPathIsTaken: Law = ({ linux: { cgroupsPath } }) =>
  unless(cgroupsPath.includes(':')
    ? /^[^/:]+\.slice:[^/:]*:[^/:]+$/.test(cgroupsPath)
    : path.posix.isAbsolute(cgroupsPath) && cgroupsPath !== '/' && path.posix.normalize(cgroupsPath) === cgroupsPath, cgroupsPath)
