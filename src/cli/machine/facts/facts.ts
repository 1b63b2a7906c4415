import * as E from 'fp-ts/Either'

import { pretty } from '../../../core/domain/canonical'
import { isSame, placeIn } from '../../../core/domain/DocumentPath'
import { Failure } from '../../../core/domain/Failure'
import { Notice } from '../../../core/domain/Notice'
import { clean, isWithin } from '../../../core/domain/path'
import { about, Facts, merge, none } from '../../../core/facts/Facts'
import * as factsFile from '../../../core/facts/factsFile'
import { Question } from '../../../core/facts/Question'
import * as explain from '../../../core/report/explain'
import { inquiryOf } from '../../../core/resolve/inquiry'
import * as Request from '../../../core/resolve/Request'
import { needsOf } from '../../../core/translate'
import { answer } from '../../../effects/answer'
import { connect, Containerd } from '../../../effects/containerd/Containerd'
import { hostAndRunc } from '../../../effects/host/runcVersion'
import { Looker } from '../../../effects/ports/Reads'
import { Found, TaskDocuments, taskDocuments, TaskOptions } from '../../load/taskDocuments'
import { ok, Output, refused } from '../../output/Output'
import { writeDocument } from '../../output/writeDocument'

/** The options of `facts`; without `output` the facts are printed. */
export interface FactsOptions extends TaskOptions {
  readonly output?: string
}

/**
 * `facts`: what this host answers, and with a job what its tasks ask of host and image, as the file that `--facts`
 * reads.
 */
export const factsCommand = async (input: string | undefined, options: FactsOptions): Promise<Output> => {
  if (input === undefined) return written(factsFile.encode({ ...none, host: await hostAndRunc() }), options.output, '')
  const found = await taskDocuments([input], options)
  if (E.isLeft(found)) return refused(found.left)
  const requests = found.right.tasks.map(requestOf)
  const wrong = requests.flatMap((one) => (E.isLeft(one) ? [one.left] : []))
  if (wrong.length > 0) return refused(wrong.join(''))
  const decoded = requests.flatMap((one) => (E.isRight(one) ? [one.right] : []))
  const asked = await factsOf(decoded)
  if (E.isLeft(asked)) return refused(`${explain.failure(asked.left)}\n`)
  const { facts, notices } = asked.right
  return written(
    factsFile.encode(withoutAllocations(facts, decoded)),
    options.output,
    spoken([...found.right.notices, ...notices])
  )
}

// A client makes the directories of an allocation before the task: that the sample's are not here says nothing.
const withoutAllocations = (facts: Facts, requests: ReadonlyArray<Request.Request>): Facts => ({
  ...facts,
  paths: Object.fromEntries(Object.entries(facts.paths).filter(([path, { kind }]) =>
    kind !== 'absent' || !requests.some(({ allocation }) => isWithin(clean(allocation.allocDir), path))))
})

const spoken = (notices: Found['notices']): string => notices.map((one) => `${explain.notice(one)}\n`).join('')

const requestOf = ({ documents }: TaskDocuments): E.Either<string, Request.Request> =>
  E.mapLeft(explain.issues)(Request.decode(documents))

const written = (document: unknown, file: string | undefined, notices: string): Output => {
  if (file === undefined) return ok(pretty(document), notices)
  const outcome = writeDocument(file, pretty(document))
  return E.isLeft(outcome) ? refused(`${notices}${outcome.left}\n`) : ok('', notices)
}

interface Asked {
  readonly facts: Facts
  readonly notices: ReadonlyArray<Notice>
}

/**
 * The answers of this machine to everything that the requests ask. What containerd cannot answer is left out with a
 * notice.
 */
export const factsOf = async (requests: ReadonlyArray<Request.Request>): Promise<E.Either<Failure, Asked>> => {
  let asked: Asked = { facts: { ...none, host: await hostAndRunc() }, notices: severalPlatforms(requests) }
  for (const request of requests) {
    const { address, namespace } = request.plugin
    const containerd = connect(address, namespace)
    try {
      const one = await answers(containerd, request)
      if (E.isLeft(one)) return one
      asked = { facts: merge(asked.facts, one.right.facts), notices: unique([...asked.notices, ...one.right.notices]) }
    } finally {
      containerd.close()
    }
  }
  return E.right(asked)
}

const unique = (notices: ReadonlyArray<Notice>): ReadonlyArray<Notice> =>
  notices.filter((one, index) => notices.findIndex(({ at, text }) => isSame(at, one.at) && text === one.text) === index)

const answers = async (containerd: Containerd, request: Request.Request): Promise<E.Either<Failure, Asked>> => {
  const { id, image } = needsOf(request)
  const { questions, more: raisedBy } = inquiryOf(request)
  const ask = (some: ReadonlyArray<Question>): Promise<E.Either<Failure, Facts>> =>
    answer(containerd, some, new Map(), Looker(id))()
  const host = await ask(questions.filter(isOfHost))
  if (E.isLeft(host)) return host
  const raised = raisedBy(host.right)
  const more = await ask(raised.filter(isOfHost))
  if (E.isLeft(more)) return more
  // A later question about the image asks all that the earlier one does.
  const stored = await ask([...questions, ...raised].filter((question) => !isOfHost(question)).slice(-1))
  const facts = [host.right, more.right, E.isLeft(stored) ? none : stored.right].reduce(merge, none)
  return E.right({ facts, notices: imageNotices(containerd, image, stored) })
}

const isOfHost = ({ _tag }: Question): boolean => _tag !== 'AskImage'

const imageNotices = (
  { address, namespace }: Containerd,
  name: string,
  outcome: E.Either<Failure, Facts>
): ReadonlyArray<Notice> => {
  if (E.isLeft(outcome))
    return [Notice(placeIn(`image ${name}`), `is not in these facts: ${explain.failure(outcome.left)}`)]
  return about(outcome.right.images, name) !== undefined
    ? []
    : [
        Notice(
          placeIn(`image ${name}`),
          `is not in these facts: containerd at ${address} has it not, or not unpacked, in the namespace ${namespace}; \`containerd-driver lock\` asks its registry`
        )
      ]
}

/** A facts file says one thing of a name. */
const severalPlatforms = (requests: ReadonlyArray<Request.Request>): ReadonlyArray<Notice> => {
  const wanted = requests.map((request) => ({ name: needsOf(request).image, platform: request.task.platform ?? '' }))
  return unique(
    wanted
      .filter(({ name, platform }) => wanted.some((other) => other.name === name && other.platform !== platform))
      .map(({ name }) =>
        Notice(
          placeIn(`image ${name}`),
          'is asked for on several platforms, and a facts file holds one; choose a task with --task, or use a lock file'
        )
      )
  )
}
