import * as RA from 'fp-ts/ReadonlyArray'

import { childPath, isValue, nameOf, START, type State, step, type Token, tokensOf, TOO_DEEP } from './jsonScan'
import { type Position, positionsIn } from './Position'

/** Where members and items of a JSON document are written, by their path: `Job.TaskGroups[0].Name`. */
export type JsonPositions = ReadonlyMap<string, Position>

const MOST_LETTERS = 2 * 1024 * 1024

/**
 * The position of every member (of its name) and item of a JSON text, up to the place where it stops being JSON. Far
 * down, and
 * in a text above 2 Mi letters, nothing has a position. Takes time linear in the text.
 */
export const jsonPositions = (text: string): JsonPositions => {
  if (text.length > MOST_LETTERS) return new Map()
  const tokens = tokensOf(text)
  const states = RA.scanLeft(START, step)(tokens)
  const position = positionsIn(text)
  return new Map(tokens.flatMap((token, index) => entry(states[index] ?? START, token, position)))
}

const entry = (
  { expected, open, fault }: State,
  token: Token,
  position: (offset: number) => Position
): ReadonlyArray<readonly [string, Position]> => {
  if (open === undefined || fault !== undefined) return []
  const isMember = (expected === 'name' || expected === 'firstName') && token._tag === 'Text'
  const isItem = open.bracket === '[' && (expected === 'value' || expected === 'firstItem') && isValue(token)
  if (!isMember && !isItem) return []
  const path = childPath(isMember ? { ...open, name: nameOf(token) } : open)
  return path === TOO_DEEP ? [] : [[path, position(token.start)]]
}
