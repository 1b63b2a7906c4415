/** A text in three parts: what it has in common with another at its start, what is its own, and what is common at its end. */
export type Parts = readonly [start: string, own: string, end: string]

/** Where two texts differ, in whole letters. */
export const differing = (a: string, b: string): readonly [Parts, Parts] => {
  const [as, bs] = [Array.from(a), Array.from(b)]
  const most = Math.min(as.length, bs.length)
  const start = firstWhere(most, (index) => as[index] !== bs[index])
  const end = firstWhere(most - start, (index) => as[as.length - 1 - index] !== bs[bs.length - 1 - index])
  const parts = (letters: ReadonlyArray<string>): Parts => [
    letters.slice(0, start).join(''), letters.slice(start, letters.length - end).join(''), letters.slice(letters.length - end).join('')
  ]
  return [parts(as), parts(bs)]
}

/** The first number below the limit of which something is true; the limit if there is none. */
const firstWhere = (limit: number, isTrue: (index: number) => boolean): number => {
  const found = Array.from({ length: limit }, (_, index) => index).findIndex(isTrue)
  return found < 0 ? limit : found
}
