import * as E from 'fp-ts/Either'

import { Failure } from '../core/domain/Failure'
import { Exit } from '../core/watch/exitOf'
import { endAfter, Loss, lossAfter } from '../core/watch/lossOf'
import { recoverOf } from '../core/watch/recoverOf'
import { attempt } from '../effects/ports/attempt'
import { Ports } from '../effects/ports/Ports'
import { Handle } from './Handle'
import { End, Task } from './Life'
import { noteOn } from './noteOn'
import { Once } from './Once'
import { FIRST_PAUSE_MS, longer } from './pauses'
import { mute, Telling } from './Telling'

/** What is known of a task before anything is seen of it. */
export interface Known {
  readonly id: string
  readonly name: string
  readonly handle: Handle
}

/** A task that runs, watched until it ends. */
export const watched = (ports: Ports, known: Known, telling = mute): Task => {
  const abort = new AbortController()
  const ended = Once<End>()
  void watch(ports, known, telling, abort.signal).then((end) => { if (end !== undefined) ended.settle(end) })
  return { ...known, ended, telling, unwatch: () => { abort.abort() } }
}

/** A task that has ended already. */
export const over = (ports: Ports, known: Known, exit: Exit, telling: Telling): Task => {
  const abort = new AbortController()
  const ended = Once<End>()
  ended.settle({ exit, error: '' })
  noteOn(ports, known.handle, exit, abort.signal)
  return { ...known, ended, telling, unwatch: () => { abort.abort() } }
}

/** What keeps the end from being seen, and whether containerd answered at the last look. */
interface Sight {
  readonly loss: Loss
  readonly isAway: boolean
}

/**
 * Waits for the end, through restarts of containerd. It is told as soon as it is seen, and noted on the container
 * beside that: whoever stops a task does not wait for the note.
 */
const watch = async (
  ports: Ports, known: Known, telling: Telling, signal: AbortSignal
): Promise<End | undefined> => {
  let sight: Sight = { loss: 'Nothing', isAway: false }
  for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = longer(pauseMs)) {
    // No wait says that containerd is back: where it was away, that is looked for first.
    const failed = sight.isAway ? undefined : await waitedFor(ports, known, signal)
    if (failed !== undefined && 'exit' in failed) return failed
    if (signal.aborted) return undefined
    const loss = failed === undefined ? sight.loss : lossAfter(sight.loss, failed)
    // containerd ends what a dead shim held in a moment, and only then says that there is no such task.
    const isCleaningUp = loss === 'Shim' && failed?._tag === 'Unknown' && pauseMs < longer(pauseMs)
    const seen = await lost(ports, known, { loss, isCleaningUp }, signal)
    if ('exit' in seen || !seen.isAway) telling.back()
    else telling.gone()
    if ('exit' in seen) return seen
    const isBack = sight.isAway && !seen.isAway
    sight = seen
    if (!isBack) await ports.clock.sleep(pauseMs, signal)
  }
}

const waitedFor = async (ports: Ports, known: Known, signal: AbortSignal): Promise<End | Failure> => {
  const exit = ports.reads(known.handle).exit(known.handle.containerId, signal)
  const outcome = await attempt('wait for the end of a task', exit)
  return E.isRight(outcome) ? noted(ports, known, outcome.right, signal) : outcome.left
}

const noted = (ports: Ports, { handle }: Known, exit: Exit, signal: AbortSignal): End => {
  noteOn(ports, handle, exit, signal)
  return { exit, error: '' }
}

interface Losing {
  readonly loss: Loss
  readonly isCleaningUp: boolean
}

/**
 * What there is to know of a task that cannot be waited for: its end, or why that is not seen yet because it runs after
 * all, or containerd does not answer.
 */
const lost = async (
  ports: Ports, known: Known, { loss, isCleaningUp }: Losing, signal: AbortSignal
): Promise<End | Sight> => {
  const observed = await attempt('look for a task', ports.reads(known.handle).observe(known.handle.containerId))
  if (E.isLeft(observed)) {
    const { _tag } = observed.left
    return { loss: lossAfter(loss, observed.left), isAway: _tag === 'Unavailable' || _tag === 'TimedOut' }
  }
  const recovery = recoverOf(known.id, observed.right)
  switch (recovery._tag) {
    case 'Adopt':
      return { loss: 'Nothing', isAway: false }
    case 'Exited':
      return noted(ports, known, recovery.exit, signal)
    case 'Gone': {
      if (isCleaningUp) return { loss, isAway: false }
      const end = endAfter(loss, ports.clock.now())
      // Of a task that was killed the exit is known.
      return loss === 'Shim' ? { ...noted(ports, known, end.exit, signal), error: end.error } : end
    }
  }
}
