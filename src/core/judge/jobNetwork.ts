import { Judged, neutral, tightens, unknown, weakens, worstOf } from '../diff/Change'
import { isEqual, isJsonList, isJsonRecord, Json, member } from '../domain/Json'
import { always, Rule, Rules, sameItems, text, texts, within } from './Rule'

/** Without a word the group shares the network of its host. */
const modeOf = (value: Json | undefined): string => (text(value) === '' ? 'host' : text(value))

const mode: Rule = ({ before, after }) => {
  const [was, is] = [modeOf(before), modeOf(after)]
  if (was === is) return neutral('the same network')
  if (is === 'host') return weakens('the network of the host')
  if (is === 'none') return tightens('a network with only a loopback')
  if (was === 'none') return weakens('reaches a network')
  return was === 'host' && is === 'bridge' ? tightens('the network of the host no more') : unknown('another network')
}

const PORT: ReadonlyArray<string> = ['label', 'static', 'to', 'host_network', 'ignore_collision']

/** A port of the host that leads to the group. With the host's network it is a number that is kept free. */
const port: Rule = ({ before, after, sides }) => {
  const isStatic = member(after, 'static') !== undefined
  if (after === undefined) return tightens('a port of the host is gone')
  if (before === undefined) {
    if (isStatic) return weakens('a port of the host is new')
    return sides.after.groupNetwork === 'host'
      ? unknown('a port of the host that the client chooses')
      : weakens('a port of the host that the client chooses is new')
  }
  return worstOf(portParts(before, after), neutral('the same port'))
}

const portParts = (before: Json, after: Json): ReadonlyArray<Judged> => {
  const isOther = (name: string): boolean => !isEqual(member(before, name), member(after, name))
  const [was, is] = [member(before, 'static'), member(after, 'static')]
  return [
    ...(isOther('static') && is !== undefined ? [weakens('another port of the host')] : []),
    ...(isOther('static') && is === undefined && was !== undefined ? [unknown('a port that the client chooses')] : []),
    ...(isOther('to') ? [weakens('it leads to another port of the container')] : []),
    ...(isOther('host_network') ? [unknown('it is open to another network of the host')] : []),
    ...(isOther('ignore_collision') ? [unknown('others may have the same port')] : [])
  ]
}

const SERVICE: ReadonlyArray<string> = [
  'name', 'port', 'tags', 'canary_tags', 'enable_tag_override', 'address_mode', 'address', 'check', 'check_restart',
  'connect', 'meta', 'canary_meta', 'tagged_addresses', 'task', 'on_update', 'identity', 'weights', 'provider',
  'cluster', 'kind'
]

const SEEN_ELSEWHERE: ReadonlyArray<string> = [
  'address_mode', 'address', 'meta', 'canary_meta', 'tagged_addresses', 'identity', 'provider', 'cluster', 'kind',
  'enable_tag_override'
]

/** Proxies obey tags with a value: `traefik.http.routers.x.rule=…`, `urlprefix-/`. */
const isObeyed = (tag: string): boolean => /=|^urlprefix-/.test(tag)

/** A name under which others find the task, and what a mesh or a proxy makes of it. */
const service: Rule = ({ before, after }) => {
  if (after === undefined) return neutral('others do not find it under this name any more', 'program')
  const isOther = (name: string): boolean => !isEqual(member(before, name), member(after, name))
  return worstOf(
    [
      ...(before === undefined ? [unknown('others find it under this name')] : []),
      ...(['tags', 'canary_tags'].some((name) => newTags(name, before, after).some(isObeyed))
        ? [unknown('a proxy may obey this tag')]
        : []),
      ...(before !== undefined && SEEN_ELSEWHERE.some(isOther) ? [unknown('others find it in another way')] : []),
      ...(isOther('check') ? checks(member(after, 'check')) : []),
      ...connect(member(before, 'connect'), member(after, 'connect'))
    ],
    neutral('a name, a tag or a check', 'program')
  )
}

const newTags = (name: string, before: Json | undefined, after: Json | undefined): ReadonlyArray<string> => {
  const known = texts(before, name)
  return texts(after, name).filter((tag) => !known.includes(tag))
}

const records = (value: Json | undefined): ReadonlyArray<Json> => (isJsonList(value) ? value : [])

const checks = (after: Json | undefined): ReadonlyArray<Judged> => {
  if (records(after).some((check) => member(check, 'expose') === true))
    return [weakens('a path of it is reached without the mesh')]
  return records(after).some((check) => text(member(check, 'type')) === 'script')
    ? [unknown('a check runs a command in it', 'program')]
    : [neutral('another check', 'program')]
}

const upstreams = (given: Json | undefined): ReadonlyArray<Json> =>
  records(member(member(member(given, 'sidecar_service'), 'proxy'), 'upstreams'))

/** A sidecar, or a gateway, that Nomad runs in the group's network. */
const connect = (before: Json | undefined, after: Json | undefined): ReadonlyArray<Judged> => {
  if (isEqual(before, after)) return []
  if (after === undefined) return [unknown('the mesh does not ask who calls it any more')]
  const isMore = upstreams(after).some((one) => !upstreams(before).some((other) => isEqual(one, other)))
  const isGateway = !isEqual(member(before, 'gateway'), member(after, 'gateway'))
  if (isMore) return [weakens('reaches one more service of the mesh')]
  if (isGateway && isJsonRecord(member(after, 'gateway'))) return [weakens('a gateway of the mesh')]
  return [unknown('another sidecar of the mesh')]
}

/** What is known of the network of a group, and of the names under which others find a task. */
export const jobNetwork: Rules = {
  'job/group/network': sameItems('the networks'),
  'job/group/network/mode': mode,
  'job/group/network/hostname': always(neutral('a name', 'program')),
  'job/group/network/mbits': always(neutral('a share among others', 'resources')),
  'job/group/network/dns/**': always(unknown('asks others for the addresses of names', 'program')),
  'job/group/network/cni/**': always(unknown('other words to the plugins of the network')),
  'job/group/network/port': sameItems('the ports'),
  'job/group/network/port/*': within(PORT, port),
  'job/group/service': sameItems('the services'),
  'job/group/service/*': within(SERVICE, service),
  'job/task/service': sameItems('the services'),
  'job/task/service/*': within(SERVICE, service)
}
