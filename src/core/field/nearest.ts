import * as RA from 'fp-ts/ReadonlyArray'

/**
 * The known name closest to a mistyped one, when it is close enough to be what was meant (a third of its letters may
 * differ).
 */
export const nearest = (name: string, known: ReadonlyArray<string>): string | undefined => {
  const most = Math.max(1, Math.floor(name.length / 3))
  const [best] = known
    // As many letters differ as one has more than the other, at least.
    .filter(({ length }) => Math.abs(length - name.length) <= most)
    .map((candidate) => ({ candidate, distance: farness(name.toLowerCase(), candidate) }))
    .sort((a, b) => a.distance - b.distance)
  return best !== undefined && best.distance <= most ? best.candidate : undefined
}

const LONGEST = 64

/** Two neighbours that changed places are one mistake. */
const farness = (a: string, b: string): number => (isSwapped(a, b) ? 1 : distanceOf(a, b))

const isSwapped = (a: string, b: string): boolean => {
  const at = Array.from(a).findIndex((letter, index) => letter !== b[index])
  const swapped = `${a.slice(0, at)}${a.charAt(at + 1)}${a.charAt(at)}${a.slice(at + 2)}`
  return at >= 0 && swapped === b
}

/** Levenshtein's distance. */
const distanceOf = (a: string, b: string): number =>
  a.length > LONGEST
    ? a.length
    : (Array.from(a).reduce<ReadonlyArray<number>>(
        (row, letter, i) =>
          RA.scanLeft(i + 1, (left: number, [other, j]: Column) => cheapest(row, left, j, letter === other))(
            columnsOf(b)
          ),
        Array.from({ length: b.length + 1 }, (_, j) => j)
      )[b.length] ?? 0)

type Column = readonly [letter: string, index: number]

const columnsOf = (text: string): ReadonlyArray<Column> => Array.from(text).map((letter, index) => [letter, index])

const cheapest = (above: ReadonlyArray<number>, left: number, j: number, same: boolean): number =>
  Math.min((above[j + 1] ?? 0) + 1, left + 1, (above[j] ?? 0) + (same ? 0 : 1))
