import * as E from 'fp-ts/Either'

import { compile } from './compile/compile'
import { Compiled } from './compile/Compiled'
import { Issues } from './domain/Issue'
import { Plan } from './plan/Plan'
import { Fetch, planFetch, planStart } from './plan/plans'
import { Facts } from './resolve/Facts'
import { loginOf } from './resolve/loginOf'
import { PullPolicy, pullPolicyOf } from './resolve/pullPolicyOf'
import { Question } from './resolve/Question'
import { imageName, moreQuestions, questionsOf, snapshotterOf } from './resolve/questionsOf'
import { Request } from './resolve/Request'
import { resolve } from './resolve/resolve'

/** The one function that the CLI and the plugin both call: what is printed is what runs. */
export const translate = (request: Request, facts: Facts): E.Either<Issues, Compiled> => E.map(compile)(resolve(request, facts))

/** What a request needs fetched. */
export const fetchOf = (request: Request): Fetch => ({
  owner: request.allocation.id,
  name: imageName(request),
  platform: request.task.platform ?? '',
  snapshotter: snapshotterOf(request),
  timeoutMs: request.task.image_pull_timeout
})

/** The plans of a task: the fetch, unless the job says never (it is skipped when the image is here and the job does not say always), and the start. */
export const plansOf = (request: Request, compiled: Compiled): ReadonlyArray<Plan> => [
  ...(pullPolicyOf(request) === 'never' ? [] : [planFetch(fetchOf(request))]),
  planStart(compiled)
]

/** What has to be asked, fetched and known before a request can be translated. */
export interface Needs {
  readonly questions: ReadonlyArray<Question>
  /** What the first answers make it necessary to ask. */
  readonly more: (facts: Facts) => ReadonlyArray<Question>
  readonly image: string
  /** When the image is fetched. */
  readonly pull: PullPolicy
  readonly fetch: Plan
  readonly login: ReturnType<typeof loginOf>
  /** Names what is made while looking: unique to the task. */
  readonly id: string
}

export const needsOf = (request: Request): Needs => ({
  questions: questionsOf(request),
  more: (facts) => moreQuestions(request, facts),
  image: imageName(request),
  pull: pullPolicyOf(request),
  fetch: planFetch(fetchOf(request)),
  login: loginOf(request),
  id: request.allocation.id.replace(/[^A-Za-z0-9]/g, '-')
})
