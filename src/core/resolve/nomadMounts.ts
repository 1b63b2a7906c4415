import { Allocation } from '../decode/Allocation'
import { clean } from '../domain/path'
import { taskDir } from './hostPaths'
import { TaskMount } from './Task'

/** What Nomad mounts into every container of the allocation: its three directories, its volumes, and those of device plugins. */
export const nomadMounts = (allocation: Allocation): ReadonlyArray<TaskMount> => [...directories(allocation), ...volumes(allocation)]

const bind = (destination: string, source: string, options: ReadonlyArray<string>, at: string): TaskMount => ({
  destination: clean(destination), type: 'bind', source, options, origin: 'nomad', at, ensure: false
})

const directories = (allocation: Allocation): ReadonlyArray<TaskMount> => {
  const inside = (name: string, otherwise: string): string => allocation.env[name]?.reveal() ?? otherwise
  const dir = taskDir(allocation)
  return [
    bind(inside('NOMAD_ALLOC_DIR', '/alloc'), clean(`${allocation.allocDir}/alloc`), ['rbind', 'rw'], 'allocation.allocDir'),
    bind(inside('NOMAD_TASK_DIR', '/local'), `${dir}/local`, ['rbind', 'rw'], 'allocation.allocDir'),
    bind(inside('NOMAD_SECRETS_DIR', '/secrets'), `${dir}/secrets`, ['rbind', 'rw'], 'allocation.allocDir')
  ]
}

const PROPAGATION = { '': 'rprivate', private: 'rprivate', 'host-to-task': 'rslave', bidirectional: 'rshared' } as const

const volumes = ({ mounts }: Allocation): ReadonlyArray<TaskMount> =>
  mounts.map(({ taskPath, hostPath, readonly, propagationMode }, index) =>
    bind(taskPath, hostPath, ['rbind', PROPAGATION[propagationMode], readonly ? 'ro' : 'rw'], `allocation.mounts[${String(index)}]`)
  )
