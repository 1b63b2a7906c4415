import { TaskConfig } from '../decode/TaskConfig'
import { HostFacts } from '../facts/Facts'
import { rangesOf } from '../value/UserNamespace'
import { TaskNamespaces } from './Task'

/**
 * The namespaces of a task. Each is its own unless the job asks for the host's; that of cgroups is its own on cgroup
 * v2, as in Docker.
 */
export const namespacesOf = (task: TaskConfig, { cgroups }: HostFacts): TaskNamespaces => ({
  pid: ownOr(task.pid_mode),
  ipc: task.ipc_mode === 'none' ? 'none' : ownOr(task.ipc_mode),
  uts: ownOr(task.uts_mode),
  cgroup: ownOr(task.cgroupns === '' ? USUAL_CGROUP[cgroups] : task.cgroupns),
  user: rangesOf(task.userns.value)
})

const USUAL_CGROUP = { v1: 'host', v2: 'private' } as const

const ownOr = (mode: '' | 'private' | 'host'): 'private' | 'host' => (mode === 'host' ? 'host' : 'private')
