import { differs, equal, Judge, missing, Rows, Scope } from './Row'
import { Converted, Differs, EQUAL, Missing, Needless, Verdict } from './Verdict'

// What the docker driver calls the container of a task.
const OF_TASK = /^container:(.+)-\$\{NOMAD_ALLOC_ID\}$/

/** The network of another container: of a task of this allocation under its name, else of one of containerd. */
export const ofAnother = (value: string): Verdict | undefined => {
  const [, task] = OF_TASK.exec(value) ?? []
  if (task !== undefined)
    return Converted('containers have other names here', [{ name: 'network_mode', value: `task:${task}` }])
  if (value.startsWith('task:')) return EQUAL
  return value.startsWith('container:')
    ? Missing('the container is one of containerd here: for a task of this allocation write `"task:NAME"`')
    : undefined
}

const mode: Judge = (value, { around }) => {
  if (typeof value !== 'string' || value === '') return EQUAL
  if (around.network !== '')
    return Missing(`it excludes the network of the group (mode "${around.network}"), which the task then joins`)
  if (['host', 'none', 'bridge'].includes(value) || /^cni\/[A-Za-z0-9]/.test(value)) return EQUAL
  const another = ofAnother(value)
  if (another !== undefined) return another
  if (value === 'default')
    return Converted("dockerd's default is its bridge", [{ name: 'network_mode', value: 'bridge' }])
  return Missing(
    'no network of dockerd exists: use `network_mode = "bridge"`, or `"cni/NAME"` with a conflist'
  )
}

/** `ports` of either driver. A label that the group has not is refused by all of them. */
export const ports: Judge = (value, { around }) => {
  if (!Array.isArray(value) || value.length === 0) return EQUAL
  const strange = value.filter((label) => typeof label === 'string' && around.ports?.includes(label) === false)
  if (strange.length > 0) return Differs(noSuchPort(strange.map(String), around))
  return EQUAL
}

const noSuchPort = (labels: ReadonlyArray<string>, { ports: known = [], driver }: Scope['around']): string => {
  const has = known.length === 0 ? 'it has none' : `it has ${known.join(', ')}`
  const names = labels.map((label) => `"${label}"`).join(', ')
  return `${names} is no port of the group's \`network\` (${has}): the ${driver} driver refuses such a task too`
}

const address = missing('Addresses are given by CNI: `network { mode = "cni/NAME" }`.')

/** Network, ports and names. */
export const networkRows: Rows = {
  network_mode: differs(
    'network_mode',
    '`host`, `none` and `bridge` work. Left out without `ports` it is a loopback only, where dockerd gives its bridge. `container:NAME-${NOMAD_ALLOC_ID}` is `task:NAME`. No networks of dockerd: `cni/NAME` is one of a conflist.',
    { judge: mode }
  ),
  ports: differs(
    'ports',
    'They make the network, as there, where neither group nor task names one. A label that the group has not is refused, as there.',
    { judge: ports }
  ),
  port_map: missing("Use `to` of a `port` in the group's `network` block."),
  dns_servers: equal('dns_servers'),
  dns_search_domains: equal('dns_search_domains'),
  dns_options: equal('dns_options'),
  extra_hosts: equal(
    'extra_hosts',
    'Equal. `host-gateway` is the address of the host, not that of a bridge. The file is read-only in the container.'
  ),
  network_aliases: missing('Use a Nomad `service`.'),
  ipv4_address: address,
  ipv6_address: address,
  mac_address: address,
  advertise_ipv6_address: missing('Use `address_mode` of a `service`.', {
    judge: (value) => (value === false ? Needless('it is off') : Missing('use `address_mode` of a `service`'))
  })
}
