import { randomUUID } from 'node:crypto'

import * as E from 'fp-ts/Either'

import { inTask, isIn } from '../../../core/domain/DocumentPath'
import { Reference } from '../../../core/domain/Unknown'
import * as explain from '../../../core/report/explain'
import { isOwnImage } from '../../../core/resolve/ownImage'
import { pullPolicyOf } from '../../../core/resolve/pullPolicyOf'
import * as Requests from '../../../core/resolve/Request'
import { Documents, JobDocuments, Request } from '../../../core/resolve/Request'
import { Needs, needsOf } from '../../../core/translate'
import { Place } from '../../../effects/ports/Ports'
import { operatorsDocument } from '../../load/operatorsConfig'
import { TaskDocuments, taskDocuments, TaskOptions } from '../../load/taskDocuments'

/** Which images: by their names, or those of jobs. */
export interface Choice extends TaskOptions {
  readonly images: ReadonlyArray<string>
  readonly jobs: ReadonlyArray<string>
  readonly platform?: string | undefined
}

/** An image that is to come, and where it goes. */
export interface Wanted {
  readonly needs: Needs
  readonly place: Place
}

/** What is to come, each once, and what is worth a word. */
export interface Wants {
  readonly wanted: ReadonlyArray<Wanted>
  readonly notices: string
}

/**
 * What would be fetched for tasks with these images: as the operator's config and the policy have it. Left is the text
 * for stderr, of all that is wrong.
 */
export const wantedPulls = async (choice: Choice): Promise<E.Either<string, Wants>> => {
  const [named, ofJobs] = [await namedTasks(choice), await jobTasks(choice)]
  if (E.isLeft(named) || E.isLeft(ofJobs)) return E.left([named, ofJobs].map(leftOf).join(''))
  const requests = [...named.right, ...ofJobs.right.tasks].map(requestOf)
  const wrong = requests.map(leftOf).join('')
  if (wrong !== '') return E.left(wrong)
  const pulled = requests.flatMap((one) => (E.isRight(one) ? [one.right] : []))
  const kept = pulled.map(keptText).join('')
  const wanted = pulled.filter((one) => keptText(one) === '').map(({ request }) => wantedBy(request))
  return E.right({
    wanted: [...new Map(wanted.map((one) => [keyOf(one), one])).values()], notices: ofJobs.right.notices + kept
  })
}

const leftOf = (one: E.Either<string, unknown>): string => (E.isLeft(one) ? one.left : '')

/** A task of which only the image counts. */
interface Named {
  readonly name: string
  readonly documents: JobDocuments
}

/** A task for each image that was named, which asks for nothing else. */
const namedTasks = async (
  { images, platform, plugin }: Choice
): Promise<E.Either<string, ReadonlyArray<Named>>> => {
  const operator = await operatorsDocument(plugin)
  return E.map((document: unknown) => images.map((image): Named => ({
    name: image,
    documents: {
      task: { image, network_mode: 'none', ...(platform === undefined ? {} : { platform }) },
      plugin: document, allocation: {}
    }
  })))(operator)
}

interface OfJobs {
  readonly tasks: ReadonlyArray<Named>
  readonly notices: string
}

const jobTasks = async (
  { jobs, images: _, platform: _none, ...options }: Choice
): Promise<E.Either<string, OfJobs>> => {
  if (jobs.length === 0) return E.right({ tasks: [], notices: '' })
  const found = await taskDocuments(jobs, options)
  if (E.isLeft(found)) return found
  return E.right({
    tasks: found.right.tasks.map(({ name, documents, unknown }: TaskDocuments): Named => ({
      name, documents: { ...documents, unknown: unknown.filter(isOfImage) }
    })),
    notices: found.right.notices.map((one) => `${explain.notice(one)}\n`).join('')
  })
}

const OF_IMAGE = ['image', 'platform', 'snapshotter', 'auth', 'load'].map((option) => inTask(option))

// What else only a client can tell changes no image.
const isOfImage = ({ at }: Reference): boolean => OF_IMAGE.some((option) => isIn(option, at))

interface Asked {
  readonly name: string
  readonly request: Request
}

const requestOf = ({ name, documents }: Named): E.Either<string, Asked> => {
  const request = E.chain((known: Documents) => Requests.decode({ ...known, allocation: ofThisPull(known) }))(
    Requests.withoutUnknown(documents)
  )
  return E.isLeft(request)
    ? E.left(`${name}:\n${explain.issues(request.left)}`)
    : E.right({ name, request: request.right })
}

/** What Nomad would say of the task. It names this pull, and no agent: nobody else takes away what is half done. */
const ofThisPull = ({ allocation }: Documents): object => {
  const allocId = randomUUID()
  const usual = { name: 'pull', allocDir: `/${allocId}` }
  return { ...usual, ...(allocation as object), id: `${allocId}/pull/1`, allocId, nodeId: '' }
}

/** Why the image of a task is not pulled. */
const keptText = ({ name, request }: Asked): string => {
  if (isOwnImage(request)) return `${name}: brings its image along; nothing is pulled for it\n`
  return pullPolicyOf(request) === 'never' ? `${name}: has \`pull_policy = "never"\`; nothing is pulled for it\n` : ''
}

/** Whoever asks for a pull wants the registry to be asked; of the host only the image is looked at. */
const wantedBy = (request: Request): Wanted => {
  const asked = { ...request, task: { ...request.task, pull_policy: 'always' as const } }
  const needs = needsOf(asked)
  const { address, namespace } = request.plugin
  return {
    needs: { ...needs, questions: needs.questions.filter(({ _tag }) => _tag === 'AskImage'), more: () => [] },
    place: { address, namespace }
  }
}

const keyOf = ({ needs: { image, fetch, logins } }: Wanted): string =>
  JSON.stringify([
    image, fetch.steps.map(({ act }) => ('platform' in act ? [act._tag, act.platform] : [])),
    fetch.steps.map(({ act }) => ('snapshotter' in act ? act.snapshotter : '')), logins.login?.username
  ])
