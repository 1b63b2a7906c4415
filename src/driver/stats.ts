import * as E from 'fp-ts/Either'

import { Stats, statsOf } from '../core/watch/statsOf'
import { attempt } from '../effects/ports/attempt'
import { Looker } from '../effects/ports/Reads'
import { Driver, startedTask } from './Driver'
import { Task } from './Life'
import { Answer } from './Refused'

const USUAL_MS = 1000

/** What is asked of a task's statistics: `everyMs` as Nomad collects them, 0 when it does not say. */
export interface Asked {
  readonly id: string
  readonly everyMs: number
}

/**
 * A sample at once and then as often as Nomad asks for, no more often than `stats_interval`, until the task ends or the
 * signal fires. A reading that cannot be had is left out.
 */
export const stats = async (
  driver: Driver, { id, everyMs }: Asked, send: (sample: Stats) => void, signal: AbortSignal
): Promise<Answer<void>> => {
  const task = startedTask(driver, id)
  if (E.isLeft(task)) return task
  const { handle, ended, telling } = task.right
  if (ended.value() !== undefined) return E.left({ _tag: 'HasEnded', so: '' })
  const configured = driver.configured()
  if (E.isLeft(configured)) return configured
  const { config, mhzPerCore } = configured.right
  const mhz = mhzPerCore ?? await mhzOfHost(driver, task.right)
  const stop = driver.sampler.add({
    gauge: driver.ports.reads(handle).gauge(handle.containerId),
    everyMs: Math.max(everyMs > 0 ? everyMs : USUAL_MS, config.stats_interval ?? 0),
    tell: (before, now) => {
      telling.kills(now.oomKills)
      if (!signal.aborted) send(statsOf(before, now, mhz))
    }
  })
  await ended.wait(signal)
  stop()
  return E.right(undefined)
}

/** MHz of one core as the host itself has it: Nomad before 1.7 does not say. */
const mhzOfHost = async ({ ports }: Driver, { handle }: Task): Promise<number> => {
  const { signal } = new AbortController()
  const answer = ports.reads(handle).answer([{ _tag: 'AskHost' }], Looker(handle.containerId), signal)
  const facts = await attempt('ask for the speed of the host', answer)
  const host = E.isRight(facts) ? facts.right.host : undefined
  return host === undefined || host.cpuCores === 0 ? 0 : host.cpuMhz / host.cpuCores
}
