import { TaskConfig } from '../decode/TaskConfig'
import { inTask } from '../domain/DocumentPath'
import { matchesAny } from '../domain/glob'
import { Issue } from '../domain/Issue'
import { repeated } from '../domain/repetition'
import { isShared } from '../wanted/sharedNetwork'
import { byPolicy, Decoded, Refusals } from './Decoded'

/**
 * Kernel parameters: only those of a namespace that the container owns (as runc checks them), and that the operator
 * allows.
 */
export const sysctl = ({ task, policy: { allow_sysctls: allowed } }: Decoded): Refusals => {
  const names = Object.keys(task.sysctl ?? {})
  const twins = repeated(names.map(dotted))
  return names.flatMap((name, index) => {
    const at = inTask('sysctl', name)
    const wrong =
      wrongName(name, task)
      ?? wrongValue(task.sysctl?.[name] ?? '')
      ?? (twins[index] === true ? 'is set twice, in two ways to write it' : undefined)
    if (wrong !== undefined) return [Issue('BadValue', at, task.sysctl?.[name], wrong)]
    return matchesAny(allowed, dotted(name))
      ? []
      : [byPolicy(at, task.sysctl?.[name], 'allow_sysctls', `does not list \`${dotted(name)}\``)]
  })
}

/** A parameter's name with dots. With slashes first (`net/ipv4/x`) those stand between its parts, as in sysctl(8). */
const dotted = (name: string): string => {
  const slash = name.indexOf('/')
  const dot = name.indexOf('.')
  return slash >= 0 && (dot < 0 || slash < dot) ? name.replaceAll('/', '.') : name
}

const wrongValue = (value: string): string | undefined =>
  value.trim() === '' || /[\r\n]/.test(value) ? 'must be one line that is not empty' : undefined

const IPC = /^(?:kernel\.(?:msgmax|msgmnb|msgmni|sem|shmall|shmmax|shmmni|shm_rmid_forced)|fs\.mqueue\..+)$/

type Modes = Pick<Partial<TaskConfig>, 'host_network' | 'network_mode' | 'ipc_mode' | 'uts_mode' | 'domainname'>

const wrongName = (
  name: string,
  { host_network: hostNetwork, network_mode: networkMode, ipc_mode: ipc, uts_mode: uts, domainname }: Modes
): string | undefined => {
  const full = dotted(name)
  if (!/^[A-Za-z0-9_./:@-]+$/.test(full) || full.includes('..')) return 'is no name of a kernel parameter'
  // runc turns every dot into a slash and would write another file.
  if (name.includes('/') && name.includes('.'))
    return 'has a dot in a part of its name, which the runtime takes for a slash'
  if (full.startsWith('net.')) {
    if (isShared(networkMode ?? '')) return "would change the network of another container: the task shares it"
    return hostNetwork === true || networkMode === 'host'
      ? "would change the host's own network: the task shares it"
      : undefined
  }
  if (IPC.test(full)) return ipc === 'host' ? "would change the host's own IPC: the task shares it" : undefined
  if (full === 'kernel.domainname' && domainname !== undefined) return 'is set by the option `domainname`'
  if (full === 'kernel.domainname')
    return uts === 'host' ? "would change the host's own name: the task shares it" : undefined
  if (full === 'kernel.hostname') return 'is set by the option `hostname`'
  return 'is no parameter of a namespace: it would change the whole host, which only the operator may do there'
}
