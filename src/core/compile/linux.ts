import { DeviceRule, Linux, Namespace, Resources } from '../domain/Oci'
import { Task } from '../resolve/Task'

/** The linux section: cgroup, namespaces, limits, devices, hidden paths. */
export const linux = (task: Task): Linux => ({
  cgroupsPath: task.cgroupsPath,
  namespaces: namespaces(task),
  resources: resources(task),
  ...(task.devices.length === 0 ? {} : { devices: task.devices.map(({ node }) => node) }),
  maskedPaths: MASKED,
  readonlyPaths: READONLY,
  ...rootfsPropagation(task)
})

/** containerd's masked paths (oci.populateDefaultUnixSpec), those of its newest release. */
const MASKED = [
  '/proc/acpi', '/proc/asound', '/proc/kcore', '/proc/keys', '/proc/latency_stats', '/proc/timer_list',
  '/proc/timer_stats', '/proc/sched_debug', '/sys/firmware', '/sys/devices/virtual/powercap', '/proc/scsi'
]

const READONLY = ['/proc/bus', '/proc/fs', '/proc/irq', '/proc/sys', '/proc/sysrq-trigger']

const namespaces = ({ network }: Task): ReadonlyArray<Namespace> => [
  { type: 'pid' },
  { type: 'ipc' },
  { type: 'uts' },
  { type: 'mount' },
  ...networkNamespace(network)
]

// A network namespace without a path is a new one; runc brings its loopback up.
const networkNamespace = (network: Task['network']): ReadonlyArray<Namespace> => {
  switch (network._tag) {
    case 'Host':
      return []
    case 'Join':
      return [{ type: 'network', path: network.netns }]
    case 'Isolated':
      return [{ type: 'network' }]
  }
}

const resources = (task: Task): Resources => ({
  cpu: { shares: task.limits.cpuShares, ...(task.limits.cpus === '' ? {} : { cpus: task.limits.cpus }) },
  memory: memory(task),
  devices: [{ allow: false, access: 'rwm' }, ...task.devices.map(deviceRule)]
})

const deviceRule = ({ node, access }: Task['devices'][number]): DeviceRule => ({
  allow: true, type: node.type, major: node.major, minor: node.minor, access
})

// Swap is pinned to the limit, as Docker does for Nomad, where the kernel accounts swap: elsewhere the write fails.
const memory = ({ limits, host }: Task): Resources['memory'] => ({
  limit: limits.memoryLimitBytes,
  ...(limits.memoryReservationBytes > 0 ? { reservation: limits.memoryReservationBytes } : {}),
  ...(host.swapAccounting && limits.memoryLimitBytes > 0 ? { swap: limits.memoryLimitBytes } : {})
})

/** A mount only propagates when the root file system does (runtime-spec config-linux.md, rootfsPropagation). */
const rootfsPropagation = ({ mounts }: Task): { readonly rootfsPropagation?: string } => {
  const options = mounts.flatMap((mount) => mount.options)
  if (options.some((option) => option === 'rshared' || option === 'shared')) return { rootfsPropagation: 'rshared' }
  return options.some((option) => option === 'rslave' || option === 'slave') ? { rootfsPropagation: 'rslave' } : {}
}
