import { NAME_SERVERS } from '../../domain/ceilings'
import { says } from '../../field/About'
import * as F from '../../field/Field'
import * as K from '../../field/Kind'
import { hostLines } from '../../value/kinds'

const resolver = K.textsOf(K.text, NAME_SERVERS)

const FILES = ['spec.mounts', 'mounts']
// In a user namespace /sys is mounted in another way where the network is not the container's own.
const NETWORK = [
  'network', 'spec.linux.namespaces', 'spec.mounts', 'mounts', 'spec.hostname', 'spec.process.env'
]

/** The network of a task, and the files by which it finds names. */
export const network = {
  host_network: F.withDefault(
    K.flag,
    false,
    says('Use the host\'s network. Excludes `network { mode = "bridge" }`.', NETWORK, {
      policy: ['allowed_modes.network'],
      example: 'host_network = true'
    })
  ),
  network_mode: F.withDefault(
    K.text,
    '',
    says(
      '`host` (as `host_network`), `none` (only a loopback), `bridge` (one of the driver\'s own), `cni/<name>` (what a conflist of the host describes), `task:<name>` (that of another task of the allocation) or `container:<id>` (that of a container of containerd). Left out: `bridge` with `ports`, else only a loopback.',
      NETWORK,
      { policy: ['allowed_modes.network'], example: 'network_mode = "host"' }
    )
  ),
  ports: F.orEmpty(
    K.texts,
    [],
    says(
      "Labels of the group's ports that lead into the network of the task, by tcp and udp. In the group's network and on the host's they need no mapping.",
      NETWORK,
      { policy: ['allowed_modes.network'], example: 'ports = ["http"]' }
    )
  ),
  host_dns: F.withDefault(
    K.flag,
    true,
    says(
      "Use the host's `/etc/resolv.conf`, read-only, where neither the job nor the operator says otherwise. `false` leaves the image's.",
      FILES,
      { example: 'host_dns = false' }
    )
  ),
  dns_servers: F.orEmpty(
    resolver,
    [],
    says('Name servers of `/etc/resolv.conf`, before those of the group, of the operator and of the host.', FILES, {
      example: 'dns_servers = ["10.0.0.2"]'
    })
  ),
  dns_search_domains: F.orEmpty(
    resolver,
    [],
    says('Search domains of `/etc/resolv.conf`; `.` for none.', FILES, {
      example: 'dns_search_domains = ["example.com"]'
    })
  ),
  dns_options: F.orEmpty(
    resolver,
    [],
    says('Options of the resolver in `/etc/resolv.conf`.', FILES, {
      example: 'dns_options = ["ndots:2"]'
    })
  ),
  extra_hosts: F.orEmpty(
    hostLines,
    [],
    says(
      'More lines of `/etc/hosts`, each `host:IP`; the word `host-gateway` is the address of the host.',
      FILES,
      { example: 'extra_hosts = ["db:10.0.0.7"]' }
    )
  )
} as const satisfies F.Fields
