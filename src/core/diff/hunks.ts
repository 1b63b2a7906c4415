import { Json } from '../domain/Json'
import { Line, nearLines, NumberedLine } from './unifiedDiff'

/** How many equal lines are shown around a change. */
const CONTEXT = 3

/** A run of lines around changes, and where it starts (from 1) and how long it is in each document. */
export interface Hunk {
  readonly before: readonly [number, number]
  readonly after: readonly [number, number]
  readonly lines: ReadonlyArray<Line>
}

/**
 * The changed lines of two documents with three equal ones around them, as `diff -u` has them. Lines far from any
 * change are never made.
 */
export const hunksBetween = (before: Json, after: Json): ReadonlyArray<Hunk> =>
  ofNumbered(nearLines(before, after, CONTEXT))

/** The same of lines that are there already. */
export const hunksOf = (lines: ReadonlyArray<Line>): ReadonlyArray<Hunk> =>
  ofNumbered(lines.map((line, at) => ({ ...line, at })))

const ofNumbered = (lines: ReadonlyArray<NumberedLine>): ReadonlyArray<Hunk> => {
  const changed = lines.flatMap(({ mark, at }) => (mark === ' ' ? [] : [at]))
  const isFar = (index: number, other: number | undefined): boolean =>
    other === undefined || Math.abs(index - other) > 2 * CONTEXT + 1
  const firsts = changed.filter((index, nth) => isFar(index, changed[nth - 1]))
  const lasts = changed.filter((index, nth) => isFar(index, changed[nth + 1]))
  const [places, removed, added] = [lines.map(({ at }) => at), placesOf(lines, '-'), placesOf(lines, '+')]
  return firsts.map((first, nth) => {
    const part = lines.slice(
      countBelow(places, first - CONTEXT),
      countBelow(places, (lasts[nth] ?? first) + CONTEXT + 1)
    )
    const from = part[0]?.at ?? 0
    const [a, b] = [part.filter(({ mark }) => mark !== '+').length, part.filter(({ mark }) => mark !== '-').length]
    const start = [from - countBelow(added, from), from - countBelow(removed, from)] as const
    return {
      before: [a === 0 ? start[0] : start[0] + 1, a],
      after: [b === 0 ? start[1] : start[1] + 1, b],
      lines: part.map(({ mark, text }) => ({ mark, text }))
    }
  })
}

/** How many of the rising positions are below an index. */
const countBelow = (positions: ReadonlyArray<number>, index: number, from = 0, to = positions.length): number => {
  if (from >= to) return from
  const middle = (from + to) >> 1
  return (positions[middle] ?? 0) < index
    ? countBelow(positions, index, middle + 1, to)
    : countBelow(positions, index, from, middle)
}

const placesOf = (lines: ReadonlyArray<NumberedLine>, wanted: Line['mark']): ReadonlyArray<number> =>
  lines.flatMap(({ mark, at }) => (mark === wanted ? [at] : []))
