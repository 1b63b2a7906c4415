import * as E from 'fp-ts/Either'
import { pipe } from 'fp-ts/function'
import * as TE from 'fp-ts/TaskEither'

import { Failure } from '../../core/domain/Failure'
import { SIGKILL } from '../../core/domain/Signal'
import { Act } from '../../core/plan/Step'
import { Exit, exitOf } from '../../core/watch/exitOf'
import { Process, Status } from '../../generated/containerd/tasks'
import { endSession } from '../host/endSession'
import { Clock, within } from '../ports/Clock'
import { Materials } from '../ports/Machine'
import { processBehind } from '../ports/materialBehind'
import { failureOf, Thrown } from '../ports/Thrown'
import { call, orAbsent, orDone } from './call'
import { Containerd } from './Containerd'
import * as containers from './containers'
import { toMs } from './tasks'

/** A process beside a task's own. */
interface Of {
  readonly container: string
  readonly exec: string
}

const PROCESS = 'types.containerd.io/opencontainers/runtime-spec/1/Process'

const named = ({ container, exec }: Of): { readonly containerId: string; readonly execId: string } =>
  ({ containerId: container, execId: exec })

/** Tells containerd of a process in a container of this owner. It is not made before it is started. */
export const create = (
  containerd: Containerd,
  act: Act<'CreateExec'>,
  asking: containers.Asking,
  materials: Materials
): TE.TaskEither<Failure, void> => {
  const doing = `create ${act.exec} in ${act.container}`
  const text = processBehind(materials, act.process, doing)
  if (E.isLeft(text)) return TE.left(text.left)
  return pipe(
    containers.isOwned(containerd, act.container, asking),
    TE.chain((isOurs) =>
      isOurs ? added(containerd, act, doing, text.right) : TE.left(Failure('Denied', doing, NOT_OURS)))
  )
}

const NOT_OURS = "the container is gone, or another's"

const added = (
  containerd: Containerd,
  { container, exec, stdin, stdout, stderr, terminal }: Act<'CreateExec'>,
  doing: string,
  text: string
): TE.TaskEither<Failure, void> =>
  orDone('AlreadyExists')(
    call(containerd, doing, ['tasks', 'exec'], {
      ...named({ container, exec }),
      stdin,
      stdout,
      stderr,
      terminal,
      spec: { typeUrl: PROCESS, value: Buffer.from(text) }
    })
  )

/** Makes the process and lets it run. Waits for the readers of its output. */
export const start = (containerd: Containerd, of: Of): TE.TaskEither<Failure, void> =>
  pipe(
    call(containerd, `start ${of.exec} in ${of.container}`, ['tasks', 'start'], named(of)),
    TE.map((): void => undefined)
  )

export const resize = (containerd: Containerd, of: Act<'ResizeExec'>): TE.TaskEither<Failure, void> =>
  orDone('NotFound')(
    call(containerd, `resize ${of.exec} in ${of.container}`, ['tasks', 'resizePty'], {
      ...named(of), width: of.width, height: of.height
    })
  )

export const closeInput = (containerd: Containerd, of: Of): TE.TaskEither<Failure, void> =>
  orDone('NotFound')(
    call(containerd, `close the input of ${of.exec} in ${of.container}`, ['tasks', 'closeIo'], {
      ...named(of), stdin: true
    })
  )

/** Waits for the end of a process, as long as it takes. */
export const exit = (containerd: Containerd, of: Of, signal: AbortSignal): TE.TaskEither<Failure, Exit> =>
  pipe(
    call(containerd, `wait for ${of.exec} in ${of.container}`, ['tasks', 'wait'], named(of), { deadlineMs: 0, signal }),
    TE.map(({ exitStatus, exitedAt }): Exit => exitOf(exitStatus, 0, toMs(exitedAt)))
  )

const get = (containerd: Containerd, of: Of): TE.TaskEither<Failure, Process | undefined> =>
  pipe(
    orAbsent(call(containerd, `look for ${of.exec} in ${of.container}`, ['tasks', 'get'], named(of))),
    TE.map((answer) => answer?.process)
  )

/** Whose container it has to be, and how long is waited. */
export interface Ending extends containers.Asking {
  readonly clock: Clock
  readonly signal: AbortSignal
}

const KILL_MS = 30_000

// All processes of a container that is paused are said to be: they run on when it does.
const NOTHING_RUNS: ReadonlyArray<Status> = [Status.STATUS_CREATED, Status.STATUS_STOPPED]

/**
 * Ends a process of this owner's container that still runs, and what it began in its session: a shell's children. One
 * that has ended by itself is left alone with what it began, as somebody may have wanted.
 */
export const kill = (containerd: Containerd, of: Of, ending: Ending): TE.TaskEither<Failure, void> => async () => {
  const record = await containers.get(containerd, of.container)()
  if (E.isLeft(record)) return record
  if (record.right === undefined || !containers.isOf(record.right, ending.owner)) return E.right(undefined)
  const found = await get(containerd, of)()
  if (E.isLeft(found)) return found
  if (found.right === undefined || NOTHING_RUNS.includes(found.right.status)) return E.right(undefined)
  const killed = await killOf(containerd, of)()
  if (E.isLeft(killed)) return killed
  const doing = `kill ${of.exec} in ${of.container}`
  const { pid } = found.right
  const pids = (): Promise<ReadonlyArray<number>> => pidsOf(containerd, of.container)
  const swept = containers.isRunc(record.right) ? await sweep(doing, pid, pids, ending.clock) : killed
  return E.isLeft(swept) ? swept : gone(containerd, of, ending)
}

/** What cannot be looked at, goes on forking or is paused is not said to be gone: its pipes stay, and it is tried again. */
const sweep = async (
  doing: string, pid: number, pids: () => Promise<ReadonlyArray<number>>, clock: Clock
): Promise<E.Either<Failure, void>> => {
  try {
    const isOver = await endSession(pid, pids, clock)
    return isOver ? E.right(undefined) : E.left(Failure('Unknown', doing, 'what it began is not gone yet'))
  } catch (thrown) {
    return E.left(failureOf(thrown, doing))
  }
}

const killOf = (containerd: Containerd, of: Of): TE.TaskEither<Failure, void> =>
  orDone('NotFound')(
    call(containerd, `kill ${of.exec} in ${of.container}`, ['tasks', 'kill'], {
      ...named(of), signal: SIGKILL, all: false
    })
  )

const pidsOf = async (containerd: Containerd, container: string): Promise<ReadonlyArray<number>> => {
  const found = await call(containerd, `look for the processes of ${container}`, ['tasks', 'listPids'], {
    containerId: container
  })()
  if (E.isRight(found)) return found.right.processes.map(({ pid }) => pid)
  // A container that is gone has none.
  if (found.left._tag === 'NotFound') return []
  throw new Thrown(found.left)
}

const gone = async (containerd: Containerd, of: Of, { clock, signal }: Ending): Promise<E.Either<Failure, void>> => {
  const time = within(clock, KILL_MS, signal)
  const ended = await exit(containerd, of, time.signal)()
  time.end()
  if (E.isRight(ended) || ended.left._tag === 'NotFound') return E.right(undefined)
  if (!time.isUp()) return ended
  return E.left(Failure('TimedOut', `kill ${of.exec} in ${of.container}`, 'it still runs thirty seconds after SIGKILL'))
}

/** Makes containerd forget a process of this owner's container that has ended. */
export const remove = (containerd: Containerd, of: Of, asking: containers.Asking): TE.TaskEither<Failure, void> =>
  containers.ifOwn(containerd, of.container, asking, orDone('NotFound')(
    call(containerd, `delete ${of.exec} in ${of.container}`, ['tasks', 'deleteProcess'], named(of))
  ))
