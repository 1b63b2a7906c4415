import { Issue } from '../domain/Issue'
import { Request } from './Request'

/**
 * What this version compiles and does not execute yet: networks that the driver makes, its own logins, namespaces of
 * users. Whoever
 * runs a task asks this first; whoever only compiles does not. Nothing that a job asks for is ever left out in silence.
 */
export const notExecutedYet = ({ task, plugin, allocation }: Request): ReadonlyArray<Issue> => [
  ...later(
    'task.network_mode',
    task.network_mode,
    !['', 'host', 'none'].includes(task.network_mode),
    'use `host_network`, or `network { mode = … }` of the group'
  ),
  ...later(
    'task.ports',
    task.ports,
    task.ports.length > 0 && !isReached({ task, allocation }),
    'ports of a group with `network { mode = "bridge" }` need no option'
  ),
  ...later('task.dns_servers', task.dns_servers, task.dns_servers.length > 0, DNS),
  ...later('task.dns_search_domains', task.dns_search_domains, task.dns_search_domains.length > 0, DNS),
  ...later('task.dns_options', task.dns_options, task.dns_options.length > 0, DNS),
  ...later('task.userns', task.userns.written, task.userns.value._tag === 'Mapped', 'leave it out'),
  ...later('task.auth_soft_fail', true, task.auth_soft_fail, 'leave it out'),
  ...later('plugin.auth.config', plugin.auth?.config, plugin.auth?.config !== undefined, LOGIN),
  ...later('plugin.auth.helper', plugin.auth?.helper, plugin.auth?.helper !== undefined, LOGIN)
]

/**
 * Whether ports lead to the task without the driver: by the group's network, which Nomad maps, or because it is on the
 * host's.
 */
const isReached = ({ task, allocation }: Pick<Request, 'task' | 'allocation'>): boolean =>
  (allocation.networkIsolationSpec?.path ?? '') !== '' || task.host_network || task.network_mode === 'host'

const DNS = 'use `network { dns { … } }` of the group'
const LOGIN = 'use `username` and `password`'

const later = (at: string, value: unknown, isSet: boolean, hint: string): ReadonlyArray<Issue> =>
  isSet
    ? [Issue('NotExecutedYet', at, value, 'is understood and compiled, but not executed by this version', hint)]
    : []
