import { Mark } from '../domain/mark'
import { StepId } from './Output'
import { Do, neededBy, targetOf, undoOf } from './Step'
import { Undo } from './Undo'

/** One step: what is done, how it is taken back, and why, for people only. */
export interface Planned {
  readonly id: StepId
  readonly act: Do
  readonly undo: Undo
  readonly why: string
}

/** `start`, `fetch` and `exec` roll back when a step fails; `stop` goes on and reports what did not work. */
export type Mode = 'start' | 'fetch' | 'exec' | 'stop'

/** What makes a plan unnecessary where it is so already: whoever runs plans looks first. */
export interface Unless {
  readonly _tag: 'Unpacked'
  readonly image: string
  readonly snapshotter: string
}

/**
 * What will happen, in order, `unless` it need not. `owner` is Nomad's task id: nothing that another owner made is ever
 * undone. What is made carries `mark` too.
 */
export interface Plan {
  readonly version: 1
  readonly mode: Mode
  readonly owner: string
  readonly mark?: Mark
  readonly unless?: Unless
  readonly steps: ReadonlyArray<Planned>
}

/** A step from its act: the undo and the identity follow from it. */
export const step = (act: Do, why: string): Planned => ({
  id: `${act._tag}:${targetOf(act)}`,
  act,
  undo: undoOf(act),
  why
})

export const Plan = (mode: Mode, owner: string, steps: ReadonlyArray<Planned>): Plan => ({
  version: 1,
  mode,
  owner,
  steps
})

/** A plan whose things carry a mark. */
export const marked = (plan: Plan, mark: Mark = {}): Plan => (Object.keys(mark).length === 0 ? plan : { ...plan, mark })

/** A step that needs what no step before it answers, and which step that would be. */
export interface Dangling {
  readonly step: StepId
  readonly act: Do['_tag']
  readonly from: StepId
}

/** The first such step; a plan that has one is not begun. */
export const danglingIn = ({ steps }: Plan): Dangling | undefined =>
  steps.flatMap(({ id, act }, index) => {
    const before = steps.slice(0, index).map((one) => one.id)
    return neededBy(act).filter((from) => !before.includes(from)).map((from) => ({ step: id, act: act._tag, from }))
  })[0]

/** What takes the plan back, newest first, without what is kept. */
export const undosOf = ({ steps }: Plan): ReadonlyArray<Undo> =>
  [...steps].reverse().map(({ undo }) => undo).filter(({ _tag }) => _tag !== 'Keep')
