import { Allocation } from '../decode/Allocation'
import { clean } from '../domain/path'
import { logsDir, sharedDir, taskDir } from './allocationPaths'
import { TaskMount } from './Task'

/**
 * What Nomad mounts into every container of the allocation: its three directories, its volumes, and those of device
 * plugins.
 */
export const nomadMounts = (allocation: Allocation): ReadonlyArray<TaskMount> => [
  ...directories(allocation),
  ...volumes(allocation)
]

const bind = (destination: string, source: string, options: ReadonlyArray<string>, at: string): TaskMount => ({
  destination: clean(destination), type: 'bind', source, options, origin: 'nomad', at, ensure: false, pin: undefined
})

/** How `at` names the directories that Nomad makes for the task. */
export const NOMADS_OWN = 'allocation.allocDir'

const directories = (allocation: Allocation): ReadonlyArray<TaskMount> => {
  const inside = (name: string, otherwise: string): string => allocation.env[name]?.reveal() ?? otherwise
  const dir = taskDir(allocation)
  const shared = inside('NOMAD_ALLOC_DIR', '/alloc')
  return [
    bind(shared, sharedDir(allocation), ['rbind', 'rw'], NOMADS_OWN),
    logsIn(allocation, shared),
    bind(inside('NOMAD_TASK_DIR', '/local'), `${dir}/local`, ['rbind', 'rw'], NOMADS_OWN),
    bind(inside('NOMAD_SECRETS_DIR', '/secrets'), `${dir}/secrets`, ['rbind', 'rw'], NOMADS_OWN)
  ]
}

/**
 * The logs on top of a mount that holds them, read-only: Nomad's log collector and the shim open files there as root
 * (CVE-2026-6959; Nomad's docker driver does so since 2.0.1).
 */
export const logsIn = (allocation: Allocation, place: string): TaskMount =>
  bind(`${place}/logs`, logsDir(allocation), ['rbind', 'ro'], NOMADS_OWN)

/** The words of Nomad's volumes for how mounts spread, in those of mount(8). */
const PROPAGATION = { '': 'rprivate', private: 'rprivate', 'host-to-task': 'rslave', bidirectional: 'rshared' } as const

const volumes = ({ mounts }: Allocation): ReadonlyArray<TaskMount> =>
  mounts.map(({ taskPath, hostPath, readonly, propagationMode }, index) =>
    bind(
      taskPath,
      hostPath,
      ['rbind', PROPAGATION[propagationMode], readonly ? 'ro' : 'rw'],
      `allocation.mounts[${String(index)}]`
    )
  )
