import { Failure } from '../../core/domain/Failure'

/**
 * A Failure on its way up through async code. Thrown only where the same module, or its one caller, turns it back into
 * a value.
 */
export class Thrown extends Error {
  constructor(readonly failure: Failure) {
    super(failure.detail)
  }
}

/** What was thrown, as a Failure: a network error or a bug is `Unknown` with its message. */
export const failureOf = (thrown: unknown, doing: string): Failure =>
  thrown instanceof Thrown
    ? thrown.failure
    : Failure(FULL.includes(codeOf(thrown)) ? 'Full' : 'Unknown', doing, messageOf(thrown))

const FULL: ReadonlyArray<string> = ['ENOSPC', 'EDQUOT']

/**
 * What was thrown, in words. Node's own errors have an empty message when every address of a name failed: then their
 * code.
 */
export const messageOf = (thrown: unknown): string => {
  const { message, code }: { readonly message?: unknown; readonly code?: unknown } = Object(thrown) as object
  return typeof message === 'string' ? (message || String(code)) : String(thrown)
}

/** The name of the error that a system call gave (errno(3)); "" for anything else that was thrown. */
export const codeOf = (thrown: unknown): string =>
  typeof thrown === 'object' && thrown !== null && 'code' in thrown ? String(thrown.code) : ''
