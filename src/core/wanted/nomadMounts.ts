import { Allocation } from '../decode/Allocation'
import { DocumentPath, inAllocation } from '../domain/DocumentPath'
import { clean } from '../domain/path'
import { logsDir, sharedDir, taskDir } from './allocationPaths'

/** A bind that Nomad wants. `at` says where in its message, or that it is one of its own directories. */
export interface NomadMount {
  readonly destination: string
  readonly source: string
  readonly options: ReadonlyArray<string>
  readonly at: DocumentPath
}

/**
 * What Nomad mounts into every container of the allocation: its three directories, its volumes, and those of device
 * plugins.
 */
export const nomadMounts = (allocation: Allocation): ReadonlyArray<NomadMount> => [
  ...directories(allocation),
  ...volumes(allocation)
]

const bind = (destination: string, source: string, options: ReadonlyArray<string>, at: DocumentPath): NomadMount => ({
  destination: clean(destination), source, options, at
})

/** How `at` names the directories that Nomad makes for the task. */
export const NOMADS_OWN = inAllocation('allocDir')

const directories = (allocation: Allocation): ReadonlyArray<NomadMount> => {
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
export const logsIn = (allocation: Allocation, place: string): NomadMount =>
  bind(`${place}/logs`, logsDir(allocation), ['rbind', 'ro'], NOMADS_OWN)

/** The words of Nomad's volumes for how mounts spread, in those of mount(8). */
const PROPAGATION = { '': 'rprivate', private: 'rprivate', 'host-to-task': 'rslave', bidirectional: 'rshared' } as const

const volumes = ({ mounts }: Allocation): ReadonlyArray<NomadMount> =>
  mounts.map(({ taskPath, hostPath, readonly, propagationMode }, index) =>
    bind(
      taskPath,
      hostPath,
      ['rbind', PROPAGATION[propagationMode], readonly ? 'ro' : 'rw'],
      inAllocation('mounts', index)
    )
  )
