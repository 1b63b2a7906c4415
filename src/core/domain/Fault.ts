/**
 * A mistake in a file that someone wrote. Line and column count characters from 1; without a line it is about the
 * whole.
 */
export interface Fault {
  readonly file?: string
  readonly line?: number
  readonly column?: number
  readonly message: string
}
