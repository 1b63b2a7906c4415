import * as E from 'fp-ts/Either'

import { Exit, exitOf, UNKNOWN_EXIT } from '../core/watch/exitOf'
import { recoverOf } from '../core/watch/recoverOf'
import { attempt } from '../effects/ports/attempt'
import { Ports } from '../effects/ports/Ports'
import { Reads } from '../effects/ports/Reads'
import { Handle } from './Handle'
import { End, Task } from './Life'
import { Once } from './Once'

const FIRST_PAUSE_MS = 100
const LONGEST_PAUSE_MS = 5000

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
export const over = (known: Known, exit: Exit): Task => {
  const ended = Once<End>()
  ended.settle({ exit, error: '' })
  return { ...known, ended, unwatch: () => undefined }
}

/** Waits for the end, through restarts of containerd, and notes the exit on the container as soon as it is seen. */
const watch = async (ports: Ports, known: Known, signal: AbortSignal): Promise<End | undefined> => {
  const reads = ports.reads(known.handle)
  for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)) {
    const outcome = await attempt('wait for the end of a task', reads.exit(known.handle.containerId, signal))
    if (E.isRight(outcome)) return noted(ports, reads, known, outcome.right)
    if (signal.aborted) return undefined
    const end = await lost(ports, reads, known)
    if (end !== undefined) return end
    await ports.clock.sleep(pauseMs, signal)
  }
}

const noted = async ({ log }: Ports, reads: Reads, { handle: { containerId } }: Known, exit: Exit): Promise<End> => {
  const outcome = await attempt('note an exit', reads.noteExit(containerId, exit))
  if (E.isLeft(outcome)) log('warn', 'the exit could not be noted on the container', { container: containerId, detail: outcome.left.detail })
  return { exit, error: '' }
}

/** What there is to know of a task that cannot be waited for; undefined when it runs after all, or containerd does not answer. */
const lost = async (ports: Ports, reads: Reads, known: Known): Promise<End | undefined> => {
  const observed = await attempt('look for a task', reads.observe(known.handle.containerId))
  if (E.isLeft(observed)) return undefined
  const recovery = recoverOf(known.id, observed.right)
  switch (recovery._tag) {
    case 'Adopt':
      return undefined
    case 'Exited':
      return noted(ports, reads, known, recovery.exit)
    case 'Gone':
      return {
        exit: exitOf(UNKNOWN_EXIT, false, ports.clock.now()),
        error: 'the task ended while containerd was down; its exit code is not known'
      }
  }
}
