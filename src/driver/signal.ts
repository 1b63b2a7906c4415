import * as E from 'fp-ts/Either'

import { planSignal } from '../core/plan/planSignal'
import { failureOf } from '../core/report/Report'
import { execute, workshopAt } from '../effects/ports/execute'
import { Driver, startedTask } from './Driver'
import { Answer } from './Refused'

/** Sends one signal to the first process of a task that runs. */
export const signal = async (driver: Driver, id: string, number: number): Promise<Answer<void>> => {
  const task = startedTask(driver, id)
  if (E.isLeft(task)) return task
  const { handle, ended } = task.right
  if (ended.value() !== undefined) return E.left({ _tag: 'HasEnded', so: '; it takes no signal' })
  const workshop = workshopAt(driver.ports, handle)
  const report = await execute(workshop, planSignal(id, handle.containerId, number))
  const failure = failureOf(report, 'SendSignal')
  return failure === undefined ? E.right(undefined) : E.left({ _tag: 'Failed', failure })
}
