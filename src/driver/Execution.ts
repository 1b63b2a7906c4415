import * as E from 'fp-ts/Either'

import { Plan } from '../core/plan/Plan'
import { planCloseInput, planResize } from '../core/plan/planConsole'
import { Exit } from '../core/watch/exitOf'
import { attempt } from '../effects/ports/attempt'
import { execute, workshopAt } from '../effects/ports/execute'
import { Learnt } from '../effects/ports/Learnt'
import { Ports } from '../effects/ports/Ports'
import { Streams } from '../effects/ports/Streams'
import { Task } from './Life'
import { FIRST_PAUSE_MS, longer } from './pauses'
import { Answer } from './Refused'
import { Commands, isPassing, takeAway } from './takeAway'

/** A process that was begun beside a task's own. */
export interface Execution {
  readonly streams: Streams
  /** Waits for its end, through restarts of containerd, until the signal fires. */
  readonly exit: (signal: AbortSignal) => Promise<Answer<Exit>>
  /** The size of its terminal, in characters. One without a size has none to tell. */
  readonly resize: (width: number, height: number) => Promise<void>
  /** Lets it read the end of its input. */
  readonly closeInput: () => Promise<void>
  /** Takes it back, and leaves nothing of it: it is killed unless it is known to have ended. */
  readonly end: () => Promise<void>
}

/** What an execution is made of. */
export interface Begun {
  readonly ports: Ports
  readonly task: Task
  readonly exec: string
  readonly streams: Streams
  /** That its container is the task's. */
  readonly learnt: Learnt
}

const LARGEST_SIZE = 65_535

export const Execution = (begun: Begun, undos: Undos): Execution => {
  const { ports, task, exec, streams } = begun
  const state = { hasEnded: false }
  const of = { owner: task.id, container: task.handle.containerId, exec }
  return {
    streams,
    exit: async (signal) => {
      const exit = await exitOf(begun, signal)
      state.hasEnded = E.isRight(exit)
      return exit
    },
    resize: async (width, height) => {
      if (isSize(width) && isSize(height)) await tell(begun, planResize(of, width, height))
    },
    closeInput: async () => {
      await streams.endInput()
      await tell(begun, planCloseInput(of))
    },
    end: async () => {
      streams.close()
      const open = state.hasEnded ? undos.filter(({ _tag }) => _tag !== 'KillExec') : undos
      await takeAway(ports, { ...commandsOf(task), learnt: begun.learnt }, open)
    }
  }
}

type Undos = Parameters<typeof takeAway>[2]

/** The commands of a task that runs. */
export const commandsOf = ({ id, handle, ended }: Task): Commands =>
  ({
    place: handle, owner: id, container: handle.containerId, stateDirectory: handle.stateDirectory,
    isOver: () => ended.value() !== undefined
  })

const isSize = (characters: number): boolean => characters >= 1 && characters <= LARGEST_SIZE

const tell = async ({ ports, task }: Begun, plan: Plan): Promise<void> => {
  const report = await execute(workshopAt(ports, task.handle), plan)
  const failures = report._tag === 'Stopped' ? report.failures.map(({ failure }) => failure) : []
  for (const { doing, detail } of failures) ports.log('debug', 'an exec could not be told', { doing, detail })
}

const exitOf = async ({ ports, task: { handle }, exec }: Begun, signal: AbortSignal): Promise<Answer<Exit>> => {
  for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = longer(pauseMs)) {
    const outcome = await attempt(`wait for ${exec}`, ports.reads(handle).execExit(handle.containerId, exec, signal))
    if (E.isRight(outcome)) return outcome
    if (signal.aborted || !isPassing(outcome.left)) return E.left({ _tag: 'Failed', failure: outcome.left })
    await ports.clock.sleep(pauseMs, signal)
  }
}
