import * as E from 'fp-ts/Either'

import { Failure } from '../../../src/core/domain/Failure'
import { planExec, undosOfExec } from '../../../src/core/plan/planExec'
import { Exit } from '../../../src/core/watch/exitOf'
import { Streams } from '../../../src/effects/ports/Streams'
import { Bench, Subject } from './Bench'

type Outcome = E.Either<Failure, unknown>

export const never = new AbortController().signal

/** A command in a task, act by act. */
export interface Command {
  readonly exec: string
  /** Makes its pipes, opens them, and makes and starts the process. */
  readonly starts: () => Promise<Outcome>
  /** Only makes it. */
  readonly creates: () => Promise<Outcome>
  readonly exit: () => Promise<E.Either<Failure, Exit>>
  /** What it said, once its output has ended. */
  readonly says: () => Promise<string>
  /** Takes it back: its end, its record, its pipes. */
  readonly ends: (owner?: string) => Promise<ReadonlyArray<Outcome>>
}

let count = 0

export const command = async (
  bench: Bench, one: Subject, program: keyof Bench['commands']
): Promise<Command> => {
  count += 1
  const { owner, container } = one
  const exec = `exec-law-${String(count)}`
  const stored = await one.asks(one.reads.process(container, owner))
  if (E.isLeft(stored) || stored.right === undefined) throw new Error('the container has no process')
  const asked = { owner, container, exec, directory: bench.directory, command: bench.commands[program], terminal: false, input: false }
  const { plan: { steps }, process, directory } = planExec(stored.right, asked)
  let streams: Streams | undefined
  const does = (index: number): Promise<Outcome> => {
    const act = steps[index]?.act
    if (act === undefined) throw new Error('an exec has three steps')
    return one.act(act, owner, { process })
  }
  const creates = async (): Promise<Outcome> => {
    const made = await does(0)
    if (E.isLeft(made)) return made
    const opened = await one.asks(bench.streams(directory, ['stdout', 'stderr']))
    if (E.isLeft(opened)) return opened
    streams = opened.right
    return does(1)
  }
  const ends = async (by = owner): Promise<ReadonlyArray<Outcome>> => {
    const outcomes: Array<Outcome> = []
    if (by === owner) streams?.close()
    for (const undo of undosOfExec(asked)) if (by === owner || undo._tag !== 'RemoveStreams') outcomes.push(await one.undoes(undo, by))
    return outcomes
  }
  return {
    exec,
    creates,
    starts: async () => {
      const made = await creates()
      return E.isLeft(made) ? made : does(2)
    },
    exit: one.reads.execExit(container, exec, never),
    says: async () => {
      const chunks: Array<Uint8Array> = []
      for await (const chunk of streams?.stdout ?? []) chunks.push(chunk)
      return Buffer.concat(chunks).toString()
    },
    ends
  }
}
