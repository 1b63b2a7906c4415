import { inTask } from '../domain/DocumentPath'
import { Issue } from '../domain/Issue'
import { isAddress } from '../value/isAddress'
import { groupNamespace } from '../wanted/ownNetwork'
import { Decoded, Refusals } from './Decoded'

/** Host network and group network exclude each other; names and addresses of the generated files. */
export const network = (decoded: Decoded): Refusals => [
  ...host(decoded),
  ...mode(decoded),
  ...ports(decoded),
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

const MODE = /^(?:host|none|bridge|cni\/[A-Za-z0-9][A-Za-z0-9_.-]*)$/

const mode = ({ task, allocation }: Decoded): Refusals => {
  const wanted = task.network_mode
  if (wanted === undefined || wanted === '') return []
  const isolated = groupNamespace(allocation) !== ''
  return [
    ...(MODE.test(wanted)
      ? []
      : [Issue('BadValue', inTask('network_mode'), wanted, 'must be `host`, `none`, `bridge` or `cni/<name>`')]),
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
