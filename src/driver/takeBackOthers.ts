import * as E from 'fp-ts/Either'

import { Failure } from '../core/domain/Failure'
import { attempt } from '../effects/ports/attempt'
import { destroy } from './destroy'
import { Driver } from './Driver'
import { Life, Subject } from './Life'
import { Answer, Refused } from './Refused'

/** A run of a task: Nomad's id of it, and of which task of which allocation it is. */
interface Run extends Subject {
  readonly id: string
}

/** A start that somebody cut off. */
export const cancelledStart = (id: string): Refused =>
  ({ _tag: 'Failed', failure: Failure('Cancelled', `start ${id}`, 'was stopped while it was under way') })

/**
 * Takes back every other run of the same task: Nomad runs one at a time, and gives each an id of its own. Another is
 * there when the agent was killed before it noted the answer of a start, or could not find a task again: it would hold
 * the ports and files of the new one, and nobody would end it. Refused while one of them cannot be taken back.
 */
export const takeBackOthers = async (driver: Driver, run: Run, signal: AbortSignal): Promise<Answer<void>> => {
  if (run.allocId === '') return E.right(undefined)
  const starting = otherStarts(driver, run)
  // None of them may wait for this one: they are all cut off before any is waited for.
  for (const { life } of starting) life.abort()
  const first = await destroyed(driver, starting.map(({ id }) => id), run, signal)
  if (E.isLeft(first)) return first
  const found = await othersIn(driver, run)
  return E.isLeft(found) ? found : destroyed(driver, found.right, run, signal)
}

type Starting = Extract<Life, { readonly _tag: 'Starting' }>

/** A start that is under way may have no container yet; every other run that there is has one. */
const otherStarts = (
  { lives }: Driver, run: Run
): ReadonlyArray<{ readonly id: string; readonly life: Starting }> =>
  [...lives].flatMap(([id, life]) =>
    life._tag === 'Starting' && id !== run.id && life.of.allocId === run.allocId && life.of.name === run.name
      ? [{ id, life }]
      : [])

const destroyed = async (
  driver: Driver, ids: ReadonlyArray<string>, run: Run, signal: AbortSignal
): Promise<Answer<void>> => {
  for (const other of ids) {
    // One that was cut off may not touch what came after it.
    if (signal.aborted) return E.left(cancelledStart(run.id))
    driver.ports.log('warn', 'another run of the task is taken back', { task: run.id, other })
    const down = await destroy(driver, other, true)
    if (E.isLeft(down)) return down
  }
  return E.right(undefined)
}

const othersIn = async ({ ports, configured }: Driver, run: Run): Promise<Answer<ReadonlyArray<string>>> => {
  const known = configured()
  if (E.isLeft(known)) return known
  const { address, namespace } = known.right.config
  const reads = ports.reads({ address, namespace })
  const found = await attempt('look for other runs of the task', reads.runs(run.allocId, run.name))
  if (E.isLeft(found)) return E.left({ _tag: 'Failed', failure: found.left })
  return E.right([...new Set(found.right)].filter((id) => id !== run.id))
}
