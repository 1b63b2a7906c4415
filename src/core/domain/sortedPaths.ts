/** The place in a sorted list (code units) of the first text that is not before `text`. */
const placeOf = (sorted: ReadonlyArray<string>, text: string, from = 0, to = sorted.length): number => {
  if (from >= to) return from
  const middle = Math.floor((from + to) / 2)
  return (sorted[middle] ?? '') < text ? placeOf(sorted, text, middle + 1, to) : placeOf(sorted, text, from, middle)
}

// The letter behind `/`: what is below a directory stands before it.
const BEHIND = '0'

const rangeOf = (sorted: ReadonlyArray<string>, directory: string): readonly [number, number] =>
  [placeOf(sorted, `${directory}/`), placeOf(sorted, `${directory}${BEHIND}`)]

/** The paths of a sorted list that lie below a directory, both clean; the list is not looked through. */
export const pathsBelow = (sorted: ReadonlyArray<string>, directory: string): ReadonlyArray<string> =>
  sorted.slice(...rangeOf(sorted, directory))

/** How many of them there are. */
export const countBelow = (sorted: ReadonlyArray<string>, directory: string): number => {
  const [start, end] = rangeOf(sorted, directory)
  return end - start
}
