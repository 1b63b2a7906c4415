/**
 * A text in three parts: what it has in common with another at its start, what is its own, and what is common at its
 * end.
 */
export type Parts = readonly [start: string, own: string, end: string]

/** Where two texts differ, in whole letters and whole words. */
export const differing = (a: string, b: string): readonly [Parts, Parts] => {
  const [as, bs] = [Array.from(a), Array.from(b)]
  const start = common(as, bs, Math.min(as.length, bs.length))
  const end = common(as.toReversed(), bs.toReversed(), Math.min(as.length, bs.length) - start)
  const parts = (letters: ReadonlyArray<string>): Parts => [
    letters.slice(0, start).join(''),
    letters.slice(start, letters.length - end).join(''),
    letters.slice(letters.length - end).join('')
  ]
  return [parts(as), parts(bs)]
}

/** How many letters two texts begin with alike, without a word that they do not share. */
const common = (as: ReadonlyArray<string>, bs: ReadonlyArray<string>, most: number): number => {
  const equal = firstWhere(most, (index) => as[index] !== bs[index])
  const cutsWord = isWord(as[equal - 1]) && (isWord(as[equal]) || isWord(bs[equal]))
  return cutsWord ? equal - firstWhere(equal, (back) => !isWord(as[equal - 1 - back])) : equal
}

const isWord = (letter: string | undefined): boolean => letter !== undefined && /[\p{L}\p{N}]/u.test(letter)

/** The first number below the limit of which something is true; the limit if there is none. */
const firstWhere = (limit: number, isTrue: (index: number) => boolean): number => {
  const found = Array.from({ length: limit }, (_, index) => index).findIndex(isTrue)
  return found < 0 ? limit : found
}
