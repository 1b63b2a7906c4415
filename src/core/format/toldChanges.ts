import * as NEA from 'fp-ts/NonEmptyArray'

import { Subject, Verdict } from '../diff/Change'
import { Comparison, FilePlace, PlacedChange } from './Outcome'
import { clipped, keyOf, placeOf, placeText, spoken, whatOf } from './phrases'

/** One change, or several that are one thing to people: they are alike in all but their name. */
export interface Told {
  readonly verdict: Verdict
  readonly subject: Subject
  readonly key: string
  readonly what: string
  readonly reason: string
  readonly cause: string | undefined
  readonly place: FilePlace | undefined
  readonly changes: NEA.NonEmptyArray<PlacedChange>
}

/**
 * The changes of a comparison as they are told, each group where its first stands: `privileged = true` is a few lines,
 * not a hundred. None is left out.
 */
export const toldOf = (comparison: Comparison): ReadonlyArray<Told> => {
  const numbered = comparison.changes.map((change, index): Numbered => ({
    group: groupOf(comparison, change) ?? String(index),
    index,
    change
  }))
  return Object.values(NEA.groupBy(({ group }: Numbered) => group)(numbered))
    .toSorted((a, b) => a[0].index - b[0].index)
    .map((group) => told(comparison, NEA.map(({ change }: Numbered) => change)(group)))
}

interface Numbered {
  readonly group: string
  readonly index: number
  readonly change: PlacedChange
}

const CAPABILITIES = /^((?:\/spec)?\/process\/capabilities)\/[a-z]+$/

/** The place that a change is in; all sets of capabilities are one. */
const parentOf = ({ key }: PlacedChange): string => {
  const parent = key.slice(0, key.lastIndexOf('/'))
  return CAPABILITIES.exec(parent)?.[1] ?? parent
}

const reasonOf = ({ reason }: PlacedChange): string => reason.replace(/^a capability \([a-z]+\)/, 'a capability')

/** What changes have in common that are told together; undefined for one that is told alone. */
const groupOf = (comparison: Comparison, change: PlacedChange): string | undefined => {
  if (change.kind !== 'added' && change.kind !== 'removed') return undefined
  const place = placeOf(comparison, change)
  const where = place === undefined ? '' : placeText(place)
  const { verdict, subject, kind, cause } = change
  return `g${JSON.stringify([verdict, subject, kind, cause, reasonOf(change), parentOf(change), where])}`
}

const NAMES = 160

const told = (comparison: Comparison, changes: NEA.NonEmptyArray<PlacedChange>): Told => {
  const [first] = changes
  const names = [
    ...new Set(
      changes.map(({ key }) =>
        key
          .slice(key.lastIndexOf('/') + 1)
          .replaceAll('~1', '/')
          .replaceAll('~0', '~')
      )
    )
  ]
  const isAlone = changes.length === 1
  return {
    verdict: first.verdict,
    subject: first.subject,
    key: isAlone ? keyOf(first) : parentOf(first),
    what: isAlone ? whatOf(first) : `${String(names.length)} ${first.kind}: ${clipped(names.join(', '), NAMES)}`,
    reason: isAlone ? first.reason : reasonOf(first),
    cause: first.cause,
    place: placeOf(comparison, first),
    changes
  }
}

/** What is told, as a sentence without its verdict: where, what, why, and the option behind it. */
export const sentence = ({ key, what, reason, cause }: Told): string => spoken(key, what, { reason, cause })
