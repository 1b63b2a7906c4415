import * as E from 'fp-ts/Either'

import { Failure } from '../core/domain/Failure'
import { Plan } from '../core/plan/Plan'
import { RolledBack } from '../core/report/Report'
import { Facts } from '../core/resolve/Facts'
import { Question } from '../core/resolve/Question'
import { AccountsCache,answer } from './answer'
import { Containerd } from './containerd/Containerd'
import { machine } from './containerd/machine'
import { execute } from './execute'
import { Login } from './Machine'

/** What a task needs before it can be resolved. */
export interface Needs {
  readonly questions: ReadonlyArray<Question>
  readonly image: string
  readonly fetch: Plan
  readonly login: Login | undefined
  /** Names what is made while looking: unique to the task. */
  readonly id: string
  /** Called when the image has to be fetched. */
  readonly fetching?: () => void
}

/** Answers the questions; when the image is not here it is fetched once and the questions are asked again. */
export const prepare = async (containerd: Containerd, needs: Needs, cache: AccountsCache): Promise<E.Either<Failure | RolledBack, Facts>> => {
  const first = await answer(containerd, needs.questions, cache, needs.id)()
  if (E.isLeft(first) || first.right.images[needs.image] !== undefined) return first
  needs.fetching?.()
  const report = await execute(machine(containerd), needs.fetch, needs.login === undefined ? {} : { login: needs.login })
  if (report._tag === 'RolledBack') return E.left(report)
  return answer(containerd, needs.questions, cache, needs.id)()
}
