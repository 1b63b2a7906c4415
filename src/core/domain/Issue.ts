import * as NEA from 'fp-ts/NonEmptyArray'

import { compareText } from './compareText'
import { DocumentPath, pathText } from './DocumentPath'
import { repeated } from './repetition'

/** Why an input was refused. Tags say what is wrong; `explain` has the sentences. */
export type IssueTag =
  | 'UnknownOption'
  | 'Missing'
  | 'WrongType'
  | 'BadValue'
  | 'Conflict'
  | 'RefusedByPolicy'

/**
 * One mistake in the input. `at` is where the option stands, `value` is absent when secret or missing.
 */
export interface Issue {
  readonly _tag: IssueTag
  readonly at: DocumentPath
  readonly value?: string
  readonly reason: string
  readonly hint?: string
  /** One more way out, for whoever compiles without the host: a fact to give. A client's operator never hears of it. */
  readonly offline?: string
  /** The option of the operator's by which it is refused: `allow_caps`, `volumes.allowed_paths`. */
  readonly policy?: string
  /** Whether the image's files were needed, and had no such name: another image may have it. */
  readonly isLookup?: true
}

export type Issues = NEA.NonEmptyArray<Issue>

const MAX_SHOWN = 120

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
export const Issue = (_tag: IssueTag, at: DocumentPath, value: unknown, reason: string, hint?: string): Issue => ({
  _tag,
  at,
  ...(value === undefined ? {} : { value: clipped(spoken(value)) }),
  reason,
  ...(hint === undefined ? {} : { hint })
})

/** A refusal by an option of the operator's. */
export const RefusedBy = (policy: string, at: DocumentPath, value: unknown, reason: string, hint?: string): Issue =>
  ({ ...Issue('RefusedByPolicy', at, value, reason, hint), policy })

/** The issue as it is told where no host answers: with the way out that only such a reader has. */
export const toldOffline = ({ offline, ...issue }: Issue): Issue =>
  offline === undefined
    ? issue
    : { ...issue, hint: issue.hint === undefined ? offline : `${issue.hint}, or ${offline}` }

/** Issues in the order of their paths, so that the same input always tells them alike. */
export const sorted = (issues: ReadonlyArray<Issue>): ReadonlyArray<Issue> =>
  issues
    .map((issue) => ({ issue, text: pathText(issue.at) }))
    .sort(
      (a, b) =>
        compareText(a.text, b.text)
        || compareText(a.issue.reason, b.issue.reason)
        || compareText(a.issue.value ?? '', b.issue.value ?? '')
    )
    .map(({ issue }) => issue)

/** Each mistake once: a union of io-ts tells of it for every member, and again at every level above. */
export const deepest = (issues: ReadonlyArray<Issue>): ReadonlyArray<Issue> => {
  const keys = issues.map(({ at }) => keyOf(at))
  const again = repeated(keys)
  const above = new Set(issues.flatMap(({ at }, index) => (again[index] === false ? placesAbove(at) : [])))
  return issues.filter((_, index) => again[index] === false && !above.has(keys[index] ?? ''))
}

const keyOf = ({ document, path }: DocumentPath): string => JSON.stringify([document, ...path])

const placesAbove = ({ document, path }: DocumentPath): ReadonlyArray<string> =>
  path.map((_, length) => keyOf({ document, path: path.slice(0, length) }))

export const isNonEmpty = (issues: ReadonlyArray<Issue>): issues is Issues => issues.length > 0
