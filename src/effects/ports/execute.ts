import * as E from 'fp-ts/Either'

import { Failure, isAmbiguous } from '../../core/domain/Failure'
import { Outputs } from '../../core/plan/Output'
import { Dangling, danglingIn, Plan, Planned } from '../../core/plan/Plan'
import { Progress, Tell } from '../../core/plan/Progress'
import { standsOn } from '../../core/plan/standsOn'
import { Undo } from '../../core/plan/Undo'
import { Failed, Leftover, Report } from '../../core/report/Report'
import { attempt } from './attempt'
import { Clock, isTimeUp, within } from './Clock'
import { Learnt } from './Learnt'
import { Machine, Materials } from './Machine'
import { Place, Ports } from './Ports'

/** What a plan runs on. */
export interface Workshop {
  readonly machine: Machine
  readonly clock: Clock
}

/** The workshop of a containerd. */
export const workshopAt = ({ machine, clock }: Ports, place: Place): Workshop => ({ machine: machine(place), clock })

/**
 * What a plan is run with: what it names and does not hold, what cuts it off, who hears how far it is. `met` is waited
 * for after each step that was done: where what a step made has to be taken up before the next. What fails there fails
 * the step.
 */
export interface Run {
  readonly materials?: Materials
  readonly signal?: AbortSignal
  readonly tell?: Tell
  /** What whoever runs the plan has asked already: who owns the container that it is about. */
  readonly learnt?: Learnt
  readonly met?: (planned: Planned) => Promise<E.Either<Failure, void>>
}

const ROLLBACK_MS = 180_000
const never = new AbortController().signal

/**
 * Runs a plan, step by step. Always resolves to a Report. A start or fetch that fails or is cancelled is taken back
 * newest first: every undo is tried, and one that fails is listed beside the cause. An act whose answer was lost counts
 * as done. A stop goes on to its end whatever fails.
 */
export const execute = async (workshop: Workshop, plan: Plan, run: Run = {}): Promise<Report> => {
  const dangling = danglingIn(plan)
  if (dangling !== undefined) return refused(plan, dangling)
  const done: Array<Planned> = []
  const failures: Array<Failed> = []
  let outputs: Outputs = {}
  for (const planned of plan.steps) {
    const outcome = await step(workshop, plan, planned, outputs, run)
    if (E.isRight(outcome)) {
      done.unshift(planned)
      outputs = { ...outputs, [planned.id]: outcome.right }
    }
    const met = E.isRight(outcome) ? await taken(planned, run) : outcome
    if (E.isRight(met)) continue
    const cause = met.left
    failures.push({ act: planned.act._tag, failure: cause })
    if (plan.mode === 'stop') continue
    const mayBeDone = isAmbiguous(cause) || isOfEarlier(planned, cause)
    const suspects = mayBeDone && done[0] !== planned ? [planned, ...done] : done
    const undos = suspects.map(({ undo }) => undo)
    const leftovers = await revertAll(workshop, plan.owner, undos, run.learnt)
    return { _tag: 'RolledBack', step: planned.id, cause, leftovers }
  }
  return plan.mode === 'stop' ? { _tag: 'Stopped', failures } : { _tag: 'Completed', outputs }
}

// The record of its container is ours: a task that is there already is of an earlier start, which was not taken back.
const isOfEarlier = ({ act }: Planned, { _tag }: Failure): boolean =>
  act._tag === 'CreateTask' && _tag === 'AlreadyExists'

const taken = (planned: Planned, { met }: Run): Promise<E.Either<Failure, void>> =>
  met === undefined ? Promise.resolve(E.right(undefined)) : attempt(planned.id, () => met(planned))

const refused = ({ mode }: Plan, { step, act, from }: Dangling): Report => {
  const cause = Failure('Invalid', step, `no step before it is ${from}`)
  return mode === 'stop'
    ? { _tag: 'Stopped', failures: [{ act, failure: cause }] }
    : { _tag: 'RolledBack', step, cause, leftovers: [] }
}

type Answered = E.Either<Failure, Outputs[string]>

const step = async (
  { machine }: Workshop,
  { owner, mark }: Plan,
  { id, act }: Planned,
  outputs: Outputs,
  { materials = {}, signal = never, tell, learnt = Learnt() }: Run
): Promise<Answered> => {
  // Where a time is up the act says so in its own words, and one that does not wait is done all the same.
  if (signal.aborted && !isTimeUp(signal)) return E.left(Failure('Cancelled', id, 'was stopped before it was done'))
  const how = { owner, ...(mark === undefined ? {} : { mark }), materials, outputs, signal, learnt }
  const heard =
    tell === undefined
      ? how
      : {
          ...how,
          tell: (come: Omit<Progress, 'step'>): void => {
            tell({ step: id, ...come })
          }
        }
  return attempt(id, () => machine.perform(act, heard)())
}

/**
 * Takes back a list of undos in their order, within three minutes: what could not be taken back. Every one is tried,
 * but what something that is still there stands on is kept: it leads to it. Who owns a thing is asked once in a second.
 */
export const revertAll = async (
  { machine, clock }: Workshop, owner: string, undos: ReadonlyArray<Undo>, learnt = Learnt()
): Promise<ReadonlyArray<Leftover>> => {
  const leftovers: Array<Leftover> = []
  // Whoever cancelled the plan does not cancel its undoing.
  const time = within(clock, ROLLBACK_MS)
  for (const undo of undos) {
    if (undo._tag === 'Keep') continue
    const reverted = (): Promise<E.Either<Failure, void>> =>
      attempt(undo._tag, () => machine.revert(undo, { owner, signal: time.signal, learnt })())
    const outcome = time.isUp() ? E.left(late(undo)) : kept(undo, leftovers) ?? await reverted()
    if (E.isLeft(outcome)) leftovers.push({ undo, failure: outcome.left })
  }
  time.end()
  return leftovers
}

const late = ({ _tag }: Undo): Failure => Failure('TimedOut', _tag, 'there was no time left to take it back')

const kept = (undo: Undo, leftovers: ReadonlyArray<Leftover>): E.Either<Failure, never> | undefined => {
  const above = leftovers.find(({ undo: left }) => standsOn(left, undo))
  if (above === undefined) return undefined
  return E.left(Failure(above.failure._tag, undo._tag, `is kept for ${above.undo._tag}`))
}
