import { Do, targetOf, undoOf } from './Step'
import { Undo } from './Undo'

/** One step: what is done, how it is taken back, and why, for people only. */
export interface Planned {
  readonly id: string
  readonly act: Do
  readonly undo: Undo
  readonly why: string
}

/** `start`, `fetch` and `exec` roll back when a step fails; `stop` goes on and reports what did not work. */
export type Mode = 'start' | 'fetch' | 'exec' | 'stop'

/** What will happen, in order. `owner` is Nomad's task id: nothing that another owner made is ever undone. */
export interface Plan {
  readonly version: 1
  readonly mode: Mode
  readonly owner: string
  readonly steps: ReadonlyArray<Planned>
}

/** A step from its act: the undo and the identity follow from it. */
export const step = (act: Do, why: string): Planned => ({ id: `${act._tag}:${targetOf(act)}`, act, undo: undoOf(act), why })

export const Plan = (mode: Mode, owner: string, steps: ReadonlyArray<Planned>): Plan => ({ version: 1, mode, owner, steps })

/** What takes the plan back, newest first, without what is kept. */
export const undosOf = ({ steps }: Plan): ReadonlyArray<Undo> =>
  [...steps].reverse().map(({ undo }) => undo).filter(({ _tag }) => _tag !== 'Keep')
