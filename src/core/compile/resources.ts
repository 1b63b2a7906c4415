import { constant } from '../domain/canonical'
import { Cpu, DeviceRule, Memory, Resources } from '../domain/Resources'
import { Task, TaskDevice } from '../resolve/Task'

/** The resources of the cgroup: one description for both versions, which the runtime writes to either. */
export const resources = (task: Task): Resources => ({
  ...(Object.keys(task.limits.blockIO).length === 0 ? {} : { blockIO: task.limits.blockIO }),
  cpu: cpu(task),
  devices: deviceRules(task),
  memory: memory(task),
  ...(task.limits.pids === undefined ? {} : { pids: { limit: task.limits.pids } }),
  ...(Object.keys(task.limits.unified).length === 0 ? {} : { unified: task.limits.unified })
})

const cpu = ({ limits: { cpuShares, cpuQuota, cpuPeriod, cpus, mems } }: Task): Cpu => ({
  ...(cpus === '' ? {} : { cpus }),
  ...(mems === '' ? {} : { mems }),
  ...(cpuPeriod === undefined ? {} : { period: cpuPeriod }),
  ...(cpuQuota === undefined ? {} : { quota: cpuQuota }),
  shares: cpuShares
})

const memory = ({ limits }: Task): Memory => ({
  limit: limits.memoryLimitBytes,
  ...(limits.memoryReservationBytes > 0 ? { reservation: limits.memoryReservationBytes } : {}),
  ...(limits.memorySwapBytes === undefined ? {} : { swap: limits.memorySwapBytes }),
  ...(limits.memorySwappiness === undefined ? {} : { swappiness: limits.memorySwappiness })
})

const NOTHING: DeviceRule = constant({ access: 'rwm', allow: false })
const EVERYTHING: DeviceRule = constant({ access: 'rwm', allow: true })

// A later rule wins; what the runtime needs itself (/dev/null and the like) it adds behind these.
const deviceRules = ({ devices, confinement: { allDevices } }: Task): ReadonlyArray<DeviceRule> =>
  allDevices ? [EVERYTHING] : [NOTHING, ...devices.filter(({ access }) => access !== '').map(deviceRule)]

const deviceRule = ({ node, access }: TaskDevice): DeviceRule => ({
  // The cgroup knows character and block devices only; `u` is another word for the first.
  access, allow: true, major: node.major, minor: node.minor, type: node.type === 'b' ? 'b' : 'c'
})
