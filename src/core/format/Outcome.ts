import { Change } from '../diff/Change'
import { Json } from '../domain/Json'

/** A place in a file; line and column count from 1. */
export interface FilePlace {
  readonly file: string
  readonly line?: number
  readonly column?: number
}

/** Something to say about one input. */
export interface Finding {
  /**
   * What kind of finding it is, in words joined by `-`: `unknown-option`, `refused-by-policy`, `notice`,
   * `golden-missing`, `unused-ignore`.
   */
  readonly rule: string
  /** `error` and `warning` make the command fail, `note` does not. */
  readonly level: 'error' | 'warning' | 'note'
  readonly message: string
  readonly place?: FilePlace
  /** `group/task`; absent where the finding is about a file. */
  readonly task?: string
}

/** A change, the option that caused it, and where that stands. */
export interface PlacedChange extends Change {
  readonly cause?: string
  readonly place?: FilePlace
}

/** One side of a comparison: what it is called, and the redacted document. */
export interface Side {
  readonly label: string
  readonly document: Json
}

/** Two documents and what differs between them, less what an ignore rule covers. Everything in it may be shared. */
export interface Comparison {
  /** `file group/task`, or what the two inputs have in common. */
  readonly name: string
  readonly before: Side
  readonly after: Side
  readonly changes: ReadonlyArray<PlacedChange>
  readonly place?: FilePlace
}

/** What a command found: the one value that every format prints. */
export interface Outcome {
  readonly command: 'diff' | 'golden check' | 'check'
  /** Version of this program. */
  readonly version: string
  /** Every comparison in which something differs. */
  readonly comparisons: ReadonlyArray<Comparison>
  readonly findings: ReadonlyArray<Finding>
  /** The names of all that was looked at, those without a finding too. */
  readonly looked: ReadonlyArray<string>
}
