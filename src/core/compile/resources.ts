import { Cpu, DeviceRule, Memory, Resources } from '../domain/Resources'
import { Task, TaskDevice } from '../resolve/Task'

/** The resources of the cgroup: one description for both versions, which the runtime writes to either. */
export const resources = (task: Task): Resources => ({
  cpu: cpu(task),
  memory: memory(task),
  ...(task.limits.pids === undefined ? {} : { pids: { limit: task.limits.pids } }),
  ...(Object.keys(task.limits.blockIO).length === 0 ? {} : { blockIO: task.limits.blockIO }),
  ...(Object.keys(task.limits.unified).length === 0 ? {} : { unified: task.limits.unified }),
  devices: deviceRules(task)
})

const cpu = ({ limits: { cpuShares, cpuQuota, cpuPeriod, cpus, mems } }: Task): Cpu => ({
  shares: cpuShares,
  ...(cpuQuota === undefined ? {} : { quota: cpuQuota }),
  ...(cpuPeriod === undefined ? {} : { period: cpuPeriod }),
  ...(cpus === '' ? {} : { cpus }),
  ...(mems === '' ? {} : { mems })
})

const memory = ({ limits }: Task): Memory => ({
  limit: limits.memoryLimitBytes,
  ...(limits.memoryReservationBytes > 0 ? { reservation: limits.memoryReservationBytes } : {}),
  ...(limits.memorySwapBytes === undefined ? {} : { swap: limits.memorySwapBytes }),
  ...(limits.memorySwappiness === undefined ? {} : { swappiness: limits.memorySwappiness })
})

const NOTHING: DeviceRule = { allow: false, access: 'rwm' }
const EVERYTHING: DeviceRule = { allow: true, access: 'rwm' }

// A later rule wins; what the runtime needs itself (/dev/null and the like) it adds behind these.
const deviceRules = ({ devices, confinement: { allDevices } }: Task): ReadonlyArray<DeviceRule> =>
  allDevices ? [EVERYTHING] : [NOTHING, ...devices.filter(({ access }) => access !== '').map(deviceRule)]

const deviceRule = ({ node, access }: TaskDevice): DeviceRule => ({
  // The cgroup knows character and block devices only; `u` is another word for the first.
  allow: true, type: node.type === 'b' ? 'b' : 'c', major: node.major, minor: node.minor, access
})
