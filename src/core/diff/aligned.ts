/** Which item of one list stands for which of the other: pairs of indexes, both rising. */
export type Pairs = ReadonlyArray<readonly [number, number]>

/** The longest run of equal names that two lists have in the same order. A name that a list has twice counts by its occurrence. */
export const aligned = (before: ReadonlyArray<string>, after: ReadonlyArray<string>): Pairs => {
  const met = matched(before, after)
  return isRising(met) ? met : longestRising(met)
}

/** Every name that both lists have, wherever it stands, in the order of the first. */
export const matched = (before: ReadonlyArray<string>, after: ReadonlyArray<string>): Pairs => {
  const numberedAs = isUnique(before) && isUnique(after) ? (names: ReadonlyArray<string>): ReadonlyArray<string> => names : numbered
  const places = new Map(numberedAs(after).map((name, index) => [name, index]))
  return numberedAs(before).flatMap((name, index): Pairs => {
    const other = places.get(name)
    return other === undefined ? [] : [[index, other]]
  })
}

const isUnique = (names: ReadonlyArray<string>): boolean => new Set(names).size === names.length

/** Names made unique: the second `a` is another name than the first. */
const numbered = (names: ReadonlyArray<string>): ReadonlyArray<string> => {
  const inOrder = [...names.keys()].sort((a, b) => compare(names[a] ?? '', names[b] ?? '') || a - b)
  const first = inOrder.reduce<ReadonlyArray<number>>((starts, index, place) =>
    place > 0 && names[inOrder[place - 1] ?? 0] === names[index] ? starts : [...starts, place], [])
  const starts = new Map(first.map((place) => [names[inOrder[place] ?? 0], place]))
  const places = new Map(inOrder.map((index, place) => [index, place]))
  return names.map((name, index) => `${name}\u0000${String((places.get(index) ?? 0) - (starts.get(name) ?? 0))}`)
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

export const isRising = (pairs: Pairs): boolean => pairs.every(([, other], index) => index === 0 || (pairs[index - 1]?.[1] ?? -1) < other)

/** Patience sorting: the rank of a pair is the length of the longest run that ends with it; the run is found from its end. */
const longestRising = (pairs: Pairs): Pairs => {
  const { ranks, ends } = pairs.reduce<{ readonly ranks: ReadonlyArray<number>; readonly ends: ReadonlyArray<number> }>((known, [, other]) => {
    const rank = firstAbove(known.ends, other, 0, known.ends.length)
    return { ranks: [...known.ranks, rank], ends: known.ends.toSpliced(rank, 1, other) }
  }, { ranks: [], ends: [] })
  const chosen = pairs.reduceRight<{ readonly rank: number; readonly below: number; readonly made: Pairs }>((state, pair, index) =>
    ranks[index] === state.rank && pair[1] < state.below
      ? { rank: state.rank - 1, below: pair[1], made: [...state.made, pair] }
      : state, { rank: ends.length - 1, below: Infinity, made: [] })
  return chosen.made.toReversed()
}

const firstAbove = (ends: ReadonlyArray<number>, other: number, from: number, to: number): number => {
  if (from >= to) return from
  const middle = (from + to) >> 1
  return (ends[middle] ?? 0) < other ? firstAbove(ends, other, middle + 1, to) : firstAbove(ends, other, from, middle)
}
