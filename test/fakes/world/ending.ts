import * as E from 'fp-ts/Either'

import { Failure } from '../../../src/core/domain/Failure'
import { SIGKILL } from '../../../src/core/domain/Signal'
import { within } from '../../../src/effects/ports/Clock'
import { Ended, Process } from './Process'
import { State, Task, taskOf } from './State'

const KILL_MS = 30_000

/** Sends a signal to a task. One that is gone or has ended needs none. */
export const signalTask = (state: State, container: string, number: number): void => {
  taskOf(state, container)?.process.signal(number)
}

/** Waits for the end of a task: until it comes, the connection breaks or the signal fires. */
export const waitFor = async (state: State, container: string, signal: AbortSignal): Promise<E.Either<Failure, Ended>> => {
  const doing = `wait for ${container}`
  const task = taskOf(state, container)
  return task === undefined ? E.left(Failure('NotFound', doing, 'task not found')) : endOf(state, task, task.process, doing, signal)
}

/** Waits for the end of a process that a task's shim holds. */
export const endOf = async (
  state: State, { shim }: Pick<Task, 'shim'>, process: Process, doing: string, signal: AbortSignal
): Promise<E.Either<Failure, Ended>> => {
  const until = new AbortController()
  const cut = (): void => { until.abort() }
  const cuts = [signal, shim.signal, state.connections.signal]
  for (const one of cuts) one.addEventListener('abort', cut, { once: true })
  if (cuts.some(({ aborted }) => aborted)) cut()
  const end = await process.wait(until.signal)
  for (const one of cuts) one.removeEventListener('abort', cut)
  if (end !== undefined && !shim.signal.aborted) return E.right(end)
  if (signal.aborted) return E.left(Failure('Cancelled', doing, 'was stopped'))
  return E.left(shim.signal.aborted ? Failure('Unknown', doing, 'ttrpc: closed') : Failure('Unavailable', doing, 'the connection broke'))
}

/** Whether a task ends within a time. One that is gone has ended. */
export const endsWithin = async (state: State, container: string, withinMs: number, signal?: AbortSignal): Promise<E.Either<Failure, boolean>> => {
  const time = within(state.clock, withinMs, signal)
  const outcome = await waitFor(state, container, time.signal)
  time.end()
  if (E.isRight(outcome) || outcome.left._tag === 'NotFound') return E.right(true)
  return time.isUp() ? E.right(false) : outcome
}

/** Ends a task with a signal, SIGKILL when none is named, and waits until it has ended, half a minute at most. */
export const killAndWait = async (
  state: State, container: string, signal?: AbortSignal, number = SIGKILL
): Promise<E.Either<Failure, void>> => {
  signalTask(state, container, number)
  const ended = await endsWithin(state, container, KILL_MS, signal)
  if (E.isLeft(ended)) return ended
  return ended.right ? E.right(undefined) : E.left(Failure('TimedOut', `kill ${container}`, 'it still runs thirty seconds after SIGKILL'))
}

/** Waits until a process that was killed has ended, half a minute at most. */
export const within30 = async (
  state: State, task: Pick<Task, 'shim'>, process: Process, doing: string, signal: AbortSignal
): Promise<E.Either<Failure, void>> => {
  const time = within(state.clock, KILL_MS, signal)
  const outcome = await endOf(state, task, process, doing, time.signal)
  time.end()
  if (E.isRight(outcome)) return E.right(undefined)
  return time.isUp() ? E.left(Failure('TimedOut', doing, 'it still runs thirty seconds after SIGKILL')) : outcome
}
