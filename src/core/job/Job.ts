import * as E from 'fp-ts/Either'
import * as t from 'io-ts'

import { DocumentPath, placeIn } from '../domain/DocumentPath'
import { isRecord } from '../domain/isRecord'
import { deepest, Issue } from '../domain/Issue'

const orNull = <C extends t.Mixed>(codec: C): t.UnionC<[C, t.NullC, t.UndefinedC]> =>
  t.union([codec, t.null, t.undefined])
const text = orNull(t.string)
const number = orNull(t.number)
const texts = orNull(t.record(t.string, t.string))

const list = orNull(t.array(t.unknown))
const Resources = t.partial({ CPU: number, Cores: number, MemoryMB: number, MemoryMaxMB: number, Devices: list })

const names = orNull(t.array(t.string))
const Dns = t.partial({ Servers: names, Searches: names, Options: names })
const Port = t.intersection([t.type({ Label: t.string }), t.partial({ Value: number, To: number })])
const ports = orNull(t.array(Port))
const Network = t.partial({ Mode: text, Hostname: text, DNS: orNull(Dns), ReservedPorts: ports, DynamicPorts: ports })

const Task = t.intersection([
  t.type({ Name: t.string, Driver: t.string }),
  t.partial({
    Config: orNull(t.record(t.string, t.unknown)),
    Env: texts,
    Meta: texts,
    User: text,
    Resources: orNull(Resources),
    VolumeMounts: list
  })
])

const Group = t.intersection([
  t.type({ Name: t.string }),
  t.partial({ Meta: texts, Networks: orNull(t.array(Network)), Tasks: orNull(t.array(Task)) })
])

const Job = t.intersection([
  t.type({ ID: t.string }),
  t.partial({
    Name: text, Namespace: text, Region: text, Datacenters: orNull(t.array(t.string)), Meta: texts,
    TaskGroups: orNull(t.array(Group))
  })
])

/** The parts of a Nomad job (HTTP API, `nomad job run -output`) that a container is made of. */
export type Job = t.TypeOf<typeof Job>
export type Group = t.TypeOf<typeof Group>
export type JobTask = t.TypeOf<typeof Task>

/** One task of a job with all that surrounds it. */
export interface Place {
  readonly job: Job
  readonly group: Group
  readonly task: JobTask
}

/** Reads a job, bare or under "Job". */
export const decode = (value: unknown): E.Either<ReadonlyArray<Issue>, Job> => {
  const inner = t.type({ Job: t.UnknownRecord }).is(value) ? value.Job : value
  if (isRecord(inner) && inner['ID'] === undefined) return E.left([NO_JOB])
  const outcome = Job.decode(inner)
  return E.isRight(outcome)
    ? withoutTwins(outcome.right)
    : E.left(
        deepest(
          outcome.left.map(({ context }) =>
            Issue('WrongType', pathOf(context), undefined, 'is not what a Nomad job has there')
          )
        )
      )
}

const NO_JOB = Issue(
  'Missing',
  placeIn('job', 'ID'),
  undefined,
  'is not there: this is no Nomad job',
  'a job in JSON is what `nomad job run -output JOB` prints, or the HTTP API gives'
)

/** Nomad refuses a job in which two groups, or two tasks of a group, have one name. */
const withoutTwins = (job: Job): E.Either<ReadonlyArray<Issue>, Job> => {
  const groups = job.TaskGroups ?? []
  const twice = (at: DocumentPath, what: string): Issue =>
    Issue('Conflict', at, undefined, `has two ${what}`, 'give each a name of its own')
  const wrong = [
    ...twinsOf(groups).map((name) => twice(placeIn('job'), `groups "${name}"`)),
    ...groups.flatMap(({ Name, Tasks }) =>
      twinsOf(Tasks ?? []).map((name) => twice(placeIn('job', Name), `tasks "${name}"`)))
  ]
  return wrong.length === 0 ? E.right(job) : E.left(wrong)
}

const twinsOf = (named: ReadonlyArray<{ readonly Name: string }>): ReadonlyArray<string> => {
  const names = named.map(({ Name }) => Name)
  return [...new Set(names.filter((name, index) => names.indexOf(name) !== index))]
}

// No value is shown, it may be a secret. io-ts counts intersections and unions as steps of the path: their numbers
// stand before a name or at the end.
const pathOf = (context: t.Context): DocumentPath =>
  placeIn('job', ...context.map(({ key }) => key).filter((key) => /^[A-Za-z]/.test(key)))

/** Every task of the job, in the order of the file. */
export const placesOf = (job: Job): ReadonlyArray<Place> =>
  (job.TaskGroups ?? []).flatMap((group) => (group.Tasks ?? []).map((task) => ({ job, group, task })))
