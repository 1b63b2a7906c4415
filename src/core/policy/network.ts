import { inTask } from '../domain/DocumentPath'
import { Issue } from '../domain/Issue'
import { neighbourText } from '../domain/Neighbour'
import { isAddress } from '../value/isAddress'
import { groupNamespace } from '../wanted/ownNetwork'
import { sharedNetwork } from '../wanted/sharedNetwork'
import { Decoded, Refusals } from './Decoded'

/** Host network and group network exclude each other; names and addresses of the generated files. */
export const network = (decoded: Decoded): Refusals => [
  ...host(decoded),
  ...mode(decoded),
  ...ports(decoded),
  ...shared(decoded),
  ...dns(decoded)
]

const REMOVE = 'the `network { mode = … }` of the group'

const host = ({ task, allocation }: Decoded): Refusals =>
  task.host_network === true && groupNamespace(allocation) !== ''
    ? [
        Issue(
          'Conflict',
          inTask('host_network'),
          true,
          'excludes the network that the group asks for',
          `remove \`host_network\` or ${REMOVE}`
        )
      ]
    : []

// Names are those of CNI (spec, section 1), of Nomad, and ids of containerd (`identifiers.Validate`).
const MODE =
  /^(?:host|none|bridge|cni\/[A-Za-z0-9][A-Za-z0-9_.-]*|task:[^/\0]+|container:[A-Za-z0-9]+(?:[._-][A-Za-z0-9]+)*)$/

const MODES = 'must be `host`, `none`, `bridge`, `cni/<name>`, `task:<name>` or `container:<id>`'

const mode = ({ task, allocation }: Decoded): Refusals => {
  const wanted = task.network_mode
  if (wanted === undefined || wanted === '') return []
  const isolated = groupNamespace(allocation) !== ''
  return [
    ...(MODE.test(wanted)
      ? []
      : [Issue('BadValue', inTask('network_mode'), wanted, MODES)]),
    ...(isolated
      ? [
          Issue(
            'Conflict',
            inTask('network_mode'),
            wanted,
            'excludes the network that the group asks for',
            `remove \`network_mode\` or ${REMOVE}`
          )
        ]
      : []),
    ...(task.host_network === true && wanted !== 'host'
      ? [Issue('Conflict', inTask('network_mode'), wanted, 'contradicts `host_network`', 'keep one of them')]
      : [])
  ]
}

/** What would be the other's to say, where a task is in the network of another. */
const shared = ({ task, allocation }: Decoded): Refusals => {
  const of = sharedNetwork(task, allocation)
  if (of === undefined) return []
  return [
    ...(of._tag === 'Task' && of.task === allocation?.name
      ? [Issue('BadValue', inTask('network_mode'), task.network_mode, 'is the task itself', 'name another task')]
      : []),
    ...((task.ports ?? []).length === 0
      ? []
      : [Issue('Conflict', inTask('ports'), task.ports, `lead nowhere in that of ${neighbourText(of)}`, PUBLISH)])
  ]
}

const PUBLISH = 'give `ports` to the task whose network it is'

const ports = ({ task, allocation }: Decoded): Refusals => {
  const known = new Set((allocation?.resources.ports ?? []).map(({ label }) => label))
  const hint = known.size === 0 ? 'its `network` block has none' : `its \`network\` block has ${listed([...known])}`
  return (task.ports ?? []).flatMap((label, index) =>
    allocation === undefined || known.has(label)
      ? []
      : [Issue('BadValue', inTask('ports', index), label, 'is no port of the group', hint)])
}

const MOST_LISTED = 20

const listed = (names: ReadonlyArray<string>): string =>
  names.length <= MOST_LISTED
    ? names.join(', ')
    : `${names.slice(0, MOST_LISTED).join(', ')} and ${String(names.length - MOST_LISTED)} more`

const dns = ({ task }: Decoded): Refusals => [
  ...(task.dns_servers ?? []).flatMap((server, index) =>
    isAddress(server) ? [] : [Issue('BadValue', inTask('dns_servers', index), server, 'must be an IP address')]
  ),
  ...(['dns_search_domains', 'dns_options'] as const).flatMap((option) =>
    (task[option] ?? []).flatMap((text, index) =>
      text !== '' && !/\s/.test(text)
        ? []
        : [Issue('BadValue', inTask(option, index), text, 'must be one word')]
    )
  )
]
