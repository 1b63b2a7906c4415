import * as E from 'fp-ts/Either'

import { Allocation } from '../decode/Allocation'
import * as ImageReference from '../decode/ImageReference'
import { PluginConfig } from '../decode/PluginConfig'
import { TaskConfig } from '../decode/TaskConfig'
import { Issue } from '../domain/Issue'
import { clean, isAbsolute, isWithin } from '../domain/path'
import { mountPolicy } from './mountPolicy'
import { nomadMounts } from './nomadMounts'

/** All that decoded. An option that did not is absent: its own mistake is told already. */
export interface Decoded {
  readonly task: Partial<TaskConfig>
  readonly plugin: Partial<PluginConfig>
  readonly allocation: Allocation | undefined
}

/** The options that this version decodes and cannot compile yet. Setting one is refused; none is ignored. */
export const LATER = [
  'privileged', 'pids_limit', 'pid_mode', 'seccomp', 'seccomp_profile', 'shm_size', 'sysctl', 'extra_hosts', 'cap_add',
  'cap_drop', 'devices'
] as const satisfies ReadonlyArray<keyof TaskConfig>

/** Every refusal that needs no answer from the host. */
export const policy = (decoded: Decoded): ReadonlyArray<Issue> => [
  ...LATER.flatMap((name) => notYet(name, decoded.task[name])),
  ...image(decoded),
  ...privileged(decoded),
  ...seccomp(decoded),
  ...hostname(decoded),
  ...cwd(decoded),
  ...network(decoded),
  ...nomadFiles(decoded),
  ...nomadNames(decoded),
  ...mountPolicy(decoded.task.mounts ?? [], nomadPlaces(decoded.allocation))
]

const nomadPlaces = (allocation: Decoded['allocation']): ReadonlySet<string> =>
  new Set(allocation === undefined ? [] : nomadMounts(allocation).map(({ destination }) => destination))

const notYet = (name: string, value: unknown): ReadonlyArray<Issue> =>
  isSet(value)
    ? [Issue('NotCompiledYet', `task.${name}`, value, 'is understood but not compiled by this version', 'leave it out')]
    : []

const isSet = (value: unknown): boolean => {
  if (Array.isArray(value)) return value.length > 0
  if (typeof value === 'object' && value !== null) return Object.keys(value).length > 0
  return value !== undefined && value !== false && value !== ''
}

const image = ({ task }: Decoded): ReadonlyArray<Issue> => {
  if (task.image === undefined) return []
  const outcome = ImageReference.parse(task.image)
  return E.isLeft(outcome) ? [Issue('BadValue', 'task.image', task.image, outcome.left)] : []
}

const privileged = ({ task, plugin }: Decoded): ReadonlyArray<Issue> =>
  task.privileged === true && plugin.allow_privileged === false
    ? [Issue('RefusedByPolicy', 'task.privileged', true, 'the plugin option `allow_privileged` is false on this host')]
    : []

const seccomp = ({ task }: Decoded): ReadonlyArray<Issue> =>
  task.seccomp_profile !== undefined && task.seccomp === false
    ? [Issue('Conflict', 'task.seccomp_profile', task.seccomp_profile, 'needs `seccomp = true`')]
    : []

const LABELS = /^(?!-)[A-Za-z0-9-]{1,63}(?<!-)(?:\.(?!-)[A-Za-z0-9-]{1,63}(?<!-))*$/
const MAX_HOSTNAME = 64

const hostname = ({ task }: Decoded): ReadonlyArray<Issue> => {
  if (task.hostname === undefined) return []
  const fits = task.hostname.length <= MAX_HOSTNAME && LABELS.test(task.hostname)
  return fits
    ? []
    : [Issue('BadValue', 'task.hostname', task.hostname, 'must be letters, digits, `-` and `.`, at most 64 characters')]
}

const cwd = ({ task }: Decoded): ReadonlyArray<Issue> => {
  if (task.cwd === undefined) return []
  const wrong = wrongCwd(task.cwd)
  return wrong === undefined ? [] : [Issue('BadValue', 'task.cwd', task.cwd, wrong)]
}

/** What is wrong with a working directory. Below /proc and /dev/fd lie the runtime's own files (CVE-2024-21626). */
export const wrongCwd = (path: string): string | undefined => {
  if (!isAbsolute(path)) return 'must be an absolute path in the container'
  const inRuntime = ['/proc', '/dev/fd'].some((refused) => isWithin(refused, clean(path)))
  return inRuntime ? 'must not lie below /proc or /dev/fd' : undefined
}

const network = ({ task, allocation }: Decoded): ReadonlyArray<Issue> =>
  task.host_network === true && (allocation?.networkIsolationSpec?.path ?? '') !== ''
    ? [
        Issue('Conflict', 'task.host_network', true, 'excludes the network that the group asks for',
          'remove `host_network` or the `network { mode = … }` of the group')
      ]
    : []

const nomadFiles = ({ allocation }: Decoded): ReadonlyArray<Issue> => [
  ...(allocation?.dns === undefined ? [] : [later('allocation.dns', 'a `dns` block of the network')]),
  ...(allocation?.networkIsolationSpec?.hostsConfig === undefined
    ? []
    : [later('allocation.networkIsolationSpec.hostsConfig', 'a generated /etc/hosts')])
]

/** The allocation directory and the task's name make host paths: neither may lead elsewhere. */
const nomadNames = ({ allocation }: Decoded): ReadonlyArray<Issue> => [
  ...(allocation === undefined || (isAbsolute(allocation.allocDir) && clean(allocation.allocDir) !== '/')
    ? []
    : [Issue('BadValue', 'allocation.allocDir', allocation.allocDir, 'must be an absolute path, and not the root')]),
  ...(allocation === undefined || !(allocation.name.includes('/') || ['', '.', '..'].includes(allocation.name))
    ? []
    : [Issue('BadValue', 'allocation.name', allocation.name, 'must be a name without a slash')])
]

const later = (at: string, what: string): Issue =>
  Issue('NotCompiledYet', at, undefined, `${what} is understood but not compiled by this version`)
