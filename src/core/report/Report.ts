import { Failure } from '../domain/Failure'
import { Outputs } from '../plan/Output'
import { Do } from '../plan/Step'
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

/** An act of a stop that did not succeed. */
export interface Failed {
  readonly act: Do['_tag']
  readonly failure: Failure
}

/**
 * A stop that went on to its end. What failed on the way may not matter: whether the task has ended is seen by looking.
 */
export interface Stopped {
  readonly _tag: 'Stopped'
  readonly failures: ReadonlyArray<Failed>
}

/** How a plan ended. */
export type Report = Completed | RolledBack | Stopped

/** Why an act of a stop did not succeed; undefined when it did. */
export const failureOf = (report: Report, act: Do['_tag']): Failure | undefined =>
  report._tag === 'Stopped' ? report.failures.find((one) => one.act === act)?.failure : undefined
