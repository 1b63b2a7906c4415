import { Failure } from '../core/domain/Failure'

/** A Failure on its way up through async code. Thrown only where the same module, or its one caller, turns it back into a value. */
export class Thrown extends Error {
  constructor(readonly failure: Failure) {
    super(failure.detail)
  }
}

/** What was thrown, as a Failure: a network error or a bug is `Unknown` with its message. */
export const failureOf = (thrown: unknown, doing: string): Failure =>
  thrown instanceof Thrown
    ? thrown.failure
    : Failure('Unknown', doing, thrown instanceof Error ? thrown.message : String(thrown))
