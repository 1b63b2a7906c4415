import { constant } from '../domain/canonical'
import { Linux, Namespace } from '../domain/Oci'
import { Task, TaskNetwork } from '../resolve/Task'
import { resources } from './resources'

/** The linux section: cgroup, namespaces, limits, devices, hidden paths, the filter. */
export const linux = (task: Task): Linux => {
  const { confinement: { seccomp, selinux, maskedPaths, readonlyPaths }, namespaces: { user } } = task
  return {
    cgroupsPath: task.cgroupsPath,
    ...(task.devices.length === 0 ? {} : { devices: task.devices.map(({ node }) => node) }),
    ...(user.length === 0 ? {} : { gidMappings: user }),
    ...(maskedPaths.length === 0 ? {} : { maskedPaths }),
    ...(selinux === undefined ? {} : { mountLabel: selinux.mount }),
    namespaces: namespaces(task),
    ...(readonlyPaths.length === 0 ? {} : { readonlyPaths }),
    resources: resources(task),
    ...rootfsPropagation(task),
    ...(seccomp._tag === 'Unconfined' ? {} : { seccomp: seccomp.filter }),
    ...sysctl(task),
    ...(user.length === 0 ? {} : { uidMappings: user })
  }
}

/**
 * The kernel's parameters. The domain name is one, as in Docker: runc sets the field of the spec from 1.2.0 only. In a
 * namespace of users nobody may write it.
 */
const sysctl = ({ sysctl: asked, domainname, namespaces: { user } }: Task): Pick<Linux, 'sysctl'> => {
  const all = { ...(domainname === '' || user.length > 0 ? {} : { 'kernel.domainname': domainname }), ...asked }
  return Object.keys(all).length === 0 ? {} : { sysctl: all }
}

const namespaces = ({ network, namespaces: { pid, ipc, uts, cgroup, user } }: Task): ReadonlyArray<Namespace> => [
  ...(pid === 'host' ? [] : [PID]),
  ...(ipc === 'host' ? [] : [IPC]),
  ...(uts === 'host' ? [] : [UTS]),
  MOUNT,
  ...networkNamespace(network),
  ...(cgroup === 'host' ? [] : [CGROUP]),
  ...(user.length === 0 ? [] : [USER])
]

const NETWORK: Namespace = constant({ type: 'network' })
const PID: Namespace = constant({ type: 'pid' })
const IPC: Namespace = constant({ type: 'ipc' })
const UTS: Namespace = constant({ type: 'uts' })
const MOUNT: Namespace = constant({ type: 'mount' })
const CGROUP: Namespace = constant({ type: 'cgroup' })
const USER: Namespace = constant({ type: 'user' })

// A network namespace without a path is a new one; runc brings its loopback up.
const networkNamespace = (network: TaskNetwork): ReadonlyArray<Namespace> => {
  switch (network._tag) {
    case 'Host':
      return []
    case 'Join':
    case 'Shared':
      return [{ type: 'network', path: network.netns }]
    case 'Cni':
      return [{ type: 'network', path: network.attachment.netns }]
    case 'Isolated':
      return [NETWORK]
  }
}

/** A mount only propagates when the root file system does (runtime-spec config-linux.md, rootfsPropagation). */
const rootfsPropagation = ({ mounts }: Task): { readonly rootfsPropagation?: string } => {
  const some = (...words: ReadonlyArray<string>): boolean =>
    mounts.some(({ options }) => options.some((option) => words.includes(option)))
  if (some('rshared', 'shared')) return { rootfsPropagation: 'rshared' }
  return some('rslave', 'slave') ? { rootfsPropagation: 'rslave' } : {}
}

