import * as E from 'fp-ts/Either'

import { Failure } from '../core/domain/Failure'
import { attempt } from '../effects/ports/attempt'
import { destroy } from './destroy'
import { Driver } from './Driver'
import { Life, Subject } from './Life'
import { Answer, Refused } from './Refused'

/** A run of a task: Nomad's id of it, of which task of which allocation it is, and the pipes of its output. */
export interface Run extends Subject {
  readonly id: string
  readonly pipes: ReadonlyArray<string>
}

/** A start that somebody cut off. */
export const cancelledStart = (id: string): Refused =>
  ({ _tag: 'Failed', failure: Failure('Cancelled', `start ${id}`, 'was stopped while it was under way') })

/**
 * Does something once every other run of the same task is taken back: Nomad runs one at a time, and gives each an id of
 * its own. Another is there when the agent was killed before it noted the answer of a start, or could not find a task
 * again: it would hold the ports and files of the new one, and nobody would end it. Refused while one of them cannot be
 * taken back.
 */
export const withoutOthers = async <A>(
  driver: Driver, run: Run, signal: AbortSignal, act: () => Promise<Answer<A>>
): Promise<Answer<A>> => {
  if (run.allocId === '') return act()
  const starting = otherStarts(driver, run)
  // None of them may wait for this one: they are all cut off before any is waited for.
  for (const { life } of starting) life.abort()
  const found = await othersIn(driver, run)
  if (E.isLeft(found)) return found
  const others = [...new Set([...starting.map(({ id }) => id), ...found.right])]
  if (others.length === 0) return act()
  // Their output ends with them, and has the same reader as the one that is to be started.
  const release = await driver.ports.hold(run.pipes)
  try {
    const down = await destroyed(driver, others, run, signal)
    return E.isLeft(down) ? down : await act()
  } finally {
    release()
  }
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
    const down = await destroy(driver, other, true, 'Whole')
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
  return E.right(found.right.filter((id) => id !== run.id))
}
