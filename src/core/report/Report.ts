import { Failure } from '../domain/Failure'
import { Undo } from '../plan/Step'

/** An undo that did not work, and what was answered. */
export interface Leftover {
  readonly undo: Undo
  readonly failure: Failure
}

/** A plan that failed at a step. `leftovers` stand beside the cause, never instead of it. */
export interface RolledBack {
  readonly _tag: 'RolledBack'
  readonly step: string
  readonly cause: Failure
  readonly leftovers: ReadonlyArray<Leftover>
}

/** How a plan ended. */
export type Report = { readonly _tag: 'Completed' } | RolledBack
