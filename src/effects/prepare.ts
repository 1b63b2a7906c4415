import * as E from 'fp-ts/Either'

import { Failure } from '../core/domain/Failure'
import { Plan } from '../core/plan/Plan'
import { RolledBack } from '../core/report/Report'
import { Facts, merge } from '../core/resolve/Facts'
import { Question } from '../core/resolve/Question'
import { answer } from './answer'
import { Containerd } from './containerd/Containerd'
import { machine } from './containerd/machine'
import { execute } from './execute'
import { SeenRoots } from './image/seenRoot'
import { Login, Materials } from './Machine'

/** What a task needs before it can be resolved. */
export interface Needs {
  readonly questions: ReadonlyArray<Question>
  /** What the first answers make it necessary to ask. */
  readonly more: (facts: Facts) => ReadonlyArray<Question>
  readonly image: string
  /** When the image is fetched. `never` still unpacks what containerd has. */
  readonly pull: 'always' | 'missing' | 'never'
  /** What has to succeed before an image is used, be it here or not. */
  readonly access: ReadonlyArray<Plan>
  readonly fetch: Plan
  /** How long the fetch may take, all its steps together. */
  readonly fetchMs: number
  readonly login: Login | undefined
  /** Names what is made while looking: unique to the task. */
  readonly id: string
  /** Called when the image has to be fetched. */
  readonly fetching?: () => void
}

type Outcome = E.Either<Failure | RolledBack, Facts>

/** Brings the image as its pull policy says, and answers the questions, and those that the answers raise. */
export const prepare = async (containerd: Containerd, needs: Needs, cache: SeenRoots): Promise<Outcome> => {
  const ask = (questions: ReadonlyArray<Question>): Promise<Outcome> => answer(containerd, questions, cache, needs.id)()
  const facts = await withImage(containerd, needs, () => ask(needs.questions))
  if (E.isLeft(facts)) return facts
  const questions = needs.more(facts.right)
  return questions.length === 0 ? facts : E.map((more: Facts) => merge(facts.right, more))(await ask(questions))
}

const withImage = async (containerd: Containerd, needs: Needs, ask: () => Promise<Outcome>): Promise<Outcome> => {
  for (const plan of needs.access) {
    const report = await execute(machine(containerd), plan, materialsOf(needs))
    if (report._tag === 'RolledBack') return E.left(report)
  }
  if (needs.pull !== 'always') {
    const first = await ask()
    if (E.isLeft(first) || first.right.images[needs.image] !== undefined) return first
  }
  const missing = needs.pull === 'never' ? await unpack(containerd, needs) : await fetch(containerd, needs)
  return missing === undefined ? ask() : E.left(missing)
}

const materialsOf = ({ login, fetchMs }: Needs): Materials =>
  ({ ends: AbortSignal.timeout(fetchMs), ...(login === undefined ? {} : { login }) })

const fetch = async (containerd: Containerd, needs: Needs): Promise<RolledBack | undefined> => {
  needs.fetching?.()
  const report = await execute(machine(containerd), needs.fetch, materialsOf(needs))
  return report._tag === 'RolledBack' ? report : undefined
}

/** The fetch without its pull: an image that somebody imported may be here and not unpacked. */
const unpack = async (containerd: Containerd, needs: Needs): Promise<Failure | RolledBack | undefined> => {
  const { fetch: plan, image } = needs
  const steps = plan.steps.filter(({ act }) => act._tag !== 'PullImage')
  const report = await execute(machine(containerd), { ...plan, steps }, materialsOf(needs))
  if (report._tag === 'Completed') return undefined
  return report.cause._tag === 'NotFound' ? Failure('NotFound', `use image ${image}`, neverPulled(containerd, report.cause)) : report
}

const neverPulled = ({ namespace }: Containerd, { detail }: Failure): string =>
  `${detail}, and \`pull_policy = "never"\` fetches none; import it into the containerd namespace ${namespace}, or set \`pull_policy = "missing"\``
