import { compact, pretty } from '../domain/canonical'
import { isEqual, isJsonList, isJsonRecord, Json, JsonRecord } from '../domain/Json'
import { pairsOf } from './pairsOf'

/** A line of two documents laid beside each other: in both, in the first only, or in the second only. */
export interface Line {
  readonly mark: ' ' | '-' | '+'
  readonly text: string
}

/**
 * Two documents as canonical text, line by line. The lines without `+` are the first document as `pretty` writes it, those without `-` the
 * second. Takes time in proportion to the documents, because their structure says which lines belong together.
 */
export const linesOf = (before: Json, after: Json): ReadonlyArray<Line> => both({ margin: '', label: '', ends: ['', ''] }, before, after)

/** Where a value stands: its indentation, its name, and what follows it in each document (a comma, unless it is the last). */
interface Spot {
  readonly margin: string
  readonly label: string
  readonly ends: readonly [string, string]
}

const both = (spot: Spot, before: Json, after: Json): ReadonlyArray<Line> => {
  const [end, endAfter] = spot.ends
  if (isEqual(before, after) && end === endAfter) return side(' ', spot, end, after)
  if (isFull(before) && isFull(after) && isJsonList(before) === isJsonList(after)) return inside(spot, before, after)
  return [...side('-', spot, end, before), ...side('+', spot, endAfter, after)]
}

const isFull = (value: Json): value is ReadonlyArray<Json> | JsonRecord =>
  isJsonList(value) ? value.length > 0 : isJsonRecord(value) && Object.keys(value).length > 0

const side = (mark: Line['mark'], { margin, label }: Spot, end: string, value: Json): ReadonlyArray<Line> => {
  const lines = pretty(value).slice(0, -1).split('\n')
  return lines.map((text, index) => ({
    mark,
    text: `${margin}${index === 0 ? label : ''}${text}${index === lines.length - 1 ? end : ''}`
  }))
}

const inside = (spot: Spot, before: ReadonlyArray<Json> | JsonRecord, after: ReadonlyArray<Json> | JsonRecord): ReadonlyArray<Line> => {
  const [open, close] = isJsonList(after) ? ['[', ']'] : ['{', '}']
  const [a, b] = [membersOf(before), membersOf(after)]
  const pairs = pairsOf(a, b)
  const margin = `${spot.margin}  `
  const last: readonly [number, number] = [a.length - 1, b.length - 1]
  return [
    { mark: ' ', text: `${spot.margin}${spot.label}${open}` },
    ...gaps(pairs, a.length, b.length).flatMap(({ lost, gained, pair }) => [
      ...lost.flatMap((index) => alone('-', margin, a[index], index === last[0])),
      ...gained.flatMap((index) => alone('+', margin, b[index], index === last[1])),
      ...(pair === undefined ? [] : together(margin, a[pair[0]], b[pair[1]], [pair[0] === last[0], pair[1] === last[1]]))
    ]),
    ...closing(spot, close)
  ]
}

const closing = ({ margin, ends: [end, endAfter] }: Spot, close: string): ReadonlyArray<Line> =>
  end === endAfter
    ? [{ mark: ' ', text: `${margin}${close}${end}` }]
    : [{ mark: '-', text: `${margin}${close}${end}` }, { mark: '+', text: `${margin}${close}${endAfter}` }]

/** An item of a list, or a member of a record with its name. */
export interface Member {
  readonly name: string | undefined
  readonly value: Json
}

const membersOf = (value: ReadonlyArray<Json> | JsonRecord): ReadonlyArray<Member> =>
  isJsonList(value)
    ? value.map((item) => ({ name: undefined, value: item }))
    : Object.keys(value).sort(byCanonicalOrder).map((name) => ({ name, value: value[name] ?? null }))

const isIndex = (name: string): boolean => /^(?:0|[1-9]\d{0,9})$/.test(name) && Number(name) < 2 ** 32 - 1

/** The order in which canonical JSON has names: whole numbers first, then by code units. */
const byCanonicalOrder = (a: string, b: string): number =>
  isIndex(a) && isIndex(b) ? Number(a) - Number(b) : isIndex(a) ? -1 : isIndex(b) ? 1 : a < b ? -1 : 1

const labelOf = ({ name }: Member): string => (name === undefined ? '' : `${compact(name)}: `)

const alone = (mark: '-' | '+', margin: string, given: Member | undefined, isLast: boolean): ReadonlyArray<Line> =>
  given === undefined ? [] : side(mark, { margin, label: labelOf(given), ends: ['', ''] }, isLast ? '' : ',', given.value)

const together = (
  margin: string, before: Member | undefined, after: Member | undefined, [lastOfA, lastOfB]: readonly [boolean, boolean]
): ReadonlyArray<Line> =>
  before === undefined || after === undefined
    ? []
    : both({ margin, label: labelOf(after), ends: [lastOfA ? '' : ',', lastOfB ? '' : ','] }, before.value, after.value)

interface Gap {
  readonly lost: ReadonlyArray<number>
  readonly gained: ReadonlyArray<number>
  readonly pair: readonly [number, number] | undefined
}

/** What stands before each pair on either side, and after the last. */
const gaps = (pairs: ReadonlyArray<readonly [number, number]>, lengthOfA: number, lengthOfB: number): ReadonlyArray<Gap> =>
  [...pairs, undefined].map((pair, index) => {
    const from = pairs[index - 1] ?? [-1, -1]
    const [a, b] = pair ?? [lengthOfA, lengthOfB]
    return { lost: range(from[0] + 1, a), gained: range(from[1] + 1, b), pair }
  })

const range = (from: number, to: number): ReadonlyArray<number> => Array.from({ length: Math.max(0, to - from) }, (_, index) => from + index)
