import { HostFacts } from '../facts/Facts'
import { containerIdOf } from '../wanted/identity'
import { isOnHost } from './network'
import { Request } from './Request'

/** The longest part of a name (RFC 1123). */
const LABEL = 63

/**
 * The name that the container shows: the job's, that of Nomad's network, that of the host where the task shares its
 * network or its name (as in Docker), else the container's id.
 */
export const hostnameOf = ({ task, allocation }: Pick<Request, 'task' | 'allocation'>, host: HostFacts): string => {
  if (task.uts_mode === 'host') return host.hostname
  const given = allocation.networkIsolationSpec?.hostsConfig?.hostname ?? ''
  const own = given === '' ? containerIdOf(allocation).slice(0, LABEL).replace(/[^A-Za-z0-9]+$/, '') : given
  return task.hostname ?? (isOnHost({ task, allocation }) ? host.hostname : own)
}
