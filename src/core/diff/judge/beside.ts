import { Json, member } from '../../domain/Json'
import { neutral, tightens, unknown, weakens } from '../Change'
import { always, opens, Rule, Rules, text } from './Rule'

const tag = (value: Json | undefined): string => text(member(value, '_tag'))

const network: Rule = ({ before, after }) => {
  const [was, is] = [tag(before), tag(after)]
  if (is === 'Host' && was !== 'Host') return weakens('the network of the host')
  if (was === 'Host') return tightens('the network of the host no more')
  return is === 'Isolated' ? tightens('a network with only a loopback') : was === 'Isolated' ? weakens('reaches a network') : unknown('another network')
}

const seccomp: Rule = ({ before, after }) => {
  const [was, is] = [tag(before), tag(after)]
  if (is === 'Unconfined') return weakens('no filter of system calls')
  return was === 'Unconfined' ? tightens('a filter of system calls') : neutral('the filter itself is in the spec')
}

const CODE = always(unknown('other code runs'))
const NAME = always(neutral('a name, or a path of output'))

const refused: Rule = ({ kind }) => (kind === 'removed' ? unknown('is not refused for that any more') : tightens('is refused: the task does not run'))

/** What is known of what stands beside the spec. */
export const beside: Rules = {
  issues: refused,
  'issues/*': refused,
  'container/image/name': CODE,
  'container/image/digest': CODE,
  'container/image/chainId': CODE,
  'container/runtime/name': always(unknown('another runtime builds other walls')),
  'container/runtime/options': NAME,
  'container/snapshotter': always(neutral('where layers lie')),
  'container/labels/*': NAME,
  'container/id': NAME,
  'container/owner': NAME,
  'stop/signal': always(neutral('how it is asked to end')),
  'io/stdout': NAME,
  'io/stderr': NAME,
  'io/terminal': always(neutral('a terminal or pipes')),
  'fetch/owner': NAME,
  'fetch/name': CODE,
  'fetch/platform': CODE,
  'fetch/snapshotter': always(neutral('where layers lie')),
  'fetch/timeoutMs': always(neutral('how long a fetch may take')),
  'fetch/policy': always(unknown('when the image is fetched again')),
  'fetch/auth': always(unknown('another login at the registry')),
  network,
  'network/netns': always(unknown('another network')),
  'network/network': always(unknown('another network')),
  'network/ports/*': opens('a port of the host'),
  seccomp,
  ...Object.fromEntries(['profile', 'path', 'digest'].map((name) => [`seccomp/${name}`, always(neutral('the filter itself is in the spec'))])),
  mounts: always(neutral('the same things are made')),
  'mounts/*': always(neutral('what the driver makes on the host; what is mounted stands in the spec'))
}
