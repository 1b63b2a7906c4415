import { Allocation } from '../decode/Allocation'
import { TaskConfig } from '../decode/TaskConfig'

/** A network that the driver makes for a task alone: its own bridge, or one that a conflist of the host describes. */
export type OwnNetwork = { readonly _tag: 'Bridge' } | { readonly _tag: 'Named'; readonly name: string }

/** Where the network of the group is, which Nomad made for all tasks in it; `""` where there is none. */
export const groupNamespace = (allocation: Pick<Allocation, 'networkIsolationSpec'> | undefined): string =>
  allocation?.networkIsolationSpec?.path ?? ''

type Asked = Partial<Pick<TaskConfig, 'network_mode' | 'host_network' | 'ports'>>

const CNI = 'cni/'

/**
 * The network that a task asks for. As under docker, published ports ask for the bridge where neither the group nor the
 * task names a network.
 */
export const ownNetwork = (
  { network_mode: mode = '', host_network: isHost = false, ports = [] }: Asked,
  allocation: Pick<Allocation, 'networkIsolationSpec'> | undefined
): OwnNetwork | undefined => {
  if (isHost || groupNamespace(allocation) !== '') return undefined
  if (mode.startsWith(CNI)) return { _tag: 'Named', name: mode.slice(CNI.length) }
  return mode === 'bridge' || (mode === '' && ports.length > 0) ? { _tag: 'Bridge' } : undefined
}
