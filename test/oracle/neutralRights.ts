import { IdMapping } from '../../src/core/domain/Oci'
import { Document } from '../../src/testing/ofFields'
import { Given } from './given'
import { flag, list, text } from './said'

/** What the process may do, and which namespaces it has. */
export interface Rights {
  readonly privileged: boolean
  readonly noNewPrivileges: boolean | null
  readonly capAdd: ReadonlyArray<string>
  readonly capDrop: ReadonlyArray<string>
  readonly capAmbient: ReadonlyArray<string>
  readonly capabilities: ReadonlyArray<string>
  readonly seccomp: string
  readonly apparmor: string
  readonly selinuxLabel: string
  readonly mountLabel: string
  readonly maskedPaths: ReadonlyArray<string> | null
  readonly readonlyPaths: ReadonlyArray<string> | null
  readonly namespaces: Readonly<Record<string, string>>
  readonly idMappings: ReadonlyArray<IdMapping>
}

export const rightsOf = (given: Given): Rights => {
  const { task, host } = given
  return {
    privileged: flag(task, 'privileged') ?? false,
    noNewPrivileges: flag(task, 'no_new_privileges') ?? null,
    capAdd: capabilities(task, 'cap_add'), capDrop: capabilities(task, 'cap_drop'), capAmbient: capabilities(task, 'cap_ambient'),
    capabilities: host.capabilities,
    seccomp: seccompOf(given),
    apparmor: text(task, 'apparmor_profile') ?? '',
    ...labelsOf(list(task, 'selinux_opts') ?? []),
    maskedPaths: list(task, 'masked_paths') ?? null,
    readonlyPaths: list(task, 'readonly_paths') ?? null,
    namespaces: namespacesOf(given),
    idMappings: mappingsOf(task)
  }
}

const capabilities = (task: Document, name: string): ReadonlyArray<string> =>
  (list(task, name) ?? []).map((one) => one.toUpperCase().replace(/^CAP_/, '')).map((one) => (one === 'ALL' || one === '*' ? 'ALL' : `CAP_${one}`))

const seccompOf = ({ task, plugin, files }: Given): string => {
  if (!(flag(task, 'seccomp') ?? (flag(plugin, 'seccomp') === true && flag(task, 'privileged') !== true))) return ''
  const path = text(task, 'seccomp_profile')
  if (path === undefined) return 'default'
  const file = files[path]
  return file?.kind === 'file' ? file.text : ''
}

/** Labels with the words of container-selinux for what the task leaves out. The last word of a kind counts. */
const labelsOf = (options: ReadonlyArray<string>): Pick<Rights, 'selinuxLabel' | 'mountLabel'> => {
  if (options.length === 0 || options.includes('disable')) return { selinuxLabel: '', mountLabel: '' }
  const parts = Object.fromEntries(options.map((option) => [option.split(':')[0], option.slice(option.indexOf(':') + 1)]))
  const { user = 'system_u', role = 'system_r', type = 'container_t', filetype = 'container_file_t', level = 's0' } = parts
  return { selinuxLabel: `${user}:${role}:${type}:${level}`, mountLabel: `${user}:object_r:${filetype}:${level}` }
}

const namespacesOf = ({ id, task, allocation }: Given): Readonly<Record<string, string>> => ({
  pid: text(task, 'pid_mode') ?? '',
  ipc: (text(task, 'ipc_mode') ?? '').replace('none', 'private'),
  uts: text(task, 'uts_mode') ?? '',
  cgroup: text(task, 'cgroupns') ?? '',
  network: text(allocation, 'networkIsolationSpec', 'path') ?? networkOf(id, task)
})

const networkOf = (id: string, task: Document): string => {
  const mode = text(task, 'network_mode') ?? ''
  if (flag(task, 'host_network') === true || mode === 'host') return 'host'
  return mode === '' || mode === 'none' ? 'private' : `/var/run/netns/${id}`
}

const mappingsOf = (task: Document): ReadonlyArray<IdMapping> =>
  (text(task, 'userns') ?? '').split(',').filter((range) => range.includes(':')).map((range) => {
    const [containerID = 0, hostID = 0, size = 0] = range.split(':').map(Number)
    return { containerID, hostID, size }
  })
