import { Line } from '../diff/unifiedDiff'

/** A line of one document, and its number from 1. */
export interface Numbered {
  readonly number: number
  readonly text: string
}

/** What stands beside each other. A missing side has no line there. */
export interface Row {
  readonly before: Numbered | undefined
  readonly after: Numbered | undefined
}

/** Rows that are all equal, or all changed. `Folded` are equal ones far from any change. */
export interface Rows {
  readonly _tag: 'Equal' | 'Folded' | 'Changed'
  readonly rows: ReadonlyArray<Row>
}

/** How many equal rows stay in sight on each side of a change, and from how many it pays to fold the rest. */
const CONTEXT = 3
const FOLD = 4

/** Two documents beside each other: changed lines are paired in their order, long runs of equal ones are folded. */
export const sideBySide = (lines: ReadonlyArray<Line>): ReadonlyArray<Rows> => {
  const [olds, news] = [numbersOf(lines, '+'), numbersOf(lines, '-')]
  const isEqual = (index: number): boolean => lines[index]?.mark === ' '
  const starts = lines.flatMap((_, index) => (index === 0 || isEqual(index) !== isEqual(index - 1) ? [index] : []))
  return starts.flatMap((start, index) => {
    const end = starts[index + 1] ?? lines.length
    const own = Array.from({ length: end - start }, (_, offset) => start + offset)
    const pick = (numbers: ReadonlyMap<number, number>): ReadonlyArray<Numbered> =>
      own.flatMap((at) => (numbers.has(at) ? [{ number: numbers.get(at) ?? 0, text: lines[at]?.text ?? '' }] : []))
    const rows = paired(pick(olds), pick(news))
    return isEqual(start) ? folded(rows, start === 0, end === lines.length) : [{ _tag: 'Changed' as const, rows }]
  })
}

/** The numbers of the lines of one document: of those without the other's mark. */
const numbersOf = (lines: ReadonlyArray<Line>, others: Line['mark']): ReadonlyMap<number, number> =>
  new Map(
    lines.flatMap(({ mark }, index) => (mark === others ? [] : [index])).map((index, number) => [index, number + 1])
  )

const paired = (before: ReadonlyArray<Numbered>, after: ReadonlyArray<Numbered>): ReadonlyArray<Row> =>
  Array.from({ length: Math.max(before.length, after.length) }, (_, index) => ({
    before: before[index],
    after: after[index]
  }))

const folded = (rows: ReadonlyArray<Row>, isFirst: boolean, isLast: boolean): ReadonlyArray<Rows> => {
  const [from, to] = [isFirst ? 0 : CONTEXT, rows.length - (isLast ? 0 : CONTEXT)]
  if (to - from < FOLD) return [{ _tag: 'Equal', rows }]
  const parts: ReadonlyArray<Rows> = [
    { _tag: 'Equal', rows: rows.slice(0, from) },
    { _tag: 'Folded', rows: rows.slice(from, to) },
    { _tag: 'Equal', rows: rows.slice(to) }
  ]
  return parts.filter((part) => part.rows.length > 0)
}
