import * as E from 'fp-ts/Either'

import { Failure } from '../core/domain/Failure'
import { Facts, merge } from '../core/facts/Facts'
import { Question } from '../core/facts/Question'
import { Plan } from '../core/plan/Plan'
import { Report, RolledBack } from '../core/report/Report'
import { Needs } from '../core/translate'
import { attempt } from '../effects/ports/attempt'
import { within } from '../effects/ports/Clock'
import { execute, Run, workshopAt } from '../effects/ports/execute'
import { Place, Ports } from '../effects/ports/Ports'

/** Where and how an image is brought: `fetching` is called when it has to be fetched. */
export interface Preparing extends Pick<Run, 'tell'> {
  readonly ports: Ports
  readonly place: Place
  readonly signal: AbortSignal
  readonly fetching: () => void
}

type Outcome = E.Either<Failure | RolledBack, Facts>

/** Brings the image as its pull policy says, and answers the questions, and those that the answers raise. */
export const prepare = async (how: Preparing, needs: Needs): Promise<Outcome> => {
  const { id, fetch: { owner, mark = {} } } = needs
  const looker = { id, owner, mark }
  const ask = (questions: ReadonlyArray<Question>): Promise<Outcome> =>
    attempt('look at host and image', how.ports.reads(how.place).answer(questions, looker, how.signal))
  const facts = await withImage(how, needs, () => ask(needs.questions))
  if (E.isLeft(facts)) return facts
  const questions = needs.more(facts.right)
  return questions.length === 0 ? facts : E.map((more: Facts) => merge(facts.right, more))(await ask(questions))
}

const withImage = async (how: Preparing, needs: Needs, ask: () => Promise<Outcome>): Promise<Outcome> => {
  for (const plan of needs.access) {
    const report = await run(how, plan, needs)
    if (report._tag === 'RolledBack') return E.left(report)
  }
  if (needs.fetch.unless !== undefined) {
    const first = await ask()
    if (E.isLeft(first) || first.right.images[needs.image] !== undefined) return first
  }
  const failed = await fetch(how, needs)
  return failed === undefined ? ask() : E.left(failed)
}

/** Runs a plan whose steps have `fetchMs`, all together. */
const run = async (
  { ports, place, signal, tell }: Preparing,
  plan: Plan,
  { logins, fetchMs }: Needs
): Promise<Report> => {
  const time = within(ports.clock, fetchMs, signal)
  const report = await execute(workshopAt(ports, place), plan, {
    signal: time.signal,
    materials: { logins },
    ...(tell === undefined ? {} : { tell })
  })
  time.end()
  return report
}

const fetch = async (how: Preparing, needs: Needs): Promise<Failure | RolledBack | undefined> => {
  if (needs.pull !== 'never') how.fetching()
  const report = await run(how, needs.fetch, needs)
  if (report._tag !== 'RolledBack') return undefined
  // An image that somebody imported may be here and not unpacked.
  return needs.pull === 'never' && report.cause._tag === 'NotFound'
    ? Failure('NotFound', `use image ${needs.image}`, neverPulled(how.place, report.cause))
    : report
}

const neverPulled = ({ namespace }: Place, { detail }: Failure): string =>
  `${detail}, and \`pull_policy = "never"\` fetches none; import it into the containerd namespace ${namespace}, or set \`pull_policy = "missing"\``
