import { isRecord } from '../domain/isRecord'
import * as Job from '../job/Job'
import { DRIVER } from '../job/ours'
import { makerOf } from './aroundTask'
import { connectFindings } from './connectFindings'
import { constraintFindings } from './constraintFindings'
import { Finding, findingOf } from './Finding'
import { networkOf, SourceDriver } from './rows/Around'
import { Differs } from './rows/Verdict'

/** What is told of a group or of the job itself, once for all its tasks. */
export interface Note {
  readonly of: 'job' | 'group'
  readonly name: string
  readonly findings: ReadonlyArray<Finding>
}

/** Whether tasks of a driver are translated. */
export const isSource = (driver: string): driver is SourceDriver => driver === 'docker' || driver === 'podman'

/** What stands outside of tasks and does not work as before when they change their driver. Empty notes are left out. */
export const notesOf = (job: Job.Job, isRewritten: (task: string) => boolean): ReadonlyArray<Note> => {
  const groups = (job.TaskGroups ?? []).map((group) => ({
    group,
    tasks: (group.Tasks ?? []).filter(({ Name, Driver }) => isSource(Driver) && isRewritten(`${group.Name}/${Name}`))
  }))
  const isAny = groups.some(({ tasks }) => tasks.length > 0)
  return [
    ...(isAny ? [{ of: 'job', name: job.ID, findings: constraintFindings(job, '') } as const] : []),
    ...groups
      .filter(({ tasks }) => tasks.length > 0)
      .map(({ group, tasks }): Note => ({ of: 'group', name: group.Name, findings: ofGroup(group, tasks) }))
  ]
    .filter(({ findings }) => findings.length > 0)
    .reduce<ReadonlyArray<Note>>(alikeOnce, [])
}

/** Groups that a dynamic block makes are told of together, and so are others of which the same is told. */
const alikeOnce = (notes: ReadonlyArray<Note>, note: Note): ReadonlyArray<Note> => {
  const same = notes.find(({ of, findings }) => of === note.of && isAlike(findings, note.findings))
  return same === undefined
    ? [...notes, note]
    : notes.map((one) => (one === same ? { ...one, name: `${one.name}, ${note.name}` } : one))
}

const isAlike = (a: ReadonlyArray<Finding>, b: ReadonlyArray<Finding>): boolean => told(a) === told(b)

const told = (findings: ReadonlyArray<Finding>): string =>
  JSON.stringify(findings.map(({ option, text }) => [option, text]))

const ofGroup = (group: Job.Group, tasks: ReadonlyArray<Job.JobTask>): ReadonlyArray<Finding> => [
  ...loopbackOnly(group, tasks),
  ...connectFindings(group, tasks),
  ...constraintFindings(group, ''),
  ...tasks.flatMap((task) => constraintFindings(task, task.Name))
]

const modeIn = ({ Config }: Job.JobTask): unknown => Config?.['network_mode'] ?? ''

const isPublished = ({ Config }: Job.JobTask): boolean => {
  const ports: unknown = Config?.['ports']
  return typeof ports === 'string' || (Array.isArray(ports) && ports.length > 0)
}

/** dockerd and podman have a bridge of their own for every task whose group has no network; here it has to be asked for. */
const loopbackOnly = (group: Job.Group, tasks: ReadonlyArray<Job.JobTask>): ReadonlyArray<Finding> => {
  const alone = tasks.filter((task) => modeIn(task) === '' && !isPublished(task))
  const [first] = alone
  if (networkOf(group) !== '' || first === undefined) return []
  const named = alone.map(({ Name }) => `\`${Name}\``).join(', ')
  const makers = [...new Set(alone.map(({ Driver }) => makerOf(Driver === 'podman' ? 'podman' : 'docker')))]
  const text = `${whyHost(group, alone)}: ${named} ${alone.length === 1 ? 'has' : 'have'} a loopback only here`
  const other = `where ${bridgeOf(makers, alone.length === 1)}`
  return [findingOf('network', Differs(`${text}, ${other}: ${WAY_OUT}${apart(group)}`))]
}

const bridgeOf = (makers: ReadonlyArray<string>, isOne: boolean): string =>
  `${makers.join(' and ')} ${makers.length === 1 ? 'gives' : 'give'} ${isOne ? 'it' : 'them'} a bridge with a way out`

const whyHost = ({ Networks }: Job.Group, tasks: ReadonlyArray<Job.JobTask>): string => {
  const [network] = Networks ?? []
  if (network === undefined)
    return `the group has no \`network\`${tasks.some(hasOldNetwork) ? ' (one in `resources` is of the old kind)' : ''}`
  return network.Mode === 'host'
    ? "the group's `network` is the host's"
    : "the group's `network` has no `mode`, and so is the host's"
}

const hasOldNetwork = ({ Resources }: Job.JobTask): boolean => {
  const old: unknown = Resources
  const networks = isRecord(old) ? old['Networks'] : undefined
  return Array.isArray(networks) && networks.length > 0
}

const WAY_OUT =
  'set `network_mode = "bridge"` in its `config`, publish `ports`, or give the group `network { mode = "bridge" }`'

/** A task on the host's network cannot be in a group with another one. */
const apart = ({ Tasks }: Job.Group): string => {
  const tasks = (Tasks ?? []).filter((task) => modeIn(task) === 'host' || isOnHost(task))
  const onHost = tasks.map(({ Name }) => `\`${Name}\``)
  return onHost.length === 0 ? '' : `; ${onHost.join(', ')} on the host's network then needs a group of its own`
}

const isOnHost = ({ Driver, Config }: Job.JobTask): boolean => Driver === DRIVER && Config?.['host_network'] === true
