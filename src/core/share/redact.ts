import { compact } from '../domain/canonical'
import { matchesAny } from '../domain/glob'
import { at, isJsonList, isJsonRecord, Json, JsonRecord, member } from '../domain/Json'
import { occurrences } from '../domain/occurrences'
import { REDACTED } from '../domain/Secret'
import { redactJob } from './redactJob'
import { Spread, withoutSpread } from './Spread'

/** Names, with `*`, of environment variables whose values may be shown. */
export type Shown = ReadonlyArray<string>

/** A redacted value that differs between the two inputs in hand. */
export const BEFORE = '(redacted, before)'
export const AFTER = '(redacted, after)'

/**
 * A document (or a bare spec) that can be shared: the values of environment variables that `shown` does not name, and
 * the password of a registry, are `(redacted)`; `spread` are values of the environment that stand in other places too.
 * Redacting twice changes nothing.
 */
export const redact = (document: Json, shown: Shown, spread: Spread = {}): Json =>
  withoutSpread(hidden(document, { after: document, shown, word: BEFORE }), spread, shown, wordFor)

/**
 * Two documents that can be shared. A hidden value that differs between them says so: `(redacted, before)` and
 * `(redacted, after)`.
 */
export const redactBoth = (
  before: Json,
  after: Json,
  shown: Shown,
  [old, current]: readonly [Spread, Spread] = [{}, {}]
): readonly [Json, Json] => [
  withoutSpread(hidden(before, { after, shown, word: BEFORE }), old, shown, wordIn(old, current, 'before')),
  withoutSpread(hidden(after, { after: before, shown, word: AFTER }), current, shown, wordIn(current, old, 'after'))
]

/** What stands for a value outside of the environment says which it is: one in the place of another is a difference. */
const wordFor = (name: string): string => `(redacted ${name})`

const wordIn = (own: Spread, other: Spread, when: string) => (name: string): string =>
  Object.hasOwn(other, name) && other[name] !== own[name] ? `(redacted ${name}, ${when})` : wordFor(name)

/** What the other side has, and the word for a value that differs. */
interface Other {
  readonly after: Json
  readonly shown: Shown
  readonly word: string
}

const hidden = (document: Json, other: Other): Json => {
  if (!isJsonRecord(document)) return document
  const job = member(document, 'job')
  if (job === undefined) return hiddenParts(document, other)
  const { after, shown, word } = other
  const hideOne = (value: string, theirs: string | undefined): string => hide(value, theirs, word)
  return hiddenParts({ ...document, job: redactJob(job, member(after, 'job'), shown, hideOne) }, other)
}

const hiddenParts = (document: JsonRecord, other: Other): Json =>
  Object.hasOwn(document, 'spec') ? withAuth(members(document, { spec }, other), other) : spec(document, other)

type Part = (value: JsonRecord, other: Other) => Json

/** A record some members of which are made anew. A runtime in Go reads a name in any letters. */
const members = (record: JsonRecord, parts: Readonly<Record<string, Part>>, { after, ...rest }: Other): JsonRecord =>
  Object.fromEntries(
    Object.entries(record).map(([name, value]) => {
      const part = Object.hasOwn(parts, name.toLowerCase()) ? parts[name.toLowerCase()] : undefined
      return [
        name,
        part === undefined || !isJsonRecord(value)
          ? value
          : part(value, { ...rest, after: member(after, name) ?? null })
      ]
    })
  )

const spec: Part = (given, other) => members(given, { process: withEnv, hooks: ofHooks }, other)

const ofHooks: Part = (hooks, { after, ...rest }) =>
  Object.fromEntries(
    Object.entries(hooks).map(([stage, list]) => [
      stage,
      isJsonList(list)
        ? list.map((hook, index) =>
            isJsonRecord(hook) ? withEnv(hook, { ...rest, after: item(member(after, stage), index) }) : hook
          )
        : list
    ])
  )

const item = (list: Json | undefined, index: number): Json => (isJsonList(list) ? (list[index] ?? null) : null)

/** An environment that is no list of texts is nothing that a runtime takes, and is hidden all the more. */
const withEnv = (owner: JsonRecord, { after, shown, word }: Other): JsonRecord =>
  Object.fromEntries(
    Object.entries(owner).map(([name, value]) => [
      name,
      name.toLowerCase() === 'env' ? envOf(value, member(after, name), shown, word) : value
    ])
  )

const envOf = (env: Json, theirs: Json | undefined, shown: Shown, word: string): Json => {
  if (env === null) return env
  if (!isJsonList(env)) return hide(plain(env), theirs === undefined ? undefined : plain(theirs), word)
  const others = new Map(isJsonList(theirs) ? named(theirs) : [])
  return named(env).map(([key, entry]) => shownEntry(entry, others.get(key), shown, word))
}

const plain = (value: Json): string => (typeof value === 'string' ? value : compact(value))

/** The entries of an environment by their name and its occurrence: the second `A=` is compared with the second. */
const named = (env: ReadonlyArray<Json>): ReadonlyArray<readonly [string, Json]> => {
  const names = env.map((entry) => (typeof entry === 'string' ? split(entry)[0] : ''))
  return occurrences(names).map((count, index) => [`${names[index] ?? ''}=${String(count)}`, env[index] ?? null])
}

const split = (entry: string): readonly [string, string] => {
  const end = entry.indexOf('=')
  return end < 0 ? [entry, ''] : [entry.slice(0, end), entry.slice(end + 1)]
}

const shownEntry = (entry: Json, other: Json | undefined, shown: Shown, word: string): string => {
  if (typeof entry !== 'string') return hide(plain(entry), other === undefined ? undefined : plain(other), word)
  const [name, value] = split(entry)
  if (!entry.includes('=') || matchesAny(shown, name)) return entry
  return `${name}=${hide(value, typeof other === 'string' ? split(other)[1] : undefined, word)}`
}

const WORDS: ReadonlyArray<string> = [REDACTED, BEFORE, AFTER]

/** What was hidden already cannot be told from another value, and stays as it is. */
const hide = (value: string, other: string | undefined, word: string): string => {
  if (WORDS.includes(value)) return value
  return other === undefined || other === value || WORDS.includes(other) ? REDACTED : word
}

const withAuth = (document: JsonRecord, { after, word }: Other): JsonRecord => {
  const [fetch, auth, password] = [
    document['fetch'],
    at(document, 'fetch', 'auth'),
    at(document, 'fetch', 'auth', 'password')
  ]
  if (!isJsonRecord(fetch) || !isJsonRecord(auth) || password === undefined || password === null) return document
  const theirs = at(after, 'fetch', 'auth', 'password')
  return {
    ...document,
    fetch: {
      ...fetch,
      auth: { ...auth, password: hide(plain(password), theirs === undefined ? undefined : plain(theirs), word) }
    }
  }
}
