import { containerIdOf } from '../wanted/identity'
import { Request } from './Request'
import { PortMapping, TaskNetwork } from './Task'

const NETNS = '/var/run/netns'

/** The network of a task: the group's, the host's, one of its own by CNI, or only a loopback. */
export const networkOf = ({ task, allocation }: Request): TaskNetwork => {
  const netns = allocation.networkIsolationSpec?.path ?? ''
  if (netns !== '') return { _tag: 'Join', netns }
  if (task.host_network || task.network_mode === 'host') return { _tag: 'Host' }
  if (task.network_mode === '' || task.network_mode === 'none') return { _tag: 'Isolated' }
  const network = task.network_mode.startsWith('cni/') ? task.network_mode.slice('cni/'.length) : task.network_mode
  return { _tag: 'Cni', netns: `${NETNS}/${containerIdOf(allocation)}`, network, ports: portsOf({ task, allocation }) }
}

const portsOf = ({ task, allocation }: Pick<Request, 'task' | 'allocation'>): ReadonlyArray<PortMapping> => {
  const wanted = new Set(task.ports)
  return allocation.resources.ports
    .filter(({ label }) => wanted.has(label))
    .map(({ label, value, to, hostIp }) => ({ label, hostPort: value, containerPort: to > 0 ? to : value, hostIp }))
}
