/** The same value with the keys of every map in another order, which `seed` chooses. Lists keep theirs. */
export const reordered = (value: unknown, seed: number): unknown => {
  if (Array.isArray(value)) return value.map((item) => reordered(item, seed))
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).map(([key, item]): readonly [string, unknown] => [key, reordered(item, seed)])
  return Object.fromEntries(shuffled(entries, seed))
}

/** A list in another order, which `seed` chooses. */
export const shuffled = <A>(items: ReadonlyArray<A>, seed: number): ReadonlyArray<A> =>
  items
    .map((item, index) => ({ item, rank: mixed(index, seed) }))
    .sort((a, b) => a.rank - b.rank)
    .map(({ item }) => item)

const mixed = (index: number, seed: number): number => {
  const bits = Math.imul(index + 1, 0x9e3779b1) ^ Math.imul(seed + 1, 0x85ebca6b)
  return Math.imul(bits ^ (bits >>> 15), 0x2c1b3c6d) >>> 0
}
