import { DocumentPath } from '../domain/DocumentPath'
import { matchesAny } from '../domain/glob'
import { Issue } from '../domain/Issue'
import { isJsonList, isJsonRecord, Json } from '../domain/Json'
import { Notice } from '../domain/Notice'
import { REDACTED } from '../domain/Secret'

/**
 * Values of a task's environment that its job puts into other places too (`args = ["--token=${TOKEN}"]`), by their
 * names.
 */
export type Spread = Readonly<Record<string, string>>

// What has fewer letters stands in too many places by chance, and is no secret.
const FEWEST = 4

/** A value that must not be seen, in the spellings in which it may stand, and the word for it. */
interface Hidden {
  readonly spellings: ReadonlyArray<string>
  readonly word: string
}

/** The values that may not be shown, the longest first: one may hold another. `wordOf` has the word for a value. */
const hiddenIn = (
  spread: Spread,
  shown: ReadonlyArray<string>,
  wordOf: (name: string) => string
): ReadonlyArray<Hidden> =>
  Object.entries(spread)
    .filter(([name, value]) => value.length >= FEWEST && !matchesAny(shown, name))
    .sort(([, a], [, b]) => b.length - a.length)
    .map(([name, value]) => ({
      spellings: [...new Set([value, JSON.stringify(value).slice(1, -1)])],
      word: wordOf(name)
    }))

const masked = (text: string, hidden: ReadonlyArray<Hidden>): string =>
  hidden.reduce(
    (all, { spellings, word }) => spellings.reduce((one, spelling) => one.replaceAll(spelling, word), all),
    text
  )

type Part = (value: Json) => Json

const member = (name: string, part: Part): Part => (value) =>
  isJsonRecord(value) && Object.hasOwn(value, name) ? { ...value, [name]: part(value[name] ?? null) } : value

const each =
  (part: Part): Part =>
  (value) => {
    if (isJsonList(value)) return value.map(part)
    if (isJsonRecord(value)) return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, part(item)]))
    return value
  }

/**
 * A document whose arguments, labels and annotations hold no hidden value; `wordOf` has the word for each. What decides
 * how the container is confined (paths, users, capabilities, names) is never hidden: a change of it has to be seen.
 */
export const withoutSpread = (
  document: Json,
  spread: Spread,
  shown: ReadonlyArray<string>,
  wordOf: (name: string) => string
): Json => {
  const hidden = hiddenIn(spread, shown, wordOf)
  if (hidden.length === 0) return document
  const texts = each((value) => (typeof value === 'string' ? masked(value, hidden) : value))
  const inSpec: Part = (spec) => member('annotations', texts)(member('process', member('args', texts))(spec))
  const said = member('left', (left) => valueMasked(left, hidden))(document)
  return member('container', member('labels', texts))(member('spec', inSpec)(inSpec(said)))
}

/** A value for reading only, in which no text holds one. */
export const valueWithoutSpread = (value: Json, spread: Spread, shown: ReadonlyArray<string>): Json => {
  const hidden = hiddenIn(spread, shown, () => REDACTED)
  return hidden.length === 0 ? value : valueMasked(value, hidden)
}

const valueMasked = (value: Json, hidden: ReadonlyArray<Hidden>): Json => {
  const walked: Part = (one) => (typeof one === 'string' ? masked(one, hidden) : each(walked)(one))
  return walked(value)
}

/** A text in which none of the values stands, also where it was cut off in the middle of one. */
export const textWithoutSpread = (text: string, spread: Spread, shown: ReadonlyArray<string> = []): string => {
  const hidden = hiddenIn(spread, shown, () => REDACTED)
  return hidden.length === 0 ? text : masked(text, hidden).replace(/[^\n]*…/g, (line) => withoutStart(line, hidden))
}

const withoutStart = (line: string, hidden: ReadonlyArray<Hidden>): string => {
  const rest = line.slice(0, -1)
  const starts = hidden
    .flatMap(({ spellings }) => spellings)
    .map((spelling) => startAtEnd(rest, spelling))
    .filter((length) => length >= FEWEST)
  return starts.length === 0 ? line : `${rest.slice(0, -Math.max(...starts))}${REDACTED}…`
}

/** How many letters of a value's start a text ends with. */
const startAtEnd = (text: string, value: string): number =>
  lengthsTo(Math.min(value.length - 1, text.length)).find((length) => text.endsWith(value.slice(0, length))) ?? 0

const lengthsTo = (most: number): ReadonlyArray<number> => Array.from({ length: most }, (_, index) => most - index)

export const issueWithoutSpread = (spread: Spread) => (issue: Issue): Issue => ({
  ...issue,
  at: placeWithoutSpread(issue.at, spread),
  reason: textWithoutSpread(issue.reason, spread),
  ...(issue.value === undefined ? {} : { value: textWithoutSpread(issue.value, spread) }),
  ...(issue.hint === undefined ? {} : { hint: textWithoutSpread(issue.hint, spread) })
})

export const noticeWithoutSpread = (spread: Spread) => ({ at, text }: Notice): Notice =>
  Notice(placeWithoutSpread(at, spread), textWithoutSpread(text, spread))

const placeWithoutSpread = ({ document, path, inFile }: DocumentPath, spread: Spread): DocumentPath => ({
  document: textWithoutSpread(document, spread),
  path: path.map((step) => (typeof step === 'number' ? step : textWithoutSpread(step, spread))),
  ...(inFile === undefined ? {} : { inFile: textWithoutSpread(inFile, spread) })
})
