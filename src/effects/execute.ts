import * as E from 'fp-ts/Either'
import * as TE from 'fp-ts/TaskEither'

import { Failure, isAmbiguous } from '../core/domain/Failure'
import { Plan, Planned } from '../core/plan/Plan'
import { Undo } from '../core/plan/Step'
import { Leftover, Report } from '../core/report/Report'
import { Machine, Materials } from './Machine'
import { failureOf } from './Thrown'

/**
 * Runs a plan, step by step. Always resolves to a Report. A start or fetch that fails is taken back newest first: every undo
 * is tried, and one that fails is listed beside the cause. An act whose answer was lost counts as done. A stop goes on to its
 * end whatever fails, and reports the last failure.
 */
export const execute = async (machine: Machine, plan: Plan, materials: Materials = {}): Promise<Report> => {
  const done: Array<Planned> = []
  let report: Report = { _tag: 'Completed' }
  for (const planned of plan.steps) {
    const outcome = await attempt(planned.id, machine.perform(planned.act, plan.owner, materials))
    if (E.isRight(outcome)) {
      done.unshift(planned)
      continue
    }
    const cause = outcome.left
    const suspects = isAmbiguous(cause) ? [planned, ...done] : done
    report = { _tag: 'RolledBack', step: planned.id, cause, leftovers: [] }
    if (plan.mode === 'stop') continue
    return { ...report, leftovers: await revertAll(machine, plan.owner, suspects.map(({ undo }) => undo)) }
  }
  return report
}

/** Takes back a list of undos in their order, trying every one: what could not be taken back. */
export const revertAll = async (
  machine: Machine,
  owner: string,
  undos: ReadonlyArray<Undo>
): Promise<ReadonlyArray<Leftover>> => {
  const leftovers: Array<Leftover> = []
  for (const undo of undos) {
    if (undo._tag === 'Keep') continue
    const outcome = await attempt(undo._tag, machine.revert(undo, owner))
    if (E.isLeft(outcome)) leftovers.push({ undo, failure: outcome.left })
  }
  return leftovers
}

// A port that throws has a bug; the plan is taken back all the same.
const attempt = async <A>(doing: string, act: TE.TaskEither<Failure, A>): Promise<E.Either<Failure, A>> => {
  try {
    return await act()
  } catch (thrown) {
    return E.left(failureOf(thrown, doing))
  }
}
