import * as E from 'fp-ts/Either'
import * as t from 'io-ts'

import { DocumentPath, inTask } from '../domain/DocumentPath'
import { Issue } from '../domain/Issue'
import { overlap, Subnet, subnetOf } from '../domain/Subnet'
import { NetworkFacts } from '../facts/Facts'

const plugin = t.intersection([
  t.type({ type: t.string }),
  t.partial({ bridge: t.string, capabilities: t.record(t.string, t.boolean), ipam: t.UnknownRecord })
])

const codec = t.intersection([
  t.type({ name: t.string, cniVersion: t.string, plugins: t.array(plugin) }),
  t.partial({ disableCheck: t.boolean })
])

/** A list of plugins that make a network (CNI spec, section 1), as far as it is looked at. */
export type Conflist = t.TypeOf<typeof codec>

type Plugin = Conflist['plugins'][number]

/** The versions of CNI in which plugins are chained. */
const VERSIONS: ReadonlyArray<string> = ['0.3.0', '0.3.1', '0.4.0', '1.0.0', '1.1.0']

/** What is looked at: who asked for the network, whether ports have to lead into it, and where plugins are looked for. */
export interface Looked {
  readonly at: DocumentPath
  readonly value: unknown
  readonly hasPorts: boolean
  readonly path: string
}

/** Reads a conflist; Left says what keeps this host from making the network that it describes. */
export const checkedConflist = (
  document: unknown, network: NetworkFacts, looked: Looked
): E.Either<ReadonlyArray<Issue>, Conflist> => {
  const say = (reason: string, hint?: string): Issue => Issue('BadValue', looked.at, looked.value, reason, hint)
  const outcome = codec.decode(document)
  if (E.isLeft(outcome))
    return E.left([say('is described by a file that is no conflist of CNI', SHAPE)])
  const conflist = outcome.right
  const wrong = [
    ...(conflist.plugins.length === 0 ? [say('is described by a conflist without plugins')] : []),
    ...(VERSIONS.includes(conflist.cniVersion)
      ? []
      : [say(`is described in CNI ${conflist.cniVersion}`, `set \`cniVersion\` to one of ${VERSIONS.join(', ')}`)]),
    ...missing(conflist, network).map((type) =>
      say(`needs the CNI plugin \`${type}\`, which is not in ${looked.path}`, INSTALL)
    ),
    ...overlaps(conflist, network).map((what) => say(what, 'choose another `subnet` in its conflist')),
    ...(looked.hasPorts && !conflist.plugins.some(mapsPorts)
      ? [Issue('Conflict', inTask('ports'), undefined, `no plugin of the network ${conflist.name} maps ports`, PORTMAP)]
      : [])
  ]
  return wrong.length > 0 ? E.left(wrong) : E.right(conflist)
}

const SHAPE = 'it has `cniVersion`, `name` and `plugins`, each with a `type`'
const PORTMAP = 'add `{ "type": "portmap", "capabilities": { "portMappings": true } }` to its conflist'

/** How CNI plugins come onto a host. */
export const INSTALL =
  'install the CNI plugins (Debian: `containernetworking-plugins`; others: github.com/containernetworking/plugins), or name their directory in the plugin option `cni { path }`'

const mapsPorts = ({ capabilities }: Plugin): boolean => capabilities?.['portMappings'] === true

/** The plugins that a conflist needs and that nobody has. */
const missing = ({ plugins }: Conflist, { plugins: known }: NetworkFacts): ReadonlyArray<string> =>
  [...new Set(plugins.flatMap(({ type, ipam }) => [type, ...textIn(ipam?.['type'])]))]
    .filter((type) => !known.includes(type))

const textIn = (value: unknown): ReadonlyArray<string> => (typeof value === 'string' && value !== '' ? [value] : [])

/** The ranges of a bridge that are reached in another way already. Other plugins may mean it: macvlan shares a range. */
const overlaps = ({ plugins }: Conflist, network: NetworkFacts): ReadonlyArray<string> =>
  plugins.filter(({ type }) => type === 'bridge').flatMap(({ bridge = 'cni0', ipam }) =>
    rangesIn(ipam).flatMap((text) => {
      const subnet = subnetOf(text)
      const route = subnet === undefined ? undefined : routeInto(subnet, bridge, network)
      return route === undefined ? [] : [`has the range ${text}, into which the host's route ${routeText(route)} leads`]
    }))

const rangesIn = (ipam: unknown): ReadonlyArray<string> => {
  if (!t.UnknownRecord.is(ipam)) return []
  const sets = Array.isArray(ipam['ranges']) ? (ipam['ranges'] as ReadonlyArray<unknown>).flat() : []
  return [ipam, ...sets].flatMap((range) => (t.UnknownRecord.is(range) ? textIn(range['subnet']) : []))
}

type Route = NetworkFacts['routes'][number]

/** A route of the host into a range, by another device than the bridge of that range; the default route is none. */
export const routeInto = (subnet: Subnet, bridge: string, { routes }: NetworkFacts): Route | undefined =>
  routes.find(({ destination, device }) => {
    const there = subnetOf(destination)
    return device !== bridge && there !== undefined && there.bits !== '' && overlap(subnet, there)
  })

export const routeText = ({ destination, device }: Route): string => `${destination} by ${device}`
