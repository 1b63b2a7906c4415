import * as RA from 'fp-ts/ReadonlyArray'

import { compact, pretty } from '../domain/canonical'
import { isJsonList, isJsonRecord, Json } from '../domain/Json'
import { Piece, piecesOf } from './pieces'

/** A line of two documents laid beside each other: in both, in the first only, or in the second only. */
export interface Line {
  readonly mark: ' ' | '-' | '+'
  readonly text: string
}

/** A line, and which one it is of all lines of both documents (from 0). */
export interface NumberedLine extends Line {
  readonly at: number
}

/**
 * Two documents as canonical text, line by line. The lines without `+` are the first document as `pretty` writes it,
 * those without `-` the second. Takes time in proportion to the documents, because their structure says which lines
 * belong together.
 */
export const linesOf = (before: Json, after: Json): ReadonlyArray<Line> => piecesOf(before, after).flatMap(linesIn)

/** The lines that changed, and those within `context` lines of one that did; the text of no other is made. */
export const nearLines = (before: Json, after: Json, context: number): ReadonlyArray<NumberedLine> => {
  const pieces = piecesOf(before, after)
  const counts = pieces.map(countOf)
  const places = RA.scanLeft(0, (place: number, count: number) => place + count)(counts)
  // An equal piece adds its lines to the distance from the last change; a changed one begins anew.
  const steps = pieces.map(({ mark }, index) => (mark === ' ' ? (counts[index] ?? 0) : -Infinity))
  const further = (far: number, step: number): number => Math.max(0, (far === Infinity && step < 0 ? 0 : far) + step)
  const since = RA.scanLeft(Infinity, further)(steps)
  const until = RA.scanRight(Infinity, (step: number, far: number) => further(far, step))(steps)
  return pieces.flatMap((piece, index) =>
    near(piece, {
      at: places[index] ?? 0,
      count: counts[index] ?? 0,
      head: context - (since[index] ?? 0),
      tail: context - (until[index + 1] ?? 0)
    })
  )
}

/** Where a piece stands, how many lines it has, and how many of its first and last are near a change. */
interface Near {
  readonly at: number
  readonly count: number
  readonly head: number
  readonly tail: number
}

const near = (piece: Piece, { at, count, head, tail }: Near): ReadonlyArray<NumberedLine> => {
  if (piece.mark === ' ' && head <= 0 && tail <= 0) return []
  const lines = linesIn(piece).map((line, index) => ({ ...line, at: at + index }))
  return piece.mark === ' ' ? lines.filter((_, index) => index < head || index >= count - tail) : lines
}

const linesIn = (piece: Piece): ReadonlyArray<Line> => {
  const {
    mark,
    spot: { margin, name, end }
  } = piece
  const label = name === undefined ? '' : `${compact(name)}: `
  if (piece._tag === 'Bracket') return [{ mark, text: `${margin}${label}${piece.bracket}${end}` }]
  const lines = pretty(piece.value).slice(0, -1).split('\n')
  return lines.map((text, index) => ({
    mark,
    text: `${margin}${index === 0 ? label : ''}${text}${index === lines.length - 1 ? end : ''}`
  }))
}

/** How many lines a piece has in canonical text. */
const countOf = (piece: Piece): number => (piece._tag === 'Bracket' ? 1 : heightOf(piece.value))

const heightOf = (value: Json): number => {
  const items = itemsOf(value)
  return items.length === 0 ? 1 : items.reduce<number>((sum, item) => sum + heightOf(item), 2)
}

const itemsOf = (value: Json): ReadonlyArray<Json> => {
  if (isJsonList(value)) return value
  return isJsonRecord(value) ? Object.values(value) : []
}
