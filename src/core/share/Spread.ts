import { matchesAny } from '../domain/glob'
import { Issue } from '../domain/Issue'
import { isJsonList, isJsonRecord, Json } from '../domain/Json'
import { Notice } from '../domain/Notice'
import { REDACTED } from '../domain/Secret'

/** Values of a task's environment that its job puts into other places too (`args = ["--token=${TOKEN}"]`), by their names. */
export type Spread = Readonly<Record<string, string>>

// What has fewer letters stands in too many places by chance, and is no secret.
const FEWEST = 4

/** A value that must not be seen, in the spellings in which it may stand, and the word for it. */
interface Hidden {
  readonly spellings: ReadonlyArray<string>
  readonly word: string
}

/** The values that may not be shown, the longest first: one may hold another. `wordOf` has the word for a value. */
const hiddenIn = (spread: Spread, shown: ReadonlyArray<string>, wordOf: (name: string) => string): ReadonlyArray<Hidden> =>
  Object.entries(spread)
    .filter(([name, value]) => value.length >= FEWEST && !matchesAny(shown, name))
    .sort(([, a], [, b]) => b.length - a.length)
    .map(([name, value]) => ({ spellings: [...new Set([value, JSON.stringify(value).slice(1, -1)])], word: wordOf(name) }))

const DIGEST = /^sha256:[0-9a-f]{64}$/

const masked = (text: string, hidden: ReadonlyArray<Hidden>): string =>
  DIGEST.test(text) ? text : hidden.reduce((all, { spellings, word }) => spellings.reduce((one, spelling) => one.replaceAll(spelling, word), all), text)

/** A document in which no hidden value stands, in no text and no name; `wordOf` has the word for each. */
export const withoutSpread = (document: Json, spread: Spread, shown: ReadonlyArray<string>, wordOf: (name: string) => string): Json => {
  const hidden = hiddenIn(spread, shown, wordOf)
  return hidden.length === 0 ? document : walked(document, hidden)
}

const walked = (value: Json, hidden: ReadonlyArray<Hidden>): Json => {
  if (typeof value === 'string') return masked(value, hidden)
  if (isJsonList(value)) return value.map((item) => walked(item, hidden))
  return isJsonRecord(value) ? Object.fromEntries(Object.entries(value).map(([name, item]) => [masked(name, hidden), walked(item, hidden)])) : value
}

/** A text in which none of the values stands, also where it was cut off in the middle of one. */
export const textWithoutSpread = (text: string, spread: Spread, shown: ReadonlyArray<string> = []): string => {
  const hidden = hiddenIn(spread, shown, () => REDACTED)
  return hidden.length === 0 ? text : masked(text, hidden).replace(/[^\n]*…/g, (line) => withoutStart(line, hidden))
}

const withoutStart = (line: string, hidden: ReadonlyArray<Hidden>): string => {
  const rest = line.slice(0, -1)
  const starts = hidden.flatMap(({ spellings }) => spellings).map((spelling) => startAtEnd(rest, spelling)).filter((length) => length >= FEWEST)
  return starts.length === 0 ? line : `${rest.slice(0, -Math.max(...starts))}${REDACTED}…`
}

/** How many letters of a value's start a text ends with. */
const startAtEnd = (text: string, value: string): number =>
  Array.from({ length: value.length - 1 }, (_, index) => value.length - 1 - index).find((length) => text.endsWith(value.slice(0, length))) ?? 0

export const issueWithoutSpread = (spread: Spread) => (issue: Issue): Issue => ({
  ...issue,
  at: textWithoutSpread(issue.at, spread),
  reason: textWithoutSpread(issue.reason, spread),
  ...(issue.value === undefined ? {} : { value: textWithoutSpread(issue.value, spread) }),
  ...(issue.hint === undefined ? {} : { hint: textWithoutSpread(issue.hint, spread) })
})

export const noticeWithoutSpread = (spread: Spread) => ({ at, text }: Notice): Notice =>
  Notice(textWithoutSpread(at, spread), textWithoutSpread(text, spread))
