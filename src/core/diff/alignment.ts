import * as O from 'fp-ts/Option'
import * as RA from 'fp-ts/ReadonlyArray'

import { isUnique, occurrences } from '../domain/occurrences'

/** Which item of one list stands for which of the other: pairs of indexes, both rising. */
export type Pairs = ReadonlyArray<readonly [number, number]>

/**
 * The longest run of equal names that two lists have in the same order. A name that a list has twice counts by its
 * occurrence.
 */
export const aligned = (before: ReadonlyArray<string>, after: ReadonlyArray<string>): Pairs => {
  const met = matched(before, after)
  return isRising(met) ? met : longestRising(met)
}

/** Every name that both lists have, wherever it stands, in the order of the first. */
export const matched = (before: ReadonlyArray<string>, after: ReadonlyArray<string>): Pairs => {
  if (before.length === after.length && before.every((name, index) => name === after[index]))
    return before.map((_, index) => [index, index])
  const numberedAs =
    isUnique(before) && isUnique(after) ? (names: ReadonlyArray<string>): ReadonlyArray<string> => names : numbered
  const places = new Map(numberedAs(after).map((name, index) => [name, index]))
  return numberedAs(before).flatMap((name, index): Pairs => {
    const other = places.get(name)
    return other === undefined ? [] : [[index, other]]
  })
}

/** Names made unique: the second `a` is another name than the first. */
const numbered = (names: ReadonlyArray<string>): ReadonlyArray<string> =>
  occurrences(names).map((count, index) => `${names[index] ?? ''}\u0000${String(count)}`)

export const isRising = (pairs: Pairs): boolean =>
  pairs.every(([, other], index) => index === 0 || (pairs[index - 1]?.[1] ?? -1) < other)

/**
 * Patience sorting: the rank of a pair is the length of the longest run that ends with it; the run is found from its
 * end.
 */
const longestRising = (pairs: Pairs): Pairs => {
  const ranks = ranksOf(pairs)
  const longest = ranks.reduce((a, b) => Math.max(a, b), -1)
  const chosen = RA.unfold({ index: pairs.length - 1, rank: longest, below: Infinity }, ({ index, rank, below }) => {
    const pair = pairs[index]
    if (pair === undefined) return O.none
    const isNext = ranks[index] === rank && pair[1] < below
    return O.some([
      isNext ? [pair] : [],
      isNext ? { index: index - 1, rank: rank - 1, below: pair[1] } : { index: index - 1, rank, below }
    ])
  })
  return chosen.flat().toReversed()
}

/** For each rank the lowest end of a run, in blocks: one of them is copied where a long list would be. */
type Ends = ReadonlyArray<ReadonlyArray<number>>

const BLOCK = 64

const ranksOf = (pairs: Pairs): ReadonlyArray<number> =>
  RA.unfold<number, { readonly index: number; readonly count: number; readonly ends: Ends }>(
    { index: 0, count: 0, ends: [] },
    ({ index, count, ends }) => {
      const pair = pairs[index]
      if (pair === undefined) return O.none
      const rank = firstAbove(ends, pair[1], 0, count)
      return O.some([rank, { index: index + 1, count: Math.max(count, rank + 1), ends: withEnd(ends, rank, pair[1]) }])
    }
  )

const withEnd = (ends: Ends, rank: number, end: number): Ends => {
  const block = Math.floor(rank / BLOCK)
  return ends.toSpliced(block, 1, (ends[block] ?? []).toSpliced(rank % BLOCK, 1, end))
}

const firstAbove = (ends: Ends, other: number, from: number, to: number): number => {
  if (from >= to) return from
  const middle = (from + to) >> 1
  return (ends[Math.floor(middle / BLOCK)]?.[middle % BLOCK] ?? 0) < other
    ? firstAbove(ends, other, middle + 1, to)
    : firstAbove(ends, other, from, middle)
}
