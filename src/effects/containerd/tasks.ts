import * as E from 'fp-ts/Either'
import { pipe } from 'fp-ts/function'
import * as TE from 'fp-ts/TaskEither'

import { Failure } from '../../core/domain/Failure'
import { SIGKILL } from '../../core/domain/Signal'
import { SnapshotMount } from '../../core/plan/Output'
import { Timestamp } from '../../generated/containerd/containerd'
import { Process, Status } from '../../generated/containerd/tasks'
import { Clock, within } from '../ports/Clock'
import { hasEnded, Learnt } from '../ports/Learnt'
import { systemClock } from '../ports/systemClock'
import { call, orAbsent, orDone } from './call'
import { Containerd } from './Containerd'
import { cutOff } from './cutOff'

// A create waits for the readers of both FIFOs, thirty seconds at most; cutting it off leaks shims (containerd 7733).
const CREATE_MS = 120_000

/**
 * Creates the task of a container: namespaces, cgroup, mounts, the process not yet running. Output goes from the shim
 * to the paths; with a terminal all of it to stdout.
 */
export const create = (
  containerd: Containerd,
  id: string,
  rootfs: ReadonlyArray<SnapshotMount>,
  stdout: string,
  stderr: string,
  terminal = false
): TE.TaskEither<Failure, void> =>
  pipe(
    call(
      containerd,
      `create task ${id}`,
      ['tasks', 'create'],
      {
        containerId: id,
        rootfs: rootfs.map((mount) => ({ ...mount, options: [...mount.options] })),
        stdin: '',
        stdout,
        stderr,
        terminal
      },
      { deadlineMs: CREATE_MS }
    ),
    TE.map((): void => undefined)
  )

/** Starts the process of a task. */
export const start = (containerd: Containerd, id: string): TE.TaskEither<Failure, void> =>
  pipe(
    call(containerd, `start task ${id}`, ['tasks', 'start'], { containerId: id, execId: '' }),
    TE.map((): void => undefined)
  )

/** The task of a container; undefined when it has none. */
export const get = (containerd: Containerd, id: string): TE.TaskEither<Failure, Process | undefined> =>
  pipe(
    orAbsent(call(containerd, `look for task ${id}`, ['tasks', 'get'], { containerId: id, execId: '' })),
    TE.map((answer) => answer?.process)
  )

/** Sends a signal to the first process of a task. A task that is gone needs none. */
export const kill = (containerd: Containerd, id: string, signal: number, all = false): TE.TaskEither<Failure, void> =>
  orDone('NotFound')(
    call(containerd, `send signal ${String(signal)} to ${id}`, ['tasks', 'kill'], {
      containerId: id, execId: '', signal, all
    })
  )

/** How a process ended: containerd's status (128 + n for signal n) and when, in milliseconds since 1970. */
export interface Ended {
  readonly status: number
  readonly atMs: number
}

/** Waits for the end of a task, as long as it takes. */
export const wait = (containerd: Containerd, id: string, signal?: AbortSignal): TE.TaskEither<Failure, Ended> =>
  pipe(
    call(containerd, `wait for ${id}`, ['tasks', 'wait'],
      { containerId: id, execId: '' }, { deadlineMs: 0, ...(signal === undefined ? {} : { signal }) }),
    TE.map(({ exitStatus, exitedAt }): Ended => ({ status: exitStatus, atMs: toMs(exitedAt) }))
  )

/** Milliseconds since 1970; 0 for Go's zero time. */
export const toMs = (at: Timestamp | undefined): number =>
  at === undefined || at.seconds < 0n ? 0 : Number(at.seconds) * 1000 + Math.floor(at.nanos / 1e6)

/** How a wait is bounded: by whose time, and by what else. `learnt` is what need not be asked before it. */
export interface Waiting {
  readonly clock: Clock
  readonly signal?: AbortSignal
  readonly learnt?: Learnt | undefined
}

const patient: Waiting = { clock: systemClock }

/**
 * Waits up to `withinMs` for the end of a task. Right(false) when it still runs then; a task that is gone has ended.
 */
export const endsWithin =
  (
    containerd: Containerd,
    id: string,
    withinMs: number,
    { clock, signal }: Waiting = patient
  ): TE.TaskEither<Failure, boolean> =>
  async () => {
    const time = within(clock, withinMs, signal)
    const outcome = await wait(containerd, id, time.signal)()
    time.end()
    if (E.isRight(outcome) || outcome.left._tag === 'NotFound') return E.right(true)
    return time.isUp() ? E.right(false) : outcome
  }

const KILL_MS = 30_000

/** Ends every process of a task with a signal that cannot be ignored and waits until it has ended. */
export const killAndWait =
  (containerd: Containerd, id: string, waiting = patient, signal = SIGKILL): TE.TaskEither<Failure, void> =>
  async () => {
    const killed = await kill(containerd, id, signal, true)()
    const ended = E.isLeft(killed) ? killed : await endsWithin(containerd, id, KILL_MS, waiting)()
    if (E.isLeft(ended)) return isOfDeadShim(ended.left) ? cleanedUp(containerd, id, ended.left, waiting) : ended
    return ended.right
      ? E.right(undefined)
      : E.left(Failure('TimedOut', `kill ${id}`, 'it still runs thirty seconds after SIGKILL'))
  }

// What containerd says of a task whose shim died has no code of its own (containerd-contract 0.19).
const isOfDeadShim = ({ _tag }: Failure): boolean => _tag === 'Unknown'

const CLEAN_MS = 10_000
const LOOK_EVERY_MS = 50

/** containerd ends what a dead shim held, and then has no task of it: waits for that. `failure` where it has one. */
const cleanedUp = async (
  containerd: Containerd, id: string, failure: Failure, { clock, signal }: Waiting
): Promise<E.Either<Failure, void>> => {
  const time = within(clock, CLEAN_MS, signal)
  let outcome: E.Either<Failure, unknown> = E.left(failure)
  while (!time.isUp() && !time.signal.aborted && E.isLeft(outcome) && isOfDeadShim(outcome.left)) {
    await clock.sleep(LOOK_EVERY_MS, time.signal)
    outcome = await wait(containerd, id, time.signal)()
  }
  time.end()
  return E.isRight(outcome) || outcome.left._tag === 'NotFound' ? E.right(undefined) : E.left(failure)
}
/** Ends every process of a task, unless it has ended by itself or is gone. */
export const endNow = (containerd: Containerd, id: string, waiting: Waiting): TE.TaskEither<Failure, void> =>
  async () => {
    const found = await get(containerd, id)()
    // One whose shim has died cannot be looked at.
    const isOver = E.isRight(found) && (found.right === undefined || found.right.status === Status.STATUS_STOPPED)
    const ended = isOver ? E.right(undefined) : await killAndWait(containerd, id, waiting)()
    if (E.isRight(ended)) waiting.learnt?.note(hasEnded(id), waiting.clock.now())
    return ended
  }

const remaining = (containerd: Containerd, id: string): TE.TaskEither<Failure, void> => async () => {
  const deleted = await call(containerd, `delete task ${id}`, ['tasks', 'delete'], { containerId: id })()
  if (E.isRight(deleted)) return E.right(undefined)
  return deleted.left._tag === 'NotFound' ? cutOff(containerd, id)() : deleted
}

/**
 * Deletes a task, which is killed first unless it has ended. One that was created and never started is killed too:
 * containerd 2 would wait ten seconds for the end of its output.
 */
export const remove =
  (containerd: Containerd, id: string, waiting = patient): TE.TaskEither<Failure, void> =>
  async () => {
    if (waiting.learnt?.knows(hasEnded(id), waiting.clock.now()) === true) return remaining(containerd, id)()
    const found = await get(containerd, id)()
    if (E.isLeft(found)) return found
    if (found.right === undefined) return cutOff(containerd, id)()
    if (found.right.status === Status.STATUS_STOPPED) return remaining(containerd, id)()
    const killed = await killAndWait(containerd, id, waiting)()
    return E.isLeft(killed) ? killed : remaining(containerd, id)()
  }
