import { Given } from './given'
import { flag, text } from './said'

/** Whether a task shares the network of the host. */
export const isOnHost = ({ task, allocation }: Given): boolean =>
  (text(allocation, 'networkIsolationSpec', 'path') ?? '') === '' && (flag(task, 'host_network') === true || text(task, 'network_mode') === 'host')

/** The name of a container (docs/coming-from-docker.md): the job's, Nomad's, on the host's network the host's, else its id. */
export const nameOf = (given: Given): string => {
  const { id, task, allocation, host } = given
  if (text(task, 'uts_mode') === 'host') return host.hostname
  const nomads = text(allocation, 'networkIsolationSpec', 'hostsConfig', 'hostname') ?? ''
  return text(task, 'hostname') ?? (isOnHost(given) ? host.hostname : nomads === '' ? id : nomads)
}
