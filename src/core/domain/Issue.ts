import * as NEA from 'fp-ts/NonEmptyArray'

import { compareText } from './compareText'
import { repeated } from './repetition'

/** Why an input was refused. Tags say what is wrong; `explain` has the sentences. */
export type IssueTag =
  | 'UnknownOption'
  | 'Missing'
  | 'WrongType'
  | 'BadValue'
  | 'NotExecutedYet'
  | 'Conflict'
  | 'RefusedByPolicy'
  | 'Unanswered'

/**
 * One mistake in the input. `at` is the option's path (`task.mounts[0].target`), `value` is absent when secret or
 * missing.
 */
export interface Issue {
  readonly _tag: IssueTag
  readonly at: string
  readonly value?: string
  readonly reason: string
  readonly hint?: string
  /** The option of the operator's by which it is refused: `allow_caps`, `volumes.allowed_paths`. */
  readonly policy?: string
}

export type Issues = NEA.NonEmptyArray<Issue>

const MAX_SHOWN = 120
const MAX_PATH = 400

const clipped = (text: string): string => (text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}…` : text)

const spoken = (value: unknown): string => {
  // No letter behind the cut is ever shown.
  if (typeof value === 'string') return JSON.stringify(value.slice(0, MAX_SHOWN + 1))
  return ['function', 'symbol', 'bigint', 'number'].includes(typeof value)
    ? String(value)
    : JSON.stringify(value, bigintAsText)
}

const bigintAsText = (_key: string, value: unknown): unknown => (typeof value === 'bigint' ? value.toString() : value)

/** An issue about a value that may be shown; long values are cut after 120 characters. */
export const Issue = (_tag: IssueTag, at: string, value: unknown, reason: string, hint?: string): Issue => ({
  _tag,
  at: at.length > MAX_PATH ? `${at.slice(0, MAX_PATH)}…` : at,
  ...(value === undefined ? {} : { value: clipped(spoken(value)) }),
  reason,
  ...(hint === undefined ? {} : { hint })
})

/** A refusal by an option of the operator's. */
export const RefusedBy = (policy: string, at: string, value: unknown, reason: string, hint?: string): Issue =>
  ({ ...Issue('RefusedByPolicy', at, value, reason, hint), policy })

/** Issues in the order of their paths, so that the same input always tells them alike. */
export const sorted = (issues: ReadonlyArray<Issue>): ReadonlyArray<Issue> =>
  [...issues].sort(
    (a, b) => compareText(a.at, b.at) || compareText(a.reason, b.reason) || compareText(a.value ?? '', b.value ?? '')
  )

/** Each mistake once: a union of io-ts tells of it for every member, and again at every level above. */
export const deepest = (issues: ReadonlyArray<Issue>): ReadonlyArray<Issue> => {
  const paths = issues.map(({ at }) => at)
  const again = repeated(paths)
  const above = new Set([...new Set(paths)].flatMap(placesAbove))
  return issues.filter(({ at }, index) => again[index] === false && !above.has(at))
}

// A path is cut after 400 letters, and so are its places.
const placesAbove = (path: string): ReadonlyArray<string> =>
  Array.from(path.matchAll(/\./g), ({ index }) => path.slice(0, index))

export const isNonEmpty = (issues: ReadonlyArray<Issue>): issues is Issues => issues.length > 0
