import { isEqual, isJsonList, isJsonRecord, Json, JsonRecord } from '../domain/Json'
import { Pairs } from './alignment'
import { pairsOf } from './pairsOf'

/**
 * Where a value stands: its indentation, its name where it has one, and what follows it (a comma, unless it is the
 * last).
 */
export interface Spot {
  readonly margin: string
  readonly name: string | undefined
  readonly end: string
}

/**
 * A part of two documents laid beside each other: a value of both (` `), of the first only (`-`), of the second only
 * (`+`), or one line that opens or closes what has parts of its own. How many lines a value has is known without its
 * text.
 */
export type Piece =
  | { readonly _tag: 'Value'; readonly mark: ' ' | '-' | '+'; readonly spot: Spot; readonly value: Json }
  | { readonly _tag: 'Bracket'; readonly mark: ' ' | '-' | '+'; readonly spot: Spot; readonly bracket: string }

/** The parts of two documents, in the order of their canonical text. */
export const piecesOf = (before: Json, after: Json): ReadonlyArray<Piece> =>
  both({ margin: '', name: undefined, ends: ['', ''] }, before, after)

/** A spot in both documents, which differ in what follows. */
interface Place {
  readonly margin: string
  readonly name: string | undefined
  readonly ends: readonly [string, string]
}

const both = ({ margin, name, ends: [end, endAfter] }: Place, before: Json, after: Json): ReadonlyArray<Piece> => {
  if (end === endAfter && isEqual(before, after)) return [value(' ', { margin, name, end }, after)]
  if (isFull(before) && isFull(after) && isJsonList(before) === isJsonList(after))
    return inside({ margin, name, ends: [end, endAfter] }, before, after)
  return [value('-', { margin, name, end }, before), value('+', { margin, name, end: endAfter }, after)]
}

const value = (mark: ' ' | '-' | '+', spot: Spot, given: Json): Piece => ({ _tag: 'Value', mark, spot, value: given })

type Full = ReadonlyArray<Json> | JsonRecord

const isFull = (given: Json): given is Full =>
  isJsonList(given) ? given.length > 0 : isJsonRecord(given) && Object.keys(given).length > 0

const inside = ({ margin, name, ends }: Place, before: Full, after: Full): ReadonlyArray<Piece> => {
  const [open, close] = isJsonList(after) ? ['[', ']'] : ['{', '}']
  const [a, b] = [membersOf(before), membersOf(after)]
  const inner = `${margin}  `
  const ends1 = (index: number, members: ReadonlyArray<Member>): string => (index === members.length - 1 ? '' : ',')
  const alone =
    (mark: '-' | '+', members: ReadonlyArray<Member>) =>
    (index: number): ReadonlyArray<Piece> => {
      const one = members[index]
      return one === undefined
        ? []
        : [value(mark, { margin: inner, name: one.name, end: ends1(index, members) }, one.value)]
    }
  const together = ([old, index]: readonly [number, number]): ReadonlyArray<Piece> => {
    const [was, is] = [a[old], b[index]]
    return was === undefined || is === undefined
      ? []
      : both({ margin: inner, name: is.name, ends: [ends1(old, a), ends1(index, b)] }, was.value, is.value)
  }
  return [
    { _tag: 'Bracket', mark: ' ', spot: { margin, name, end: '' }, bracket: open },
    ...gaps(pairsOf(a, b), a.length, b.length).flatMap(({ lost, gained, pair }) => [
      ...lost.flatMap(alone('-', a)),
      ...gained.flatMap(alone('+', b)),
      ...(pair === undefined ? [] : together(pair))
    ]),
    ...closing(margin, ends, close)
  ]
}

const closing = (margin: string, [end, endAfter]: Place['ends'], bracket: string): ReadonlyArray<Piece> => {
  const line = (mark: Piece['mark'], follows: string): Piece => ({
    _tag: 'Bracket',
    mark,
    spot: { margin, name: undefined, end: follows },
    bracket
  })
  return end === endAfter ? [line(' ', end)] : [line('-', end), line('+', endAfter)]
}

/** An item of a list, or a member of a record with its name. */
interface Member {
  readonly name: string | undefined
  readonly value: Json
}

const membersOf = (given: Full): ReadonlyArray<Member> =>
  isJsonList(given)
    ? given.map((item) => ({ name: undefined, value: item }))
    : Object.keys(given).sort(byCanonicalOrder).map((name) => ({ name, value: given[name] ?? null }))

const isIndex = (name: string): boolean => /^(?:0|[1-9]\d{0,9})$/.test(name) && Number(name) < 2 ** 32 - 1

/** The order in which canonical JSON has names: whole numbers first, then by code units. */
const byCanonicalOrder = (a: string, b: string): number => {
  if (isIndex(a) && isIndex(b)) return Number(a) - Number(b)
  if (isIndex(a)) return -1
  if (isIndex(b)) return 1
  return a < b ? -1 : 1
}

interface Gap {
  readonly lost: ReadonlyArray<number>
  readonly gained: ReadonlyArray<number>
  readonly pair: readonly [number, number] | undefined
}

/** What stands before each pair on either side, and after the last. */
const gaps = (pairs: Pairs, lengthOfA: number, lengthOfB: number): ReadonlyArray<Gap> =>
  [...pairs, undefined].map((pair, index) => {
    const from = pairs[index - 1] ?? [-1, -1]
    const [a, b] = pair ?? [lengthOfA, lengthOfB]
    return { lost: range(from[0] + 1, a), gained: range(from[1] + 1, b), pair }
  })

const NONE: ReadonlyArray<number> = []

const range = (from: number, to: number): ReadonlyArray<number> =>
  to <= from ? NONE : Array.from({ length: to - from }, (_, index) => from + index)
