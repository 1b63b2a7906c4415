import { escaped, isEqual, isJsonList, isJsonRecord, Json, JsonRecord } from '../domain/Json'
import { Pairs } from './alignment'
import { pairsOf } from './pairsOf'

/** One operation of a JSON patch (RFC 6902). */
export type Operation =
  | { readonly op: 'add' | 'replace'; readonly path: string; readonly value: Json }
  | { readonly op: 'remove'; readonly path: string }

/** A JSON patch that makes the second document of the first. Empty when they are equal. */
export const patchOf = (before: Json, after: Json): ReadonlyArray<Operation> => patch('', before, after)

const patch = (path: string, before: Json, after: Json): ReadonlyArray<Operation> => {
  if (isEqual(before, after)) return []
  if (isJsonList(before) && isJsonList(after)) return ofLists(path, before, after)
  if (isJsonRecord(before) && isJsonRecord(after)) return ofRecords(path, before, after)
  return [{ op: 'replace', path, value: after }]
}

const ofRecords = (path: string, before: JsonRecord, after: JsonRecord): ReadonlyArray<Operation> => {
  const to = (name: string): string => `${path}/${escaped(name)}`
  return [
    ...Object.keys(before)
      .filter((name) => !Object.hasOwn(after, name))
      .map((name): Operation => ({ op: 'remove', path: to(name) })),
    ...Object.entries(after).flatMap(([name, value]): ReadonlyArray<Operation> => {
      const old = Object.hasOwn(before, name) ? before[name] : undefined
      return old === undefined ? [{ op: 'add', path: to(name), value }] : patch(to(name), old, value)
    })
  ]
}

/** Removals from the end, so that no number before them moves; then additions from the start; then changes within. */
const ofLists = (path: string, before: ReadonlyArray<Json>, after: ReadonlyArray<Json>): ReadonlyArray<Operation> => {
  const pairs = pairsOf(before.map(unnamed), after.map(unnamed))
  const [kept, met] = sides(pairs)
  const to = (index: number): string => `${path}/${String(index)}`
  return [
    ...before
      .flatMap((_, index): ReadonlyArray<Operation> => (kept.has(index) ? [] : [{ op: 'remove', path: to(index) }]))
      .toReversed(),
    ...after.flatMap((value, index): ReadonlyArray<Operation> =>
      met.has(index) ? [] : [{ op: 'add', path: to(index), value }]
    ),
    ...pairs.flatMap(([old, index]) => patch(to(index), before[old] ?? null, after[index] ?? null))
  ]
}

const unnamed = (value: Json): { readonly name: undefined; readonly value: Json } => ({ name: undefined, value })

const sides = (pairs: Pairs): readonly [ReadonlySet<number>, ReadonlySet<number>] =>
  [new Set(pairs.map(([index]) => index)), new Set(pairs.map(([, index]) => index))]
