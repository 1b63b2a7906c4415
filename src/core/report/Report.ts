import { Failure } from '../domain/Failure'
import { Outputs } from '../plan/Output'
import { Undo } from '../plan/Undo'

/** An undo that did not work, and what was answered. */
export interface Leftover {
  readonly undo: Undo
  readonly failure: Failure
}

/** A plan that was done, with what its steps answered. */
export interface Completed {
  readonly _tag: 'Completed'
  readonly outputs: Outputs
}

/** A plan that failed at a step and was taken back. `leftovers` stand beside the cause, never instead of it. */
export interface RolledBack {
  readonly _tag: 'RolledBack'
  readonly step: string
  readonly cause: Failure
  readonly leftovers: ReadonlyArray<Leftover>
}

/** A stop that went on to its end. What failed on the way may not matter: whether the task has ended is seen by looking. */
export interface Stopped {
  readonly _tag: 'Stopped'
  readonly failures: ReadonlyArray<Failure>
}

/** How a plan ended. */
export type Report = Completed | RolledBack | Stopped
