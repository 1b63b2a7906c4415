import { Linux, Namespace } from '../domain/Oci'
import { Task, TaskNetwork } from '../resolve/Task'
import { resources } from './resources'

/** The linux section: cgroup, namespaces, limits, devices, hidden paths, the filter. */
export const linux = (task: Task): Linux => ({
  cgroupsPath: task.cgroupsPath,
  namespaces: namespaces(task),
  ...idMappings(task),
  resources: resources(task),
  ...(task.devices.length === 0 ? {} : { devices: task.devices.map(({ node }) => node) }),
  ...(Object.keys(task.sysctl).length === 0 ? {} : { sysctl: task.sysctl }),
  ...confinement(task),
  ...rootfsPropagation(task)
})

type Confined = Pick<Linux, 'seccomp' | 'mountLabel' | 'maskedPaths' | 'readonlyPaths'>

const confinement = ({ confinement: { seccomp, selinux, maskedPaths, readonlyPaths } }: Task): Confined => ({
  ...(seccomp._tag === 'Unconfined' ? {} : { seccomp: seccomp.filter }),
  ...(selinux === undefined ? {} : { mountLabel: selinux.mount }),
  ...(maskedPaths.length === 0 ? {} : { maskedPaths }),
  ...(readonlyPaths.length === 0 ? {} : { readonlyPaths })
})

const namespaces = ({ network, namespaces: { pid, ipc, uts, cgroup, user } }: Task): ReadonlyArray<Namespace> => [
  ...(pid === 'host' ? [] : [PID]),
  ...(ipc === 'host' ? [] : [IPC]),
  ...(uts === 'host' ? [] : [UTS]),
  MOUNT,
  ...networkNamespace(network),
  ...(cgroup === 'host' ? [] : [CGROUP]),
  ...(user.length === 0 ? [] : [USER])
]

const PID: Namespace = { type: 'pid' }
const IPC: Namespace = { type: 'ipc' }
const UTS: Namespace = { type: 'uts' }
const MOUNT: Namespace = { type: 'mount' }
const CGROUP: Namespace = { type: 'cgroup' }
const USER: Namespace = { type: 'user' }

// A network namespace without a path is a new one; runc brings its loopback up.
const networkNamespace = (network: TaskNetwork): ReadonlyArray<Namespace> => {
  switch (network._tag) {
    case 'Host':
      return []
    case 'Join':
    case 'Cni':
      return [{ type: 'network', path: network.netns }]
    case 'Isolated':
      return [{ type: 'network' }]
  }
}

const idMappings = ({ namespaces: { user } }: Task): Pick<Linux, 'uidMappings' | 'gidMappings'> =>
  user.length === 0 ? {} : { uidMappings: user, gidMappings: user }

/** A mount only propagates when the root file system does (runtime-spec config-linux.md, rootfsPropagation). */
const rootfsPropagation = ({ mounts }: Task): { readonly rootfsPropagation?: string } => {
  const options = mounts.flatMap((mount) => mount.options)
  if (options.some((option) => option === 'rshared' || option === 'shared')) return { rootfsPropagation: 'rshared' }
  return options.some((option) => option === 'rslave' || option === 'slave') ? { rootfsPropagation: 'rslave' } : {}
}

