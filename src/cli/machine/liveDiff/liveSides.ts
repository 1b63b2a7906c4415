import * as E from 'fp-ts/Either'

import { Compiled } from '../../../core/compile/Compiled'
import * as PluginConfig from '../../../core/decode/PluginConfig'
import { isRecord } from '../../../core/domain/isRecord'
import { Issue } from '../../../core/domain/Issue'
import { Notice } from '../../../core/domain/Notice'
import { Facts, merge } from '../../../core/facts/Facts'
import { sampleFacts } from '../../../core/facts/sampleFacts'
import { issuesOf } from '../../../core/field/mistake'
import * as ImageConfig from '../../../core/image/ImageConfig'
import { nameOf } from '../../../core/job/ours'
import { allocationOf, documentsOf } from '../../../core/live/allocationOf'
import { envOf } from '../../../core/live/knownOf'
import { identityOf, Live } from '../../../core/live/Live'
import * as explain from '../../../core/report/explain'
import { answeredBy, inquiryOf } from '../../../core/resolve/inquiry'
import * as Request from '../../../core/resolve/Request'
import { issueWithoutSpread, Spread } from '../../../core/share/Spread'
import { translate } from '../../../core/translate'
import { connect } from '../../../effects/containerd/Containerd'
import { hostFacts } from '../../../effects/host/hostFacts'
import { liveDocument } from '../../../effects/liveDocument'
import { TaskDocuments, taskDocuments, TaskOptions } from '../../load/taskDocuments'
import { factsOf } from '../facts/facts'

/** A container as it runs, and what the job would make of it now, for the same allocation on the same host. */
export interface LiveSides {
  readonly live: Live
  readonly compiled: Compiled
  /** `group/task`; `""` for a fixture directory. */
  readonly task: string
  readonly spread: Spread
  readonly notices: ReadonlyArray<Notice>
}

/**
 * Reads a container (by its id or its allocation's) and compiles its task of the job for that allocation. `given` (a
 * facts file, a lock) answers for a task before this machine does. Needs containerd's socket; changes nothing. Left is
 * the text for stderr.
 */
export const liveSides = async (
  wanted: string,
  input: string,
  options: TaskOptions,
  given: (task: unknown) => Facts
): Promise<E.Either<string, LiveSides>> => {
  // The name of the task may be the container's own: it is looked for among all.
  const { task: _wanted, ...around } = options
  const found = await taskDocuments([input], around)
  if (E.isLeft(found)) return found
  const { tasks } = found.right
  const [first] = tasks
  if (first === undefined) return E.left(`${input}: has no task of this driver\n`)
  const live = await readLive(wanted, options.task, first.documents.plugin)
  if (E.isLeft(live)) return live
  const one = taskOf(live.right, input, tasks, options.task)
  return E.isLeft(one) ? one : compiledFor(one.right, live.right, given)
}

/** A container of the containerd that the operator's document names. Left is the text for stderr. */
export const readLive = async (
  wanted: string,
  task: string | undefined,
  plugin: unknown
): Promise<E.Either<string, Live>> => {
  const decoded = PluginConfig.codec.decode(plugin)
  if (E.isLeft(decoded)) return E.left(explain.issues(issuesOf(decoded.left)))
  const containerd = connect(decoded.right.address, decoded.right.namespace)
  try {
    const live = await liveDocument(containerd, wanted, task)()
    return E.isLeft(live) ? E.left(`${explain.failure(live.left)}\n`) : live
  } finally {
    containerd.close()
  }
}

/** The task of the job that the container runs: the one that `--task` names, else the one of its name and group. */
const taskOf = (
  live: Live,
  input: string,
  tasks: ReadonlyArray<TaskDocuments>,
  wanted: string | undefined
): E.Either<string, TaskDocuments> => {
  const [first] = tasks
  if (tasks.length === 1 && first !== undefined && first.place === undefined) return E.right(first)
  const group = envOf(live)['NOMAD_GROUP_NAME']
  const name = wanted ?? identityOf(live.container.labels)?.task ?? ''
  const named = tasks.filter(
    ({ place }) => place !== undefined && [place.task.Name, `${place.group.Name}/${place.task.Name}`].includes(name)
  )
  const one = named.find(({ place }) => place?.group.Name === group) ?? (named.length === 1 ? named[0] : undefined)
  const names = tasks
    .flatMap(({ place }) => (place === undefined ? [] : [`${place.group.Name}/${place.task.Name}`]))
    .join(', ')
  return one === undefined
    ? E.left(`${input}: has no task ${name}, which ${live.container.id} runs; it has ${names}: name one with --task\n`)
    : E.right(one)
}

const compiledFor = async (
  { place, documents }: TaskDocuments,
  live: Live,
  given: (task: unknown) => Facts
): Promise<E.Either<string, LiveSides>> => {
  const { cpuCores } = hostFacts()
  const made = place === undefined ? ownDocuments(documents, live, cpuCores) : documentsOf(place, live, cpuCores)
  const whole = Request.withoutUnknown({ ...made.documents, plugin: documents.plugin })
  const request = E.chain(Request.decode)(whole)
  if (E.isLeft(request)) return E.left(explain.issues(request.left.map(issueWithoutSpread(made.spread))))
  const asked = await factsOf([request.right])
  if (E.isLeft(asked)) return E.left(`${explain.failure(asked.left)}\n`)
  const facts = completed(request.right, merge(asked.right.facts, given(documents.task)))
  return E.bimap(
    (issues: ReadonlyArray<Issue>) => explain.issues(issues.map(issueWithoutSpread(made.spread))),
    (compiled: Compiled): LiveSides => ({
      live,
      compiled,
      task: place === undefined ? '' : nameOf(place),
      spread: made.spread,
      notices: [...made.notices, ...asked.right.notices]
    })
  )(translate(request.right, facts))
}

/** The documents of a fixture directory, for the allocation that runs. */
const ownDocuments = (
  { task, allocation }: Request.Documents,
  live: Live,
  cpuCores: number
): ReturnType<typeof documentsOf> => ({
  documents: { task, allocation: allocationOf(allocation, live, { cpuCores, extraHosts: extraHostsIn(task) }) },
  notices: [],
  spread: {}
})

const extraHostsIn = (task: unknown): number =>
  isRecord(task) && Array.isArray(task['extra_hosts']) ? task['extra_hosts'].length : 0

/** An image that nobody knows here is the sample's: that it is another one is seen all the same. */
const completed = (request: Request.Request, known: Facts): Facts =>
  answeredBy(
    inquiryOf(request), (questions, given) => sampleFacts(questions, given, ImageConfig.empty), known
  )
