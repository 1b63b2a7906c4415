import { Judged, neutral, tightens, unknown, weakens, worstOf } from '../diff/Change'
import { isEqual, Json, member } from '../domain/Json'
import { always, Case, Rule, Rules, sameItems, text, texts, within } from './Rule'

const isOther = ({ before, after }: Case, ...names: ReadonlyArray<string>): boolean =>
  names.some((name) => !isEqual(member(before, name), member(after, name)))

const MOUNT: ReadonlyArray<string> = [
  'volume', 'destination', 'read_only', 'propagation_mode', 'selinux_label', 'from'
]

const volumeName = (mount: Json | undefined): string => {
  const from = member(mount, 'from')
  const [type, source] = [text(member(from, 'type')), text(member(from, 'source'))]
  return `the ${type === '' ? 'host' : type} volume ${source === '' ? text(member(mount, 'volume')) : source}`
}

/** A volume of the group in the container: what it is on the host, only a client knows. */
const volumeMount: Rule = (change) => {
  const { before, after } = change
  if (after === undefined) return tightens(`${volumeName(before)} is not shown any more`)
  if (before === undefined) return weakens(`shows ${volumeName(after)}${isReadOnly(after) ? '' : ', writable'}`)
  const [was, is] = [isReadOnly(before), isReadOnly(after)]
  return worstOf(
    [
      ...(sourceOf(before) === sourceOf(after) ? [] : [weakens(`shows ${volumeName(after)}`)]),
      ...(was === is ? [] : [is ? tightens('read-only now') : weakens('read-only before, writable now')]),
      ...spread(text(member(before, 'propagation_mode')), text(member(after, 'propagation_mode'))),
      ...(isOther(change, 'selinux_label') ? [unknown('another SELinux label')] : []),
      ...(restOf(member(before, 'from')) === restOf(member(after, 'from')) ? [] : [unknown('mounted in another way')])
    ],
    neutral('the same volume')
  )
}

const isReadOnly = (mount: Json | undefined): boolean =>
  member(mount, 'read_only') === true || member(member(mount, 'from'), 'read_only') === true

const sourceOf = (mount: Json): string => {
  const from = member(mount, 'from')
  return JSON.stringify([text(member(from, 'type')), text(member(from, 'source')), member(from, 'per_alloc') === true])
}

const restOf = (from: Json | undefined): string =>
  JSON.stringify(
    ['access_mode', 'attachment_mode', 'mount_options', 'sticky'].map((name) => member(from, name) ?? null)
  )

const spread = (was: string, is: string): ReadonlyArray<Judged> => {
  if (was === is) return []
  return [is === 'bidirectional' ? weakens('its mounts reach the host') : unknown('how mounts spread is another')]
}

/** Something that gives access as a whole: new weakens, another one nobody here can judge. */
const access =
  (what: string): Rule =>
  ({ before, after }) => {
    if (after === undefined) return tightens(`${what} no more`)
    return before === undefined ? weakens(what) : unknown(`${what} in another way`)
  }

const VAULT: ReadonlyArray<string> = [
  'policies', 'role', 'namespace', 'cluster', 'env', 'disable_file', 'change_mode', 'change_signal',
  'allow_token_expiration'
]

const vault: Rule = (change) => {
  const { before, after } = change
  if (before === undefined || after === undefined) return access('reads secrets of Vault')(change)
  const had = texts(before, 'policies')
  const isMore = texts(after, 'policies').some((policy) => !had.includes(policy))
  const isFewer = had.some((policy) => !texts(after, 'policies').includes(policy))
  return worstOf(
    [
      ...(isMore ? [weakens('one more policy of Vault')] : []),
      ...(isFewer ? [had.length === 1 ? unknown('the policies of its role') : tightens('a policy of Vault less')] : []),
      ...(isOther(change, 'role', 'namespace', 'cluster') ? [unknown('other secrets of Vault')] : []),
      ...shown(before, after)
    ],
    neutral('what is done when the token is another', 'program')
  )
}

/** Whether the program can read the token itself. */
const shown = (before: Json, after: Json): ReadonlyArray<Judged> => {
  const [was, is] = [before, after].map((one) =>
    [member(one, 'env') === true, member(one, 'disable_file') !== true].map(Number)
  )
  const [env = 0, file = 0] = [0, 1].map((place) => (is?.[place] ?? 0) - (was?.[place] ?? 0))
  if (env > 0 || file > 0) return [weakens('the program can read the token')]
  return env < 0 || file < 0 ? [tightens('the program reads the token in a way less')] : []
}

const IDENTITY: ReadonlyArray<string> = [
  'name', 'env', 'file', 'filepath', 'aud', 'ttl', 'change_mode', 'change_signal', 'service_name', 'extra_claims'
]

const identity: Rule = (change) => {
  const { before, after } = change
  if (after === undefined) return tightens('an identity less')
  const isShown = ['env', 'file'].some((name) => member(after, name) === true && member(before, name) !== true)
  if (isShown) return weakens('the program can read a token of this identity')
  if (before === undefined) return unknown('an identity that others may trust')
  return worstOf(
    [
      ...(['env', 'file'].some((name) => isOther(change, name)) ? [tightens('the program reads its token less')] : []),
      ...(isOther(change, 'aud', 'ttl', 'service_name', 'extra_claims') ? [unknown('others may trust it')] : []),
      ...(isOther(change, 'filepath') ? [neutral('another place of the token', 'program')] : [])
    ],
    neutral('what is done when the token is another', 'program')
  )
}

const OTHERS = always(unknown('other access at Nomad, Consul or Vault'))

/** What is known of volumes, devices, plugins, tokens and identities that Nomad gives a task. */
export const jobAccess: Rules = {
  'job/job/namespace': OTHERS,
  'job/job/region': OTHERS,
  'job/job/consul_namespace': OTHERS,
  'job/job/vault_namespace': OTHERS,
  'job/group/consul/**': OTHERS,
  'job/task/consul/**': OTHERS,
  'job/task/kind': always(unknown('a part of the mesh')),
  'job/task/volume_mount': sameItems('the volumes'),
  'job/task/volume_mount/*': within(MOUNT, volumeMount),
  'job/task/csi_plugin': access('serves storage to the host'),
  'job/task/vault': within(VAULT, vault),
  'job/task/identity': sameItems('the identities'),
  'job/task/identity/*': within(IDENTITY, identity),
  'job/task/secret': sameItems('the secrets'),
  'job/task/secret/*': access('reads a secret'),
  'job/task/resources/device': sameItems('the devices'),
  'job/task/resources/device/*': (change) =>
    isOther(change, 'count') && change.before !== undefined && change.after !== undefined
      ? weakens('another number of devices')
      : access('uses a device of the host')(change)
}
