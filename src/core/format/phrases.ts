import { worst } from '../diff/Change'
import { compact } from '../domain/canonical'
import { isEqual, isJsonRecord, Json, JsonRecord, member } from '../domain/Json'
import { Comparison, FilePlace, Finding, PlacedChange } from './Outcome'

// A digest in quotes has 73.
const MAX_SHOWN = 80

/** A text cut after a number of UTF-16 units, whole letters only. */
export const clipped = (text: string, max: number): string =>
  text.length > max ? `${text.slice(0, max).replace(/[\ud800-\udbff]$/, '')}…` : text

const value = (json: Json | undefined): string => clipped(compact(json ?? null), MAX_SHOWN)

/** What became of a value, in short: the value itself is cut after eighty characters. */
export const whatOf = ({ kind, before, after }: PlacedChange): string => {
  switch (kind) {
    case 'added':
      return `added ${value(after)}`
    case 'removed':
      return `removed ${value(before)}`
    case 'changed':
      return isJsonRecord(before) && isJsonRecord(after)
        ? membersOf(before, after)
        : `${value(before)} -> ${value(after)}`
    case 'reordered':
      return 'in another order'
  }
}

/** Of two objects only what differs between them. */
const membersOf = (before: JsonRecord, after: JsonRecord): string =>
  [...new Set([...Object.keys(before), ...Object.keys(after)])]
    .filter((name) => !isEqual(member(before, name), member(after, name)))
    .map((name) => `${name}: ${value(member(before, name))} -> ${value(member(after, name))}`)
    .join(', ')

/** What changed, by its key. */
export const keyOf = ({ key }: PlacedChange): string => (key === '' ? '(the whole document)' : key)

/** A change as a sentence without its verdict: key, what, reason, and the option behind it. */
export const sentenceOf = (change: PlacedChange): string => spoken(keyOf(change), whatOf(change), change)

export const spoken = (
  key: string,
  what: string,
  { reason, cause }: { readonly reason: string; readonly cause?: string | undefined }
): string => `${key}: ${what} - ${reason}${cause === undefined ? '' : ` [${cause}]`}`

/** Where a place is, as editors have it: `file`, `file:line` or `file:line,column`. */
export const placeText = ({ file, line, column }: FilePlace): string =>
  `${file}${line === undefined ? '' : `:${line}`}${line === undefined || column === undefined ? '' : `,${column}`}`

/** The place of a change, or else of what it was found in. */
export const placeOf = (comparison: Comparison, change: PlacedChange): FilePlace | undefined =>
  change.place ?? comparison.place

/**
 * What a finding is about: `file group/task`, as names of comparisons are written; undefined when it is about no input.
 */
export const subjectOf = ({ place, task }: Finding): string | undefined => {
  if (place === undefined) return task
  return task === undefined ? place.file : `${place.file} ${task}`
}

/** The worst verdict of a comparison. */
export const verdictOf = ({ changes }: Comparison): PlacedChange['verdict'] =>
  worst(changes.map(({ verdict }) => verdict))

/** A number and its noun. */
export const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`
