import { compact } from '../domain/canonical'
import { DocumentPath, inPlugin } from '../domain/DocumentPath'
import { Issue } from '../domain/Issue'
import { NetworkFacts } from '../facts/Facts'
import { INSTALL, routeInto, routeText } from './conflist'
import { Request } from './Request'

type Plugin = Request['plugin']

const EVERYWHERE = { v4: '0.0.0.0/0', v6: '::/0' }

/**
 * The conflist of the driver's own bridge: as that of the Nomad client, and as dockerd's bridge a task reaches its own
 * published ports too (`hairpinMode`).
 */
export const bridgeConflist = (plugin: Plugin): string => {
  const { bridge_network_name: name, bridge_network_mtu: mtu } = plugin
  const ranges = rangesOf(plugin)
  return compact({
    cniVersion: '1.0.0',
    name,
    plugins: [
      { type: 'loopback' },
      {
        type: 'bridge',
        bridge: name,
        isGateway: true,
        ipMasq: true,
        hairpinMode: true,
        ...(mtu === undefined ? {} : { mtu }),
        ipam: {
          type: 'host-local',
          ranges: ranges.map(({ written: subnet }) => [{ subnet }]),
          routes: ranges.map(({ value: { family } }) => ({ dst: EVERYWHERE[family] }))
        }
      },
      { type: 'firewall', backend: 'iptables' },
      { type: 'portmap', capabilities: { portMappings: true }, snat: true }
    ]
  })
}

const NEEDED: ReadonlyArray<string> = ['bridge', 'firewall', 'host-local', 'loopback', 'portmap']

const rangesOf = ({ bridge_network_subnet: v4, bridge_network_subnet_ipv6: v6 }: Plugin): ReadonlyArray<typeof v4> =>
  v6 === undefined ? [v4] : [v4, v6]

/** The bridge, and the addresses behind it. */
export const bridgeOf = (plugin: Plugin): { readonly device: string; readonly subnets: ReadonlyArray<string> } =>
  ({ device: plugin.bridge_network_name, subnets: rangesOf(plugin).map(({ written }) => written) })

/** What keeps this host from having the driver's bridge: plugins that are missing, ranges that others have. */
export const bridgeIssues = (plugin: Plugin, facts: NetworkFacts, at: DocumentPath): ReadonlyArray<Issue> => [
  ...NEEDED.filter((type) => !facts.plugins.includes(type)).map((type) =>
    Issue('BadValue', at, undefined, `needs the CNI plugin \`${type}\`, which is not in ${plugin.cni.path}`, INSTALL)
  ),
  ...rangesOf(plugin).flatMap(({ written, value }) => {
    const route = routeInto(value, plugin.bridge_network_name, facts)
    const option = value.family === 'v4' ? 'bridge_network_subnet' : 'bridge_network_subnet_ipv6'
    return route === undefined
      ? []
      : [
          Issue(
            'Conflict', inPlugin(option), written, `the host's route ${routeText(route)} leads into it`,
            `set \`${option}\` to a range that no route of the host has`
          )
        ]
  })
]
