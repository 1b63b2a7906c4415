import { neutral, tightens, unknown, weakens } from '../diff/Change'
import { Json, member } from '../domain/Json'
import { EXIT, NAMESPACE, NETWORK, NOMAD, OWNER, reservedFor } from '../domain/labels'
import { cniNetwork } from './cniNetwork'
import { UNKNOWN_USER } from './Known'
import { always, Rule, Rules, sameItems, text } from './Rule'

const tag = (value: Json | undefined): string => text(member(value, '_tag'))

const network: Rule = ({ before, after }) => {
  const [was, is] = [tag(before), tag(after)]
  if (is === 'Host' && was !== 'Host') return weakens('the network of the host')
  if (was === 'Host') return tightens('the network of the host no more')
  if (is === 'Isolated') return tightens('a network with only a loopback')
  return was === 'Isolated' ? weakens('reaches a network') : unknown('another network')
}

const ANOTHERS = always(unknown('the network of another container'))

const seccomp: Rule = ({ before, after }) => {
  const [was, is] = [tag(before), tag(after)]
  if (is === 'Unconfined') return weakens('no filter of system calls')
  return was === 'Unconfined' ? tightens('a filter of system calls') : neutral('the filter itself is in the spec')
}

const CODE = always(unknown('other code runs', 'program'))
const LOOKED = always(
  neutral('what is looked at before the start; what is mounted stands in the spec', 'program')
)
const NAME = always(neutral('a name or number without effect on the walls', 'program'))

/** Pipes or a file; a URI is another matter: with `binary:` it names a program that containerd runs on the host. */
const output: Rule = ({ before, after }) => {
  if (text(after).includes(':')) return weakens('containerd may run a program for the output')
  return text(before).includes(':') ? unknown('another way of output') : neutral('a path of output', 'program')
}

/**
 * containerd and other tools obey labels under names of their own: its restart monitor runs a program that one names.
 */
const label: Rule = ({ key, kind }) => {
  const name = (key.split('/').at(-1) ?? '').replaceAll('~1', '/').replaceAll('~0', '~')
  const isOurs = [OWNER, EXIT, NAMESPACE].includes(name) || name.startsWith(NETWORK) || name.startsWith(NOMAD)
  if (isOurs || reservedFor(name) === undefined) return neutral('a label that nobody obeys', 'program')
  return kind === 'removed'
    ? unknown('a label that containerd or a tool may obey')
    : weakens('containerd or a tool may obey this label')
}

/** A refusal may be another's mistake of typing: what else the job says is judged all the same. */
const refused: Rule = ({ kind }) => unknown(kind === 'removed' ? 'is not refused for that' : 'is refused for that')

/** Who the user of an image is that nobody knows here, nobody can tell. */
const user: Rule = ({ before, after }) =>
  [before, after].some((side) => text(side).startsWith(UNKNOWN_USER))
    ? unknown('who the user of the image is')
    : neutral('who says it', 'program')

/** What is known of what stands beside the spec. */
export const beside: Rules = {
  user,
  driver: always(unknown('another driver runs it')),
  left: always(unknown('what could not be read is another')),
  'left/*': always(unknown('what could not be read is another')),
  issues: refused,
  'issues/*': refused,
  'container/image/name': CODE,
  'container/image/digest': CODE,
  'container/image/chainId': CODE,
  'container/runtime/name': always(unknown('another runtime builds other walls')),
  'container/runtime/options/_tag': NAME,
  'container/runtime/options/ioUid': NAME,
  'container/runtime/options/ioGid': NAME,
  'container/snapshotter': always(neutral('where layers lie', 'program')),
  'container/labels/*': label,
  'container/id': NAME,
  'container/owner': NAME,
  'stop/signal': always(neutral('how it is asked to end', 'program')),
  'io/stdout': output,
  'io/stderr': output,
  'io/terminal': always(neutral('a terminal or pipes', 'program')),
  'fetch/owner': NAME,
  'fetch/name': CODE,
  'fetch/platform': CODE,
  'fetch/snapshotter': always(neutral('where layers lie', 'program')),
  'fetch/hosts': always(unknown('images may come from elsewhere', 'program')),
  'fetch/silenceMs': always(neutral('how long a registry may be silent', 'program')),
  'fetch/timeoutMs': always(neutral('how long a fetch may take', 'program')),
  'fetch/policy': always(unknown('when the image is fetched again', 'program')),
  'fetch/requireLogin': ({ kind }) =>
    kind === 'removed'
      ? weakens('an image that is here is used without asking its registry')
      : tightens('the registry is asked before an image is used'),
  'fetch/verifier': ({ kind }) =>
    kind === 'removed'
      ? weakens('images are used that nobody has let in')
      : tightens('the operator\'s verifiers have to let an image in'),
  'fetch/verifier/binDir': always(unknown('other verifiers decide of images')),
  'fetch/verifier/maxVerifiers': always(unknown('more or fewer verifiers decide of images')),
  'fetch/verifier/timeoutMs': always(neutral('how long a verifier may take', 'program')),
  'fetch/auth': always(unknown('another login at the registry', 'program')),
  network,
  'network/netns': always(unknown('another network')),
  'network/of': ANOTHERS,
  'network/of/*': ANOTHERS,
  ...cniNetwork,
  seccomp,
  ...Object.fromEntries(
    ['profile', 'path', 'digest'].map((name) => [
      `seccomp/${name}`,
      always(neutral('the filter itself is in the spec'))
    ])
  ),
  inspection: LOOKED,
  mounts: sameItems('the things that the driver makes'),
  'mounts/*': always(neutral('what the driver makes on the host; what is mounted stands in the spec', 'program'))
}
