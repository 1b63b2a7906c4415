import { neutral, unknown } from '../diff/Change'
import { always, opens, Rules, sameItems } from './Rule'

const NAME = always(neutral('a name without effect on the walls', 'program'))
const ANOTHER = always(unknown('another network'))
const ADDRESS = always(unknown('another address or name in its network'))

/** What is known of a network that the driver makes. The ports are judged where they stand by their labels. */
export const cniNetwork: Rules = {
  'network/attachment/container': NAME,
  'network/attachment/netns': NAME,
  'network/attachment/record': NAME,
  'network/attachment/network': ANOTHER,
  'network/attachment/conflist': ANOTHER,
  'network/attachment/path': always(unknown('plugins of the network from other directories')),
  'network/attachment/args/*': always(unknown('other words to the plugins of the network')),
  'network/attachment/capabilities': sameItems('the ports'),
  'network/attachment/capabilities/portMappings': sameItems('the ports'),
  'network/attachment/capabilities/portMappings/*': always(neutral('the published ports say it')),
  'network/attachment/capabilities/ips/*': ADDRESS,
  'network/attachment/capabilities/mac': ADDRESS,
  'network/attachment/capabilities/aliases/*': ADDRESS,
  'network/ports': sameItems('the ports'),
  'network/ports/*': opens('a port of the host'),
  'network/isAdvertised': always(neutral('the address under which services are found', 'program')),
  'network/bridge': ANOTHER,
  'network/bridge/device': ANOTHER,
  'network/bridge/subnets': ANOTHER,
  'network/because': NAME
}
