import { neutral, tightens, unknown, weakens } from '../diff/Change'
import { Json, member } from '../domain/Json'
import { EXIT, NOMAD, OWNER, reservedFor } from '../domain/labels'
import { always, opens, Rule, Rules, sameItems, text } from './Rule'

const tag = (value: Json | undefined): string => text(member(value, '_tag'))

const network: Rule = ({ before, after }) => {
  const [was, is] = [tag(before), tag(after)]
  if (is === 'Host' && was !== 'Host') return weakens('the network of the host')
  if (was === 'Host') return tightens('the network of the host no more')
  if (is === 'Isolated') return tightens('a network with only a loopback')
  return was === 'Isolated' ? weakens('reaches a network') : unknown('another network')
}

const seccomp: Rule = ({ before, after }) => {
  const [was, is] = [tag(before), tag(after)]
  if (is === 'Unconfined') return weakens('no filter of system calls')
  return was === 'Unconfined' ? tightens('a filter of system calls') : neutral('the filter itself is in the spec')
}

const CODE = always(unknown('other code runs'))
const LOOKED = always(neutral('what is looked at before the start; what is mounted stands in the spec'))
const NAME = always(neutral('a name or number without effect on the walls'))

/** Pipes or a file; a URI is another matter: with `binary:` it names a program that containerd runs on the host. */
const output: Rule = ({ before, after }) => {
  if (text(after).includes(':')) return weakens('containerd may run a program for the output')
  return text(before).includes(':') ? unknown('another way of output') : neutral('a path of output')
}

/**
 * containerd and other tools obey labels under names of their own: its restart monitor runs a program that one names.
 */
const label: Rule = ({ key, kind }) => {
  const name = (key.split('/').at(-1) ?? '').replaceAll('~1', '/').replaceAll('~0', '~')
  const isOurs = name === OWNER || name === EXIT || name.startsWith(NOMAD)
  if (isOurs || reservedFor(name) === undefined) return neutral('a label that nobody obeys')
  return kind === 'removed'
    ? unknown('a label that containerd or a tool may obey')
    : weakens('containerd or a tool may obey this label')
}

const refused: Rule = ({ kind, sides }) =>
  kind === 'removed' || !sides.after.isRefused
    ? unknown('is not refused for that')
    : tightens('is refused: the task does not run')

/** What is known of what stands beside the spec. */
export const beside: Rules = {
  issues: refused,
  'issues/*': refused,
  'container/image/name': CODE,
  'container/image/digest': CODE,
  'container/image/chainId': CODE,
  'container/runtime/name': always(unknown('another runtime builds other walls')),
  'container/runtime/options/_tag': NAME,
  'container/runtime/options/ioUid': NAME,
  'container/runtime/options/ioGid': NAME,
  'container/snapshotter': always(neutral('where layers lie')),
  'container/labels/*': label,
  'container/id': NAME,
  'container/owner': NAME,
  'stop/signal': always(neutral('how it is asked to end')),
  'io/stdout': output,
  'io/stderr': output,
  'io/terminal': always(neutral('a terminal or pipes')),
  'fetch/owner': NAME,
  'fetch/name': CODE,
  'fetch/platform': CODE,
  'fetch/snapshotter': always(neutral('where layers lie')),
  'fetch/timeoutMs': always(neutral('how long a fetch may take')),
  'fetch/policy': always(unknown('when the image is fetched again')),
  'fetch/requireLogin': ({ kind }) =>
    kind === 'removed'
      ? weakens('an image that is here is used without asking its registry')
      : tightens('the registry is asked before an image is used'),
  'fetch/auth': always(unknown('another login at the registry')),
  network,
  'network/netns': always(unknown('another network')),
  'network/network': always(unknown('another network')),
  'network/ports/*': opens('a port of the host'),
  seccomp,
  ...Object.fromEntries(
    ['profile', 'path', 'digest'].map((name) => [
      `seccomp/${name}`,
      always(neutral('the filter itself is in the spec'))
    ])
  ),
  inspection: LOOKED,
  mounts: sameItems('the things that the driver makes'),
  'mounts/*': always(neutral('what the driver makes on the host; what is mounted stands in the spec'))
}
