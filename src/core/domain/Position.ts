/** Where something starts in a text: line and column, both from 1; the column counts characters (code points). */
export type Position = readonly [line: number, column: number]

/** Tells the position of an offset (UTF-16 units from 0) in a text; the text is looked through once. */
export const positionsIn = (text: string): ((offset: number) => Position) => {
  const lines = [0, ...Array.from(text.matchAll(/\n/g), ({ index }) => index + 1)]
  const pairs = Array.from(text.matchAll(/[\ud800-\udbff][\udc00-\udfff]/g), ({ index }) => index)
  return (offset) => {
    const line = countUpTo(lines, offset)
    const start = lines[line - 1] ?? 0
    return [line, offset - start + 1 - (countUpTo(pairs, offset - 1) - countUpTo(pairs, start - 1))]
  }
}

/** How many of the rising numbers are not above a bound. */
const countUpTo = (rising: ReadonlyArray<number>, bound: number, from = 0, to = rising.length): number => {
  if (from >= to) return from
  const middle = Math.floor((from + to) / 2)
  return (rising[middle] ?? 0) <= bound
    ? countUpTo(rising, bound, middle + 1, to)
    : countUpTo(rising, bound, from, middle)
}
