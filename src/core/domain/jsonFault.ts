import { type Expected, START, step, type Token, tokensOf } from './jsonScan'
import { positionsIn } from './Position'

/** Where a text stops being JSON, from 1, and what is wrong there. */
export interface JsonFault {
  readonly line: number
  readonly column: number
  readonly reason: string
}

/** The first place where a text is no JSON; undefined when it is JSON. Engines differ in what they say of it. */
export const jsonFault = (source: string): JsonFault | undefined => {
  const { fault, expected } = tokensOf(source).reduce(step, START)
  if (fault === undefined) return undefined
  const [line, column] = positionsIn(source)(fault.start)
  return { line, column, reason: `has ${spoken(fault)} instead of ${WORDS[expected]}` }
}

const WORDS: Readonly<Record<Expected, string>> = {
  value: 'a value',
  firstItem: 'a value or "]"',
  name: 'a name in double quotes',
  firstName: 'a name in double quotes or "}"',
  colon: '":"',
  next: 'a comma or the end of what is open'
}

const spoken = ({ _tag, text }: Token): string => {
  if (_tag === 'Wrong' && text === '"') return 'a text that is not closed or not well escaped'
  // A text may be a secret.
  if (text.startsWith('"')) return 'a text'
  return text === '' ? 'the end of the text' : JSON.stringify(text.length > 12 ? `${text.slice(0, 12)}…` : text)
}
