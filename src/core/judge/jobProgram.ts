import { Judged, neutral, unknown, weakens, worstOf } from '../diff/Change'
import { isEqual, Json, member } from '../domain/Json'
import { always, limit, Rule, Rules, sameItems, within } from './Rule'

/** What says where, when and how often a task runs: the container is the same. */
const SCHEDULING: Readonly<Record<'job' | 'group' | 'task', ReadonlyArray<string>>> = {
  job: [
    'type', 'priority', 'all_at_once', 'datacenters', 'node_pool', 'constraint', 'affinity', 'spread', 'update',
    'multiregion', 'periodic', 'reschedule', 'migrate', 'ui'
  ],
  group: [
    'count', 'constraint', 'affinity', 'spread', 'restart', 'disconnect', 'reschedule', 'update', 'migrate',
    'shutdown_delay', 'stop_after_client_disconnect', 'max_client_disconnect', 'scaling', 'prevent_reschedule_on_lost'
  ],
  task: [
    'lifecycle', 'constraint', 'affinity', 'restart', 'kill_timeout', 'kill_signal', 'leader', 'shutdown_delay',
    'scaling', 'schedule'
  ]
}

const SCHEDULED = always(neutral('where, when and how often it runs', 'program'))

const scheduling: Rules = Object.fromEntries(
  Object.entries(SCHEDULING).flatMap(([owner, names]) => names.map((name) => [`job/${owner}/${name}/**`, SCHEDULED]))
)

/** An item that brings something into the container's own directories: another one brings what nobody here knows. */
const brings =
  (names: ReadonlyArray<string>, what: string): Rule =>
  ({ before, after }) => {
    const isOther = names.some((name) => !isEqual(member(before, name), member(after, name)))
    if (after === undefined) return neutral(`${what} no more`, 'program')
    return before === undefined || isOther ? unknown(what, 'program') : neutral('how and when it is done', 'program')
  }

const TEMPLATE: ReadonlyArray<string> = [
  'source', 'destination', 'data', 'change_mode', 'change_script', 'change_signal', 'splay', 'perms', 'uid', 'gid',
  'left_delim', 'right_delim', 'env', 'vault_grace', 'wait', 'once', 'error_on_missing_key'
]

const template = brings(
  ['source', 'data', 'env', 'left_delim', 'right_delim', 'change_script', 'perms'],
  'what it writes is known only on a client'
)

const ARTIFACT: ReadonlyArray<string> = ['source', 'destination', 'mode', 'options', 'headers', 'insecure', 'chown']

const artifact: Rule = (change) => {
  const brought = brings(['mode', 'options', 'headers', 'insecure'], 'what it fetches is not known')(change)
  const isOpen = member(change.after, 'insecure') === true && member(change.before, 'insecure') !== true
  return isOpen ? worstOf([unknown('others on the way may give other code'), brought], brought) : brought
}

/** What Nomad takes where a job says nothing (10 files of 10 MB). */
const LOGS = 10

const amountOf = (value: Json | undefined): number => (typeof value === 'number' ? value : LOGS)

const logs: Rule = ({ before, after }): Judged => {
  const size = (side: Json | undefined): number =>
    amountOf(member(side, 'max_files')) * amountOf(member(side, 'max_file_size'))
  return size(after) > size(before)
    ? weakens('more of the disk for what it prints', 'resources')
    : neutral('what is kept of what it prints', 'resources')
}

/** What is known of when a task runs, and of what Nomad puts into its directories. */
export const jobProgram: Rules = {
  ...scheduling,
  'job/job/parameterized/**': always(unknown('who starts it gives it values', 'program')),
  'job/group/ephemeral_disk': within(['size', 'sticky', 'migrate'], ({ before, after, ...rest }) =>
    isEqual(member(before, 'size'), member(after, 'size'))
      ? SCHEDULED({ before, after, ...rest })
      : disk({ ...rest, before: member(before, 'size'), after: member(after, 'size') })),
  'job/task/dispatch_payload/**': always(unknown('who starts it gives it a file', 'program')),
  'job/task/template': sameItems('the templates'),
  'job/task/template/*': within(TEMPLATE, template),
  'job/task/artifact': sameItems('the artifacts'),
  'job/task/artifact/*': within(ARTIFACT, artifact),
  'job/task/action': sameItems('the actions'),
  'job/task/action/*': brings(['command', 'args'], 'a command that may be run in it'),
  'job/task/logs': within(['max_files', 'max_file_size', 'enabled', 'disabled'], logs),
  'job/task/resources/numa/**': always(neutral('near which memory it runs', 'resources')),
  'job/task/resources/secrets': always(neutral('the size of the directory of secrets', 'resources')),
  'job/task/resources/disk': always(neutral('what is reserved of the disk', 'resources')),
  'job/task/resources/iops': always(neutral('what is reserved of the disk', 'resources'))
}

/** Nomad has 300 MB where a job says nothing. */
const DISK_MB = 300

const disk: Rule = (change) =>
  limit('of the disk')({ ...change, before: change.before ?? DISK_MB, after: change.after ?? DISK_MB })
