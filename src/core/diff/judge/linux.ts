import { isJsonRecord, Json, member } from '../../domain/Json'
import { neutral, tightens, unknown, weakens } from '../Change'
import { device, deviceRule } from './devices'
import { always, closes, guard, limit, opens, Rule, Rules, text } from './Rule'

/** A namespace of one's own is a wall; joining another's is a door in it. */
const namespace: Rule = ({ kind, before, after }) => {
  if (kind === 'added') return tightens('a namespace of its own, or another than the host\'s')
  if (kind === 'removed') return weakens('shares the namespace of the host')
  const [was, is] = [text(member(before, 'path')), text(member(after, 'path'))]
  return is === '' ? tightens('a namespace of its own') : was === '' ? weakens(`joins ${is}`) : unknown(`joins ${is} instead of ${was}`)
}

const mapping: Rule = ({ kind, before, after }) => {
  if (kind === 'added') return tightens('users are others on the host')
  if (kind === 'removed') return weakens('users are those of the host')
  const isMore = (owner: Json | undefined): number => Number(isJsonRecord(owner) ? owner['size'] : 0)
  return member(after, 'hostID') === 0 ? weakens('root is root of the host') : isMore(after) > isMore(before) ? weakens('more users of the host') : unknown('other users of the host')
}

const propagation: Rule = ({ after }) =>
  text(after).includes('shared') ? weakens('its mounts reach the host') : unknown('how mounts spread is another')

const KERNEL = always(unknown('what a kernel setting allows depends on the kernel'))
const WEIGHT = always(neutral('only a share among others'))

const throttle = ['ReadBps', 'WriteBps', 'ReadIOPS', 'WriteIOPS'].flatMap((way): ReadonlyArray<readonly [string, Rule]> => {
  const list = `spec/linux/resources/blockIO/throttle${way}Device`
  return [[`${list}/*`, closes('a limit of a disk')], [`${list}/*/rate`, limit('of a disk')], [list, always(neutral('the limits are the same'))]]
})

/** What is known of `linux` of a spec, without its filter. */
export const linux: Rules = {
  'spec/linux/namespaces': always(neutral('the namespaces are the same')),
  'spec/linux/namespaces/*': namespace,
  'spec/linux/devices': always(neutral('the devices are the same')),
  'spec/linux/devices/*': device,
  'spec/linux/uidMappings/*': mapping,
  'spec/linux/gidMappings/*': mapping,
  'spec/linux/rootfsPropagation': propagation,
  'spec/linux/cgroupsPath': always(neutral('another cgroup, the same limits')),
  'spec/linux/sysctl/*': KERNEL,
  'spec/linux/resources/unified/*': KERNEL,
  'spec/linux/resources/devices': deviceRule,
  'spec/linux/resources/devices/*': deviceRule,
  'spec/linux/resources/memory/limit': limit('memory'),
  'spec/linux/resources/memory/swap': limit('memory and swap'),
  'spec/linux/resources/memory/reservation': WEIGHT,
  'spec/linux/resources/memory/swappiness': WEIGHT,
  'spec/linux/resources/memory/disableOOMKiller': ({ after }) => (after === true ? weakens('is never killed when memory is short') : tightens('is killed when memory is short')),
  'spec/linux/resources/cpu/shares': WEIGHT,
  'spec/linux/resources/cpu/quota': limit('CPU time'),
  'spec/linux/resources/cpu/period': always(unknown('the quota is of another period')),
  'spec/linux/resources/cpu/cpus': always(neutral('other cores')),
  'spec/linux/resources/cpu/mems': always(neutral('other memory nodes')),
  'spec/linux/resources/pids/limit': limit('processes'),
  'spec/linux/resources/blockIO/weight': WEIGHT,
  'spec/linux/resources/blockIO/weightDevice/*': WEIGHT,
  'spec/linux/resources/blockIO/weightDevice/*/weight': WEIGHT,
  ...Object.fromEntries(throttle),
  'spec/root/readonly': guard('the root file system cannot be written', 'the root file system can be written'),
  'spec/root/path': always(unknown('another root file system')),
  'spec/hooks/*': opens('a program that the host runs'),
  'spec/hostname': always(neutral('a name')),
  'spec/domainname': always(neutral('a name')),
  'spec/ociVersion': always(neutral('the version of the document')),
  'spec/annotations/*': always(unknown('a runtime may obey an annotation'))
}
