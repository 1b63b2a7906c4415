import * as E from 'fp-ts/Either'

import { EXIT } from '../core/domain/labels'
import { Exit, exitOf, fromLabel, toLabel } from '../core/watch/exitOf'
import { Containerd } from '../effects/containerd/Containerd'
import * as containers from '../effects/containerd/containers'
import { oomKilled } from '../effects/containerd/metrics'
import * as tasks from '../effects/containerd/tasks'
import { TaskConfig } from '../generated/nomad/driver'
import { DriverState } from './driverState'
import { pause } from './handlers'
import { log } from './log'
import { Ending, TaskRecord } from './TaskRecord'

const FIRST_PAUSE_MS = 100
const LONGEST_PAUSE_MS = 5000

/** A record of a running task, watched until it ends. */
export const watchTask = (containerd: Containerd, config: TaskConfig, state: DriverState): TaskRecord => {
  const abort = new AbortController()
  return recordOf(containerd, config, state, watch(containerd, state.containerId, abort.signal), () => { abort.abort() })
}

/** A record of a task that has ended already. */
export const endedTask = (containerd: Containerd, config: TaskConfig, state: DriverState, exit: Exit): TaskRecord =>
  recordOf(containerd, config, state, Promise.resolve({ exit, error: '' }), () => undefined)

const recordOf = (
  containerd: Containerd, config: TaskConfig, state: DriverState, ended: Promise<Ending>, unwatch: () => void
): TaskRecord => {
  let ending: Ending | undefined
  void ended.then((value) => { ending = value })
  return { config, state, containerd, ended, ending: () => ending, unwatch }
}

/** Waits for the end, through restarts of containerd, and notes the exit on the container as soon as it is seen. */
const watch = async (containerd: Containerd, id: string, signal: AbortSignal): Promise<Ending> => {
  for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)) {
    const outcome = await tasks.wait(containerd, id, signal)()
    if (E.isRight(outcome)) {
      const exit = exitOf(outcome.right.status, await oomKilled(containerd, id), outcome.right.atMs)
      const noted = await containers.label(containerd, id, EXIT, toLabel(exit))()
      if (E.isLeft(noted)) log('warn', 'the exit could not be noted on the container', { container: id, detail: noted.left.detail })
      return { exit, error: '' }
    }
    if (signal.aborted) return new Promise(() => undefined)
    if (outcome.left._tag === 'NotFound' || outcome.left._tag === 'Unknown') {
      const forgotten = await remembered(containerd, id)
      if (forgotten !== undefined) return forgotten
    }
    await pause(pauseMs, signal)
  }
}

const UNKNOWN_EXIT = 255

/** What is known of a task that containerd does not have any more; undefined when it has it after all, or does not answer. */
const remembered = async (containerd: Containerd, id: string): Promise<Ending | undefined> => {
  const task = await tasks.get(containerd, id)()
  if (E.isLeft(task) || task.right !== undefined) return undefined
  const container = await containers.get(containerd, id)()
  if (E.isLeft(container)) return undefined
  const label = fromLabel(container.right?.labels[EXIT] ?? '')
  return label !== undefined
    ? { exit: label, error: '' }
    : { exit: exitOf(UNKNOWN_EXIT, false, Date.now()), error: 'the task ended while containerd was down; its exit code is not known' }
}
