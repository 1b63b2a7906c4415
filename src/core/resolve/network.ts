import * as E from 'fp-ts/Either'

import { compact } from '../domain/canonical'
import { Attachment, Capabilities, PortMapping } from '../domain/Cni'
import { inTask, placeIn } from '../domain/DocumentPath'
import { Issue } from '../domain/Issue'
import { Neighbour } from '../domain/Neighbour'
import { clean } from '../domain/path'
import { about, Facts, NetworkFacts } from '../facts/Facts'
import { containerIdOf } from '../wanted/identity'
import { groupNamespace, ownNetwork } from '../wanted/ownNetwork'
import { sharedNetwork } from '../wanted/sharedNetwork'
import { bridgeConflist, bridgeIssues, bridgeOf } from './bridgeNetwork'
import { checkedConflist } from './conflist'
import { Request } from './Request'
import { Port, TaskNetwork } from './Task'

type Answer<A> = E.Either<ReadonlyArray<Issue>, A>

/** Whether a task is on the network of the host. */
export const isOnHost = ({ task, allocation }: Pick<Request, 'task' | 'allocation'>): boolean =>
  groupNamespace(allocation) === '' && (task.host_network || task.network_mode === 'host')

/** The network of a task: the group's, the host's, another's, one of its own by CNI, or only a loopback. */
export const networkOf = (request: Request, facts: Facts): Answer<TaskNetwork> => {
  const { task, allocation } = request
  const netns = groupNamespace(allocation)
  if (netns !== '') return E.right({ _tag: 'Join', netns })
  if (isOnHost({ task, allocation })) return E.right({ _tag: 'Host' })
  const of = sharedNetwork(task, allocation)
  if (of !== undefined) return E.right(shared(request, of))
  const own = ownNetwork(task, allocation)
  if (own === undefined) return E.right({ _tag: 'Isolated' })
  if (facts.network === undefined) return E.left([Issue('BadValue', placeIn('facts', 'network'), undefined, NOBODY)])
  return own._tag === 'Bridge' ? bridge(request, facts.network) : named(request, own.name, facts, facts.network)
}

const shared = ({ task, allocation }: Request, of: Neighbour): TaskNetwork => ({
  _tag: 'Shared',
  of,
  netns: namespaceFile(containerIdOf(allocation)),
  because: `\`network_mode = "${task.network_mode}"\``
})

const NOBODY = 'nobody said which CNI plugins the host has'

/** As dockerd's own bridge: services without a word of it are found under the host's address, where the ports are. */
const bridge = (request: Request, network: NetworkFacts): Answer<TaskNetwork> => {
  const { task, plugin } = request
  const isAsked = task.network_mode === 'bridge'
  const issues = bridgeIssues(plugin, network, inTask(isAsked ? 'network_mode' : 'ports'))
  const conflist = { name: plugin.bridge_network_name, text: bridgeConflist(plugin), args: {} }
  const because = isAsked ? '`network_mode = "bridge"`' : 'published `ports`'
  return issues.length > 0
    ? E.left(issues)
    : E.right(cni(request, conflist, { isAdvertised: false, because, bridge: bridgeOf(plugin) }))
}

const named = (request: Request, name: string, facts: Facts, network: NetworkFacts): Answer<TaskNetwork> => {
  const { task, plugin: { cni: { path, config_dir: directory } } } = request
  const at = inTask('network_mode')
  const found = about(facts.conflists ?? {}, name)
  if (found === undefined)
    return E.left([Issue('BadValue', at, task.network_mode, 'nobody said what this network is', hint(name))])
  if ('absent' in found)
    return E.left([Issue('BadValue', at, task.network_mode, `${found.absent} in ${directory}`, DIRECTORY)])
  const looked = { at, value: task.network_mode, hasPorts: task.ports.length > 0, path }
  return E.map(() =>
    cni(request, { name, text: compact(found.document), args: argsOf(request) }, {
      isAdvertised: true,
      because: `\`network_mode = "cni/${name}"\``
    })
  )(checkedConflist(found.document, network, looked))
}

const DIRECTORY = 'the directory is the plugin option `cni { config_dir }`'

const hint = (name: string): string =>
  `offline, add its conflist to the facts file: "conflists": { ${JSON.stringify(name)}: { … } }`

interface Chosen {
  readonly name: string
  readonly text: string
  readonly args: Readonly<Record<string, string>>
}

/** The file that holds the network namespace of a container: `ip netns` finds it by the container's id. */
const namespaceFile = (container: string): string => `/var/run/netns/${container}`

type OwnPlan = Extract<TaskNetwork, { readonly _tag: 'Cni' }>

const cni = (
  request: Request, { name, text, args }: Chosen, rest: Pick<OwnPlan, 'isAdvertised' | 'because' | 'bridge'>
): TaskNetwork => {
  const { allocation, plugin } = request
  const container = containerIdOf(allocation)
  const ports = portsOf(request)
  const attachment: Attachment = {
    container,
    netns: namespaceFile(container),
    network: name,
    conflist: text,
    path: plugin.cni.path,
    args,
    capabilities: capabilitiesOf(ports),
    record: `${clean(plugin.state_dir)}/${container}/network.json`
  }
  return { _tag: 'Cni', attachment, ports, ...rest }
}

const portsOf = ({ task, allocation }: Request): ReadonlyArray<Port> => {
  const wanted = new Set(task.ports)
  return allocation.resources.ports
    .filter(({ label }) => wanted.has(label))
    .map(({ label, value, to, hostIp }) => ({ label, hostPort: value, containerPort: to > 0 ? to : value, hostIp }))
}

/** Both protocols lead to the same port, as under docker: Nomad's ports have none. */
const capabilitiesOf = (ports: ReadonlyArray<Port>): Capabilities =>
  ports.length === 0
    ? {}
    : {
        portMappings: ports.flatMap(({ hostPort, containerPort, hostIp }) =>
          (['tcp', 'udp'] as const).map(
            (protocol): PortMapping => ({ hostPort, containerPort, protocol, hostIP: hostIp })
          )
        )
      }

/** What the Nomad client tells plugins of a group's network. What the list of arguments cannot hold is left out. */
const argsOf = ({ allocation }: Request): Readonly<Record<string, string>> => ({
  IgnoreUnknown: 'true',
  ...Object.fromEntries(
    Object.entries({
      NOMAD_ALLOC_ID: allocation.allocId,
      NOMAD_GROUP_NAME: allocation.taskGroupName,
      NOMAD_JOB_ID: allocation.jobId,
      NOMAD_NAMESPACE: allocation.namespace,
      NOMAD_TASK_NAME: allocation.name
    }).filter(([, value]) => value !== '' && !/[;=\s]/.test(value))
  )
})
