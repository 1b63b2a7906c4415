import { says } from '../field/About'
import * as F from '../field/Field'
import * as K from '../field/Kind'
import { subnets } from '../value/kinds'

const cni = {
  config_dir: F.withDefault(
    K.path,
    '/opt/cni/config',
    'Directory of the conflists that `network_mode = "cni/<name>"` names. The default is that of the Nomad client.'
  ),
  path: F.withDefault(
    K.text,
    '/opt/cni/bin:/usr/lib/cni:/usr/libexec/cni',
    'Directories of the CNI plugins, with `:` between them; the first that has one wins.'
  )
}

// The least that IPv4 may have, and what a loopback device has.
const LEAST_MTU = 68
const MOST_MTU = 65_536

/** The networks that the driver makes. Named as the options of the Nomad client, whose own bridge this one is beside. */
export const networkFields = {
  cni: F.usualBlock(
    K.block(cni),
    says('Where the plugins and conflists of CNI are.', ['network'], {
      example: 'cni { config_dir = "/etc/cni/net.d", path = "/usr/lib/cni" }'
    })
  ),
  bridge_network_name: F.withDefault(
    K.text,
    'nomad-tasks',
    says(
      'Name of the bridge, and of the network, of tasks with `network_mode = "bridge"` or with published `ports`.',
      ['network'],
      { example: 'bridge_network_name = "tasks"' }
    )
  ),
  bridge_network_subnet: F.withDefault(
    subnets('v4', '10.88.0.0/16'),
    '172.26.80.0/20',
    says('Addresses of those tasks. No route of the host may lead into it.', ['network'], {
      example: 'bridge_network_subnet = "10.88.0.0/16"'
    })
  ),
  bridge_network_subnet_ipv6: F.optional(
    subnets('v6', 'fd00:a110:c8::/64'),
    says('IPv6 addresses of those tasks beside the others. Left out: they have none.', ['network'], {
      example: 'bridge_network_subnet_ipv6 = "fd00:a110:c8::/64"'
    })
  ),
  bridge_network_mtu: F.optional(
    K.whole(LEAST_MTU, MOST_MTU),
    says("Size of the largest packet on that bridge. Left out: the kernel's default.", ['network'], {
      example: 'bridge_network_mtu = 1450'
    })
  )
} as const satisfies F.Fields
