import * as E from 'fp-ts/Either'

import { Failure } from '../core/domain/Failure'
import { SIGTERM } from '../core/domain/Signal'
import { planStop } from '../core/plan/planStop'
import { failureOf } from '../core/report/Report'
import { within } from '../effects/ports/Clock'
import { execute, workshopAt } from '../effects/ports/execute'
import { Driver } from './Driver'
import { Task } from './Life'
import { recordsOf, runningOf } from './recordsOf'
import { Answer } from './Refused'
import { seek } from './seek'

/** How a task is asked to end: its own signal when none is named, SIGKILL when the time is up. */
export interface Stopping {
  readonly withinMs: number
  readonly signal: number | undefined
}

/**
 * Stops a task and returns as soon as it has ended. One that is gone is stopped; one that is being started is not
 * started; one that is being destroyed is waited for; one that this process does not know is looked for by its label.
 */
export const stop = async (driver: Driver, id: string, stopping: Stopping): Promise<Answer<void>> => {
  const life = driver.lives.get(id)
  switch (life?._tag) {
    case undefined:
      return seek(driver, id, () => stopUnknown(driver, id, stopping))
    case 'Sought':
      await life.over.wait()
      return stop(driver, id, stopping)
    case 'Ended':
      return E.right(undefined)
    case 'Starting':
      life.abort()
      await life.over.wait()
      return E.right(undefined)
    case 'Ending':
      return life.over
    case 'Running':
      return stopRunning(driver, life.task, stopping)
  }
}

// The watch hears of the end from containerd as the stop does: what it still has to do is to note it.
const SEEN_MS = 30_000
const SEEN_ALL_THE_SAME_MS = 1000

const stopRunning = async (
  { ports }: Driver, { id, handle, ended }: Task, { withinMs, signal }: Stopping
): Promise<Answer<void>> => {
  const plan = planStop(id, handle.containerId, signal ?? handle.stopSignal, withinMs)
  const report = await execute(workshopAt(ports, handle), plan)
  // A signal that could not be sent does not matter to a task that has ended all the same.
  const failure = failureOf(report, 'AwaitExit')
  const time = within(ports.clock, failure === undefined ? SEEN_MS : SEEN_ALL_THE_SAME_MS)
  const end = await ended.wait(time.signal)
  time.end()
  return end !== undefined
    ? E.right(undefined)
    : E.left({ _tag: 'Failed', failure: failure ?? Failure('TimedOut', `stop ${id}`, 'its end was not seen') })
}

const stopUnknown = async (
  driver: Driver, id: string, { withinMs, signal = SIGTERM }: Stopping
): Promise<Answer<void>> => {
  const found = await recordsOf(driver, id)
  if (E.isLeft(found)) return found
  const running = await runningOf(driver, found.right)
  if (E.isLeft(running)) return running
  for (const container of running.right) {
    const workshop = workshopAt(driver.ports, found.right.place)
    const report = await execute(workshop, planStop(id, container, signal, withinMs))
    const failure = failureOf(report, 'AwaitExit')
    if (failure !== undefined) return E.left({ _tag: 'Failed', failure })
  }
  return E.right(undefined)
}
