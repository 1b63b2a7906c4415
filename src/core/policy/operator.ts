import { PluginConfig } from '../decode/PluginConfig'
import { inPlugin } from '../domain/DocumentPath'
import { matchesAny } from '../domain/glob'
import { isIdentifier } from '../domain/identifier'
import { Issue } from '../domain/Issue'
import { isRegistry } from '../image/ImageReference'
import { isAddress } from '../value/isAddress'
import { KNOWN } from '../wanted/identity'
import { Refusals } from './Decoded'
import { RUNTIME } from './image'

/** What is wrong with the operator's own options, beyond their types. */
export const operator = (plugin: Partial<PluginConfig>): Refusals => [
  ...identifiers(plugin), ...nameServers(plugin), ...login(plugin), ...labels(plugin),
  ...bridge(plugin), ...gc(plugin)
]

const identifiers = ({ containerd_runtime: runtime, namespace, snapshotter }: Partial<PluginConfig>): Refusals => [
  ...(runtime === undefined || RUNTIME.test(runtime)
    ? []
    : [
        Issue(
          'BadValue',
          inPlugin('containerd_runtime'),
          runtime,
          'is no name of a containerd runtime, such as "io.containerd.runc.v2"'
        )
      ]),
  ...Object.entries({ namespace, snapshotter }).flatMap(([option, name]) =>
    name === undefined || isIdentifier(name)
      ? []
      : [
          Issue(
            'BadValue',
            inPlugin(option),
            name,
            'must be letters and digits, with single `.`, `_` or `-` between them, at most 76'
          )
        ]
  )
]

const nameServers = ({ dns_servers: servers = [] }: Partial<PluginConfig>): Refusals =>
  servers.flatMap((server, index) =>
    isAddress(server)
      ? []
      : [Issue('BadValue', inPlugin('dns_servers', index), server, 'must be an IP address')]
  )

const login = ({ auth }: Partial<PluginConfig>): Refusals => [
  ...serverOf(auth),
  ...(auth !== undefined && (auth.username === undefined) !== (auth.password === undefined)
    ? [
        Issue(
          'Missing',
          inPlugin('auth', auth.username === undefined ? 'username' : 'password'),
          undefined,
          'is required: a login has both'
        )
      ]
    : []),
  ...(auth?.helper === undefined || /^[A-Za-z0-9_-]{1,64}$/.test(auth.helper)
    ? []
    : [
        Issue(
          'BadValue',
          inPlugin('auth', 'helper'),
          auth.helper,
          'must be the name behind `docker-credential-`, such as "ecr-login"'
        )
      ])
]

const FOR_ONE =
  'name the registry that the login is for, such as "docker.io"; tasks with images of another registry bring their own `auth`'

const SERVER = inPlugin('auth', 'server_address')

// A login for any registry is one for whoever writes a job: its image names the registry.
const serverOf = (auth: PluginConfig['auth'] | undefined): Refusals => {
  if (auth === undefined || [auth.username, auth.password, auth.helper].every((one) => one === undefined)) return []
  const { server_address: server } = auth
  if (server === undefined)
    return [Issue('Missing', SERVER, undefined, 'is required: a login is for one registry', FOR_ONE)]
  return isRegistry(server)
    ? []
    : [Issue('BadValue', SERVER, server, 'names no registry', FOR_ONE)]
}

const labels = ({ extra_labels: wanted }: Partial<PluginConfig>): Refusals =>
  (wanted ?? []).flatMap((pattern, index) =>
    KNOWN.some((name) => matchesAny([pattern], name))
      ? []
      : [Issue('BadValue', inPlugin('extra_labels', index), pattern, `names none of ${KNOWN.join(', ')}`)]
  )

// IFNAMSIZ holds fifteen letters and a zero; host-local and iptables take the name of the network as it is.
const BRIDGE = /^[A-Za-z][A-Za-z0-9_.-]{0,14}$/

const bridge = ({ bridge_network_name: name }: Partial<PluginConfig>): Refusals =>
  name === undefined || BRIDGE.test(name)
    ? []
    : [
        Issue(
          'BadValue', inPlugin('bridge_network_name'), name,
          'must be a name of a network device: a letter, then letters, digits, `_`, `.` or `-`, at most 15'
        )
      ]

const gc = ({ gc: options }: Partial<PluginConfig>): Refusals => {
  const { disk_high: high, disk_low: low } = options ?? {}
  if (low === undefined) return []
  if (high === undefined)
    return [Issue('Missing', inPlugin('gc', 'disk_high'), undefined, 'is required: `disk_low` is how far down from it')]
  return low <= high
    ? []
    : [Issue('Conflict', inPlugin('gc', 'disk_low'), low, `is above \`disk_high = ${String(high)}\``, 'set it lower')]
}
