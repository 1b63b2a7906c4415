import * as E from 'fp-ts/Either'

import { Compiled } from '../../../src/core/compile/Compiled'
import { Failure, FailureTag } from '../../../src/core/domain/Failure'
import { OWNER } from '../../../src/core/domain/labels'
import { Mark } from '../../../src/core/domain/mark'
import { Outputs } from '../../../src/core/plan/Output'
import { planExec } from '../../../src/core/plan/planExec'
import { planStart } from '../../../src/core/plan/plans'
import { Do } from '../../../src/core/plan/Step'
import { Undo } from '../../../src/core/plan/Undo'
import { Machine, Materials } from '../../../src/effects/ports/Machine'
import { Reads } from '../../../src/effects/ports/Reads'
import { OpenStreams } from '../../../src/effects/ports/Streams'

/** What a task of a contract case does: runs on, or ends with 3 at once; a program that is not there. */
export type Program = 'stays' | 'ends' | 'missing'

/** A machine of which the contract is asked: the one of the tests, or a real containerd. */
export interface Bench {
  readonly machine: Machine
  readonly reads: Reads
  readonly streams: OpenStreams
  /** Where pipes of commands may be made. */
  readonly directory: string
  /** What a command of a task is given to do what a program does; `says` writes "out" before it ends with 3. */
  readonly commands: Readonly<Record<Program | 'says', ReadonlyArray<string>>>
  /** A task of its own, whose image is here and unpacked. */
  readonly compiled: (program: Program) => Promise<Compiled>
  /** Lets as much time pass as something takes. */
  readonly lasts: <A>(over: Promise<A>) => Promise<A>
  /** Lets this much time pass. */
  readonly passes: (ms: number) => Promise<void>
  /** Runs the garbage collector. */
  readonly collect: () => Promise<void>
  /** Stops containerd and starts it again; whether it remembers tasks that ended before. `meanwhile` is done while it is down. */
  readonly restart: (meanwhile?: () => Promise<void>) => Promise<boolean>
  /** Ends the shim of a container as the kernel does for want of memory. */
  readonly killShim: (container: string) => Promise<void>
}

type Outcome = E.Either<Failure, unknown>

/** One task on a bench, act by act. */
export interface Subject {
  readonly container: string
  readonly owner: string
  readonly reads: Reads
  readonly compiled: Compiled
  /** Does the acts of its start that have these tags, in the plan's order: what the last one answered. */
  readonly does: (tags: ReadonlyArray<Do['_tag']>, owner?: string) => Promise<Outcome>
  readonly act: (act: Do, owner?: string, materials?: Materials) => Promise<Outcome>
  /** Does the acts of an exec of a command, as this owner: what the last one answered. */
  readonly execs: (command: ReadonlyArray<string>, tags: ReadonlyArray<Do['_tag']>, owner?: string) => Promise<Outcome>
  readonly undoes: (undo: Undo, owner?: string) => Promise<Outcome>
  readonly asks: <A>(read: () => Promise<E.Either<Failure, A>>) => Promise<E.Either<Failure, A>>
  /** Takes all of it back. */
  readonly end: () => Promise<void>
}

/** What the exec of a contract case is called. */
export const EXEC = 'exec-contract-1'

const never = new AbortController().signal

export const subject = async (bench: Bench, program: Program, mark?: Mark): Promise<Subject> => {
  const compiled = await bench.compiled(program)
  const { id: container, owner } = compiled.container
  const { steps } = planStart(compiled)
  let outputs: Outputs = {}
  const act = (one: Do, by = owner, materials: Materials = { compiled }): Promise<Outcome> =>
    bench.lasts(bench.machine.perform(marked(one, mark), {
      owner: by, ...(mark === undefined ? {} : { mark }), materials, outputs, signal: never
    })())
  const undoes = (undo: Undo, by = owner): Promise<Outcome> => bench.lasts(bench.machine.revert(undo, { owner: by, signal: never })())
  return {
    container, owner, compiled, undoes,
    reads: bench.reads,
    act,
    execs: async (command, tags, by) => {
      const directory = `/run/nowhere/${container}`
      const { plan, process } = planExec(compiled.spec.process, { owner, container, exec: EXEC, directory, command, terminal: false, input: false })
      let last: Outcome = E.right(undefined)
      for (const one of plan.steps.filter((step) => tags.includes(step.act._tag))) {
        last = await act(one.act._tag === 'CreateExec' ? { ...one.act, stdout: '', stderr: '' } : one.act, by, { compiled, process })
        if (E.isLeft(last)) return last
      }
      return last
    },
    asks: (read) => bench.lasts(read()),
    does: async (tags, by) => {
      let last: Outcome = E.right(undefined)
      for (const step of steps.filter((one) => tags.includes(one.act._tag))) {
        last = await act(madeBy(step.act, by ?? owner), by)
        if (E.isLeft(last)) return last
        outputs = { ...outputs, [step.id]: last.right as Outputs[string] }
      }
      return last
    },
    end: async () => { for (const { undo } of [...steps].reverse()) await undoes(undo) }
  }
}

const marked = (act: Do, mark: Mark = {}): Do => (act._tag === 'CreateContainer' ? { ...act, labels: { ...act.labels, ...mark } } : act)

/** The act, as another owner would have it. */
const madeBy = (act: Do, owner: string): Do =>
  act._tag === 'CreateContainer' ? { ...act, labels: { ...act.labels, [OWNER]: owner } } : act

export const refusedWith = (tag: FailureTag): object => ({ left: { _tag: tag } })
export const done = { _tag: 'Right' }
