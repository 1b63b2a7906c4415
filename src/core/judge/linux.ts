import { Judged, neutral, tightens, unknown, weakens } from '../diff/Change'
import { compact } from '../domain/canonical'
import { at, isJsonList, isJsonRecord, Json, member } from '../domain/Json'
import { occurrences } from '../domain/occurrences'
import { device } from './devices'
import { mount, mountOrder } from './mounts'
import { KERNEL } from './resources'
import { always, guard, Rule, Rules, sameItems, text, within } from './Rule'

const TYPES: ReadonlyArray<string> = ['pid', 'ipc', 'uts', 'mount', 'network', 'cgroup', 'user', 'time']

/** A namespace of one's own is a wall; joining another's is a door in it. */
const namespace: Rule = ({ kind, before, after, sides }) => {
  const [was, is] = [text(member(before, 'path')), text(member(after, 'path'))]
  if (kind === 'removed') return weakens('shares the namespace of the host')
  if (kind === 'added')
    return isOwn(sides.before.namespaces, after)
      ? tightens('a namespace of its own')
      : unknown(is === '' ? 'no namespace, or one more of the same kind' : `joins ${is}`)
  if (is === was) return neutral('the same namespace')
  if (is === '') return tightens('a namespace of its own')
  return was === '' || is.startsWith('/proc/') ? weakens(`joins ${is}`) : unknown(`joins ${is} instead of ${was}`)
}

const isOwn = (olds: ReadonlyMap<string, string>, namespace: Json | undefined): boolean => {
  const type = text(member(namespace, 'type'))
  return TYPES.includes(type) && !olds.has(type) && text(member(namespace, 'path')) === ''
}

const mapping =
  (list: string): Rule =>
  ({ kind, before, after, sides }) => {
    const [olds, news] = [at(sides.before.spec, 'linux', list), at(sides.after.spec, 'linux', list)].map((side) =>
      isJsonList(side) ? side.length : 0
    )
    if (kind === 'removed')
      return (news ?? 0) > 0 ? tightens('fewer users of the host') : weakens('users are those of the host')
    if (kind === 'added') return added(after, (olds ?? 0) > 0)
    if (number(after, 'hostID') === number(before, 'hostID'))
      return number(after, 'size') > number(before, 'size')
        ? weakens('more users of the host')
        : tightens('fewer users of the host')
    if (number(after, 'hostID') === 0) return weakens('root is root of the host')
    if (number(after, 'size') > number(before, 'size')) return weakens('more users of the host')
    return unknown('other users of the host')
  }

const added = (mapping: Json | undefined, isOneMore: boolean): Judged => {
  if (isOneMore) return weakens('more users of the host')
  if (number(mapping, 'hostID') === 0) return unknown('root is root of the host')
  return tightens('users are others on the host')
}

const number = (owner: Json | undefined, name: string): number => {
  const value = isJsonRecord(owner) ? member(owner, name) : undefined
  return typeof value === 'number' || typeof value === 'bigint' ? Number(value) : 0
}

const propagation: Rule = ({ before, after }) => {
  const [was, is] = [text(before).includes('shared'), text(after).includes('shared')]
  if (is === was) return unknown('how mounts spread is another')
  return is ? weakens('its mounts reach the host') : tightens('its mounts reach the host no more')
}

/** The limits of the cgroup above hold too. Only the last name of a path may change without leaving it. */
const cgroup: Rule = ({ before, after }) => {
  const [was, is] = [parentOf(text(before)), parentOf(text(after))]
  return was !== undefined && was === is
    ? neutral('another cgroup, the same limits')
    : unknown('a cgroup in another place, where other limits hold')
}

const parentOf = (path: string): string | undefined => /^(.*[/:])(?!\.{1,2}$)[^/:]+$/.exec(path)?.[1]

/** Programs that the host runs, as a list for each moment. */
const hooks: Rule = ({ before, after }) => {
  const [olds, news] = [counted(before), counted(after)]
  const isMore = [...news].some(([hook, count]) => count > (olds.get(hook) ?? 0))
  const isFewer = [...olds].some(([hook, count]) => count > (news.get(hook) ?? 0))
  if (isMore) return weakens('a program that the host runs is new')
  if (isFewer) return tightens('a program that the host runs is gone')
  return unknown('programs that the host runs are in another order')
}

const counted = (list: Json | undefined): ReadonlyMap<string, number> => {
  const given = list === undefined ? [] : [list]
  const names = (isJsonList(list) ? list : given).map((hook) => compact(hook))
  return new Map(occurrences(names).map((count, index) => [names[index] ?? '', count + 1]))
}

/** What is known of `linux` of a spec (without resources and filter), and of what stands beside `process`. */
export const linux: Rules = {
  'spec/linux/namespaces': sameItems('the namespaces'),
  'spec/linux/namespaces/*': within(['type', 'path'], namespace),
  'spec/linux/devices': sameItems('the devices'),
  'spec/linux/devices/*': within(['path', 'type', 'major', 'minor', 'fileMode', 'uid', 'gid'], device),
  'spec/linux/uidMappings': sameItems('the users'),
  'spec/linux/gidMappings': sameItems('the groups'),
  'spec/linux/uidMappings/*': within(['containerID', 'hostID', 'size'], mapping('uidMappings')),
  'spec/linux/gidMappings/*': within(['containerID', 'hostID', 'size'], mapping('gidMappings')),
  'spec/linux/rootfsPropagation': propagation,
  'spec/linux/cgroupsPath': cgroup,
  'spec/linux/sysctl/*': KERNEL,
  'spec/mounts': mountOrder,
  'spec/mounts/*': within(['destination', 'type', 'source', 'options'], mount),
  'spec/root/readonly': guard('the root file system cannot be written', 'the root file system can be written'),
  'spec/root/path': always(unknown('another root file system')),
  'spec/hooks/*': hooks,
  'spec/hostname': always(neutral('a name', 'program')),
  'spec/domainname': always(neutral('a name', 'program')),
  'spec/ociVersion': always(neutral('the version of the document', 'program')),
  'spec/annotations/*': always(unknown('a runtime may obey an annotation'))
}
