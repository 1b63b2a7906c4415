/** The known name closest to a mistyped one, when it is close enough to be what was meant (a third of its letters may differ). */
export const nearest = (name: string, known: ReadonlyArray<string>): string | undefined => {
  const ranked = known
    .map((candidate) => ({ candidate, distance: distanceOf(name.toLowerCase(), candidate) }))
    .sort((a, b) => a.distance - b.distance)
  const best = ranked[0]
  return best !== undefined && best.distance <= Math.max(1, Math.floor(name.length / 3)) ? best.candidate : undefined
}

const LONGEST = 64

/** Levenshtein's distance; a swap of two neighbours counts as two. */
const distanceOf = (a: string, b: string): number =>
  a.length > LONGEST
    ? a.length
    : (Array.from(a).reduce<ReadonlyArray<number>>(
        (row, letter, i) =>
          Array.from(b).reduce<ReadonlyArray<number>>(
            (made, other, j) => [...made, cheapest(row, made, j, letter === other)],
            [i + 1]
          ),
        Array.from({ length: b.length + 1 }, (_, j) => j)
      )[b.length] ?? 0)

const cheapest = (above: ReadonlyArray<number>, left: ReadonlyArray<number>, j: number, same: boolean): number =>
  Math.min((above[j + 1] ?? 0) + 1, (left[j] ?? 0) + 1, (above[j] ?? 0) + (same ? 0 : 1))
