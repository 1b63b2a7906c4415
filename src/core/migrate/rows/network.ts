import { differs, equal, Judge, missing, Row, Rows, Scope } from './Row'
import { Differs, EQUAL, Missing, Nearly, Needless } from './Verdict'

const GROUP = 'give the group `network { mode = "bridge" }`'
const LATER = 'compiled, not executed yet by this version'

const mode: Judge = (value, { around }) => {
  if (typeof value !== 'string' || value === '') return EQUAL
  if (around.network !== '')
    return Missing(`it excludes the network of the group (mode "${around.network}"), which the task then joins`)
  if (value === 'host' || value === 'none') return EQUAL
  if (value === 'bridge' || /^cni\/[A-Za-z0-9]/.test(value)) return Differs(`${LATER}: ${GROUP}`)
  if (value === 'default') return Missing(`there is no dockerd and no bridge of its own: ${GROUP}`)
  return Missing(`no network of dockerd or of another container exists: ${GROUP}, or \`mode = "cni/NAME"\` there`)
}

/** `ports` of either driver. A label that the group has not is refused by all of them. */
export const ports: Judge = (value, { around, config }) => {
  if (!Array.isArray(value) || value.length === 0) return EQUAL
  const strange = value.filter((label) => typeof label === 'string' && around.ports?.includes(label) === false)
  if (strange.length > 0) return Differs(noSuchPort(strange.map(String), around))
  return around.network !== '' || config['network_mode'] === 'host'
    ? EQUAL
    : Differs('they are published by a network of the group, and by nothing else: there they need no option')
}

const noSuchPort = (labels: ReadonlyArray<string>, { ports: known = [], driver }: Scope['around']): string => {
  const has = known.length === 0 ? 'it has none' : `it has ${known.join(', ')}`
  const names = labels.map((label) => `"${label}"`).join(', ')
  return `${names} is no port of the group's \`network\` (${has}): the ${driver} driver refuses such a task too`
}

const dns = (name: string): Row =>
  differs(name, "Compiled, not executed yet. A `dns` block of the group's network works.", {
    judge: (value) =>
      Array.isArray(value) && value.length === 0
        ? EQUAL
        : Differs(`${LATER}: use \`network { dns { … } }\` of the group`)
  })

/** `extra_hosts` of either driver. */
export const hosts: Judge = (value) => {
  if (!Array.isArray(value)) return EQUAL
  const names = value.filter((one) => !String(one).endsWith(':host-gateway'))
  const lost = value.filter((one) => String(one).endsWith(':host-gateway')).map((one) => `"${String(one)}"`).join(', ')
  if (lost === '') return EQUAL
  const why = `${lost}: \`host-gateway\` is a word of dockerd and podman: write the address of the host`
  return names.length === 0 ? Missing(why) : Nearly(why, [{ name: 'extra_hosts', value: names }])
}

const address = missing('Addresses are given by CNI: `network { mode = "cni/NAME" }`.')

/** Network, ports and names. */
export const networkRows: Rows = {
  network_mode: differs(
    'network_mode',
    '`host` and `none` work. `bridge` and `cni/NAME` are compiled, not executed yet. No `container:`.',
    { judge: mode }
  ),
  ports: differs(
    'ports',
    'Not needed in a network of the group and on the host\'s. A label that the group has not is refused, as there.',
    { judge: ports }
  ),
  port_map: missing("Use `to` of a `port` in the group's `network` block."),
  dns_servers: dns('dns_servers'),
  dns_search_domains: dns('dns_search_domains'),
  dns_options: dns('dns_options'),
  extra_hosts: equal(
    'extra_hosts',
    '`host-gateway` is refused: write the address. The file is read-only in the container.',
    { judge: hosts }
  ),
  network_aliases: missing('Use a Nomad `service`.'),
  ipv4_address: address,
  ipv6_address: address,
  mac_address: address,
  advertise_ipv6_address: missing('Use `address_mode` of a `service`.', {
    judge: (value) => (value === false ? Needless('it is off') : Missing('use `address_mode` of a `service`'))
  })
}
