import * as E from 'fp-ts/Either'

import { Reading, Stats, statsOf } from '../core/watch/statsOf'
import { attempt } from '../effects/ports/attempt'
import { Driver, startedTask } from './Driver'
import { Answer } from './Refused'

/** A sample every `stats_interval` until the task ends or the signal fires. */
export const stats = async (
  driver: Driver, id: string, send: (sample: Stats) => void, signal: AbortSignal
): Promise<Answer<void>> => {
  const { clock, reads } = driver.ports
  const task = startedTask(driver, id)
  if (E.isLeft(task)) return task
  const { handle, ended } = task.right
  if (ended.value() !== undefined) return E.left({ _tag: 'HasEnded', so: '' })
  const configured = driver.configured()
  if (E.isLeft(configured)) return configured
  const { config, mhzPerCore = 0 } = configured.right
  let before: Reading | undefined
  while (!signal.aborted && ended.value() === undefined) {
    const outcome = await attempt(`measure ${id}`, reads(handle).reading(handle.containerId, clock.now()))
    if (E.isRight(outcome) && outcome.right !== undefined) {
      send(statsOf(before, outcome.right, mhzPerCore))
      before = outcome.right
    }
    await clock.sleep(config.stats_interval, signal)
  }
  return E.right(undefined)
}
