import * as E from 'fp-ts/Either'

import { Failure } from '../core/domain/Failure'
import { markOf } from '../core/domain/mark'
import { Process } from '../core/domain/Oci'
import { Planned, undosOf } from '../core/plan/Plan'
import { Exec, execName, planExec } from '../core/plan/planExec'
import { RolledBack } from '../core/report/Report'
import { startCode } from '../core/watch/startCode'
import { attempt } from '../effects/ports/attempt'
import { execute, workshopAt } from '../effects/ports/execute'
import { isOwn, Learnt } from '../effects/ports/Learnt'
import { Streams } from '../effects/ports/Streams'
import { Driver, startedTask } from './Driver'
import { commandsOf, Execution } from './Execution'
import { Task } from './Life'
import { Once } from './Once'
import { Answer, Refused } from './Refused'
import { takeAway } from './takeAway'

/** A command that is to run in a task: `input` when it is given any. */
export interface Wanted {
  readonly id: string
  readonly command: ReadonlyArray<string>
  readonly terminal: boolean
  readonly input: boolean
}

/** How many commands a task may have at once. One that could not be taken back yet counts. */
export const MOST_EXECS = 128

/** Begins a process beside a task's own. Cancelled by the signal, nothing of it is left. */
export const beginExec = async (driver: Driver, wanted: Wanted, signal: AbortSignal): Promise<Answer<Execution>> => {
  const task = runningTask(driver, wanted.id)
  if (E.isLeft(task)) return task
  if ((wanted.command[0] ?? '') === '') return E.left({ _tag: 'NoCommand' })
  const { containerId } = task.right.handle
  if (driver.execs.of(containerId) >= MOST_EXECS) return E.left({ _tag: 'TooManyCommands', most: MOST_EXECS })
  const begun = begin(driver, task.right, wanted, signal)
  driver.execs.during(containerId, begun)
  driver.beginnings.during(containerId, begun)
  return begun
}

const begin = async (
  driver: Driver, task: Task, wanted: Wanted, signal: AbortSignal
): Promise<Answer<Execution>> => {
  const configured = driver.configured()
  if (E.isLeft(configured)) return configured
  const { handle } = task
  const doing = `look for ${handle.containerId}`
  const stored = await attempt(doing, driver.ports.reads(handle).process(handle.containerId, task.id))
  if (E.isLeft(stored)) return E.left({ _tag: 'Failed', failure: stored.left })
  if (stored.right === undefined) return E.left(ENDED)
  if (signal.aborted) return E.left({ _tag: 'Failed', failure: cut(doing) })
  const learnt = Learnt()
  learnt.note(isOwn(handle.containerId, task.id), driver.ports.clock.now())
  const { stateDirectory = configured.right.config.state_dir } = handle
  return run(driver, task, { ...wanted, stored: stored.right, stateDirectory, learnt }, signal)
}

const cut = (doing: string): Failure => Failure('Cancelled', doing, 'was stopped while it was under way')

const ENDED: Refused = { _tag: 'HasEnded', so: '; no command runs in it any more' }

const runningTask = (driver: Driver, id: string): Answer<Task> => {
  const task = startedTask(driver, id)
  if (E.isLeft(task)) return task
  if (task.right.ended.value() !== undefined) return E.left(ENDED)
  return driver.lives.get(id)?._tag === 'Ending' ? E.left({ _tag: 'IsEnding' }) : task
}

interface Known extends Wanted {
  readonly stored: Process
  readonly stateDirectory: string
  readonly learnt: Learnt
}

const run = async (driver: Driver, task: Task, known: Known, signal: AbortSignal): Promise<Answer<Execution>> => {
  const { ports } = driver
  const { learnt } = known
  const container = task.handle.containerId
  const exec = execName(ports.clock.now(), driver.nextExec())
  const directory = `${known.stateDirectory}/${container}`
  const mark = markOf({ nodeId: driver.reaping.node.value() ?? '' })
  const planned = planExec(known.stored, { ...known, owner: task.id, mark, container, exec, directory })
  const opened: { streams?: Streams } = {}
  const report = await execute(workshopAt(ports, task.handle), planned.plan, {
    materials: { process: planned.process },
    signal,
    learnt,
    met: async (step) => {
      const streams = await open(driver, planned, step)
      if (E.isRight(streams) && streams.right !== undefined) opened.streams = streams.right
      // Where its time is up meanwhile it is not begun, however long containerd took.
      return signal.aborted ? E.left(cut(step.id)) : E.map(() => undefined)(streams)
    }
  })
  if (report._tag === 'Completed' && opened.streams !== undefined) {
    const execution = Execution({ ports, task, exec, streams: opened.streams, learnt }, undosOf(planned.plan))
    return E.right(counted(driver, container, execution))
  }
  opened.streams?.close()
  // A start whose answer was lost may have started it: it is taken back until that works, and nobody waits for it.
  if (report._tag === 'RolledBack' && report.leftovers.length > 0) {
    driver.execs.during(container, takeAway(ports, commandsOf(task), undosOf(planned.plan)))
  }
  return report._tag === 'RolledBack' ? refusal(driver, task, report) : E.left(ENDED)
}

/** One that counts until it is taken back. */
const counted = ({ execs }: Driver, container: string, execution: Execution): Execution => {
  const over = Once<true>()
  execs.during(container, over.wait())
  return { ...execution, end: () => execution.end().finally(() => { over.settle(true) }) }
}

/** The pipes are opened as soon as they are there: the runtime waits for their readers. */
const open = async (
  { ports }: Driver, { directory }: Exec, { act }: Planned
): Promise<E.Either<Failure, Streams | undefined>> =>
  act._tag === 'MakeStreams' ? ports.streams(directory, act.names)() : E.right(undefined)

/** What the runtime's words mean: the task has ended meanwhile, the command cannot be run, or something else. */
const refusal = async ({ ports }: Driver, { id, handle }: Task, report: RolledBack): Promise<Answer<never>> => {
  const { cause, leftovers } = report
  const detail = leftovers[0]?.failure.detail
  if (detail !== undefined) ports.log('warn', 'something of an exec is left', { task: id, detail })
  if (cause._tag === 'Cancelled') return E.left({ _tag: 'Failed', failure: cause })
  const seen = await attempt(`look for ${handle.containerId}`, ports.reads(handle).observe(handle.containerId))
  if (E.isRight(seen) && seen.right._tag !== 'Running') return E.left(ENDED)
  const code = report.step.startsWith('StartExec:') ? startCode(cause.detail) : undefined
  if (code === undefined) return E.left({ _tag: 'Failed', failure: cause })
  return E.left({ _tag: 'CannotRun', code, detail: cause.detail })
}
