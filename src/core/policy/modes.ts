import { inTask } from '../domain/DocumentPath'
import { matchesAny } from '../domain/glob'
import { Issue } from '../domain/Issue'
import { ownNetwork } from '../wanted/ownNetwork'
import { byPolicy, Decoded, Refusals } from './Decoded'
import { Modes } from './Policy'

/** Which of the host's namespaces a task asks for, and whether it may. */
export const modes = (decoded: Decoded): Refusals => [
  ...allowed(decoded),
  ...uts(decoded),
  ...userns(decoded),
  ...shm(decoded)
]

const allowed = ({ task, allocation, policy: { allowed_modes: allowedModes } }: Decoded): Refusals => {
  const isImplied = (task.network_mode ?? '') === '' && ownNetwork(task, allocation) !== undefined
  const asked: ReadonlyArray<readonly [string, keyof Modes, string, unknown]> = [
    ['host_network', 'network', task.host_network === true ? 'host' : '', true],
    ['network_mode', 'network', task.network_mode ?? '', task.network_mode],
    ['ports', 'network', isImplied ? 'bridge' : '', task.ports],
    ['pid_mode', 'pid', task.pid_mode ?? '', task.pid_mode],
    ['ipc_mode', 'ipc', task.ipc_mode ?? '', task.ipc_mode],
    ['uts_mode', 'uts', task.uts_mode ?? '', task.uts_mode],
    ['userns', 'userns', task.userns?.written ?? '', task.userns?.written],
    ['cgroupns', 'cgroup', task.cgroupns ?? '', task.cgroupns]
  ]
  return asked.flatMap(([option, kind, mode, value]) =>
    OWN.includes(mode) || matchesAny(allowedModes[kind], mode)
      ? []
      : [byPolicy(inTask(option), value, `allowed_modes.${kind}`, `does not list "${mode}"`)])
}

/** What needs nobody's leave: the container's own namespaces. */
const OWN: ReadonlyArray<string> = ['', 'private', 'none']

const uts = ({ task }: Decoded): Refusals =>
  task.uts_mode !== 'host'
    ? []
    : (['hostname', 'domainname'] as const).flatMap((option) =>
        task[option] === undefined
          ? []
          : [
              Issue(
                'Conflict',
                inTask(option),
                task[option],
                'would change the name of the host',
                'remove it, or `uts_mode`'
              )
            ]
      )

// The kernel mounts no /proc of a namespace that the mounting one does not own.
const userns = ({ task: { userns: users, pid_mode: pid } }: Decoded): Refusals =>
  users?.value._tag === 'Mapped' && pid === 'host'
    ? [Issue('Conflict', inTask('userns'), users.written, 'excludes `pid_mode = "host"`: /proc cannot be mounted then')]
    : []

const shm = ({ task }: Decoded): Refusals =>
  task.shm_size !== undefined && (task.ipc_mode === 'host' || task.ipc_mode === 'none')
    ? [
        Issue(
          'Conflict',
          inTask('shm_size'),
          task.shm_size,
          `has no meaning with \`ipc_mode = "${task.ipc_mode}"\`: there is no /dev/shm of the container's own`
        )
      ]
    : []
