import * as E from 'fp-ts/Either'

import { Failure } from '../core/domain/Failure'
import { Exit } from '../core/watch/exitOf'
import { endAfter, Loss, lossAfter } from '../core/watch/lossOf'
import { recoverOf } from '../core/watch/recoverOf'
import { attempt } from '../effects/ports/attempt'
import { Ports } from '../effects/ports/Ports'
import { Handle } from './Handle'
import { End, Task } from './Life'
import { Once } from './Once'
import { FIRST_PAUSE_MS, longer } from './pauses'

/** What is known of a task before anything is seen of it. */
export interface Known {
  readonly id: string
  readonly name: string
  readonly handle: Handle
}

/** A task that runs, watched until it ends. */
export const watched = (ports: Ports, known: Known): Task => {
  const abort = new AbortController()
  const ended = Once<End>()
  void watch(ports, known, abort.signal).then((end) => { if (end !== undefined) ended.settle(end) })
  return { ...known, ended, unwatch: () => { abort.abort() } }
}

/** A task that has ended already. */
export const over = (ports: Ports, known: Known, exit: Exit): Task => {
  const abort = new AbortController()
  const ended = Once<End>()
  ended.settle({ exit, error: '' })
  noteOn(ports, known, exit, abort.signal)
  return { ...known, ended, unwatch: () => { abort.abort() } }
}

/**
 * Waits for the end, through restarts of containerd. It is told as soon as it is seen, and noted on the container
 * beside that: whoever stops a task does not wait for the note.
 */
const watch = async (ports: Ports, known: Known, signal: AbortSignal): Promise<End | undefined> => {
  const reads = ports.reads(known.handle)
  let loss: Loss = 'Nothing'
  for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = longer(pauseMs)) {
    const outcome = await attempt('wait for the end of a task', reads.exit(known.handle.containerId, signal))
    if (E.isRight(outcome)) return noted(ports, known, outcome.right, signal)
    if (signal.aborted) return undefined
    loss = lossAfter(loss, outcome.left)
    // containerd ends what a dead shim held in a moment, and only then says that there is no such task.
    const isCleaningUp = loss === 'Shim' && outcome.left._tag === 'Unknown' && pauseMs < longer(pauseMs)
    const seen = await lost(ports, known, { loss, isCleaningUp }, signal)
    if ('exit' in seen) return seen
    loss = seen.loss
    await ports.clock.sleep(pauseMs, signal)
  }
}

const noted = (ports: Ports, known: Known, exit: Exit, signal: AbortSignal): End => {
  noteOn(ports, known, exit, signal)
  return { exit, error: '' }
}

/** Notes an exit. Where that does not work it is tried again until it is noted or the task is destroyed. */
const noteOn = (ports: Ports, known: Known, exit: Exit, signal: AbortSignal): void => {
  void note(ports, known, exit).then((outcome) => {
    if (E.isRight(outcome)) return
    const { containerId: container } = known.handle
    ports.log('warn', 'the exit could not be noted on the container yet', { container, detail: outcome.left.detail })
    void noteLater(ports, known, exit, signal)
  })
}

const note = ({ reads }: Ports, { handle }: Known, exit: Exit): Promise<E.Either<Failure, void>> =>
  attempt('note an exit', reads(handle).noteExit(handle.containerId, exit))

const noteLater = async (ports: Ports, known: Known, exit: Exit, signal: AbortSignal): Promise<void> => {
  for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = longer(pauseMs)) {
    await ports.clock.sleep(pauseMs, signal)
    if (signal.aborted || E.isRight(await note(ports, known, exit))) return
  }
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
): Promise<End | Pick<Losing, 'loss'>> => {
  const observed = await attempt('look for a task', ports.reads(known.handle).observe(known.handle.containerId))
  if (E.isLeft(observed)) return { loss: lossAfter(loss, observed.left) }
  const recovery = recoverOf(known.id, observed.right)
  switch (recovery._tag) {
    case 'Adopt':
      return { loss: 'Nothing' }
    case 'Exited':
      return noted(ports, known, recovery.exit, signal)
    case 'Gone': {
      if (isCleaningUp) return { loss }
      const end = endAfter(loss, ports.clock.now())
      // Of a task that was killed the exit is known.
      return loss === 'Shim' ? { ...noted(ports, known, end.exit, signal), error: end.error } : end
    }
  }
}
