import { compact } from '../domain/canonical'
import { matchesAny } from '../domain/glob'
import { at, isJsonList, isJsonRecord, Json, JsonRecord, member } from '../domain/Json'
import { occurrences } from '../domain/occurrences'
import { REDACTED } from '../domain/Secret'

/** Names, with `*`, of environment variables whose values may be shown. */
export type Shown = ReadonlyArray<string>

/** A redacted value that differs between the two inputs in hand. */
export const BEFORE = '(redacted, before)'
export const AFTER = '(redacted, after)'

/**
 * A document (or a bare spec) that can be shared: the values of environment variables that `shown` does not name, and the password of a
 * registry, are `(redacted)`. Redacting twice changes nothing.
 */
export const redact = (document: Json, shown: Shown): Json => hidden(document, { after: document, shown, word: BEFORE })

/** Two documents that can be shared. A hidden value that differs between them says so: `(redacted, before)` and `(redacted, after)`. */
export const redactBoth = (before: Json, after: Json, shown: Shown): readonly [Json, Json] => pair(before, after, shown)

const pair = (before: Json, after: Json, shown: Shown): readonly [Json, Json] => [
  hidden(before, { after, shown, word: BEFORE }),
  hidden(after, { after: before, shown, word: AFTER })
]

/** What the other side has, and the word for a value that differs. */
interface Other {
  readonly after: Json
  readonly shown: Shown
  readonly word: string
}

const hidden = (document: Json, other: Other): Json => {
  if (!isJsonRecord(document)) return document
  const isBare = !Object.hasOwn(document, 'spec') && (isJsonRecord(document['process']) || isJsonRecord(document['hooks']))
  return isBare ? spec(document, other) : withAuth({ ...document, ...inSpec(document, other) }, other)
}

const inSpec = (document: JsonRecord, { after, ...rest }: Other): JsonRecord =>
  isJsonRecord(document['spec']) ? { spec: spec(document['spec'], { ...rest, after: member(after, 'spec') ?? null }) } : {}

const spec = (given: JsonRecord, { after, ...rest }: Other): JsonRecord => {
  const { process, hooks } = given
  return {
    ...given,
    ...(isJsonRecord(process) ? { process: withEnv(process, { ...rest, after: member(after, 'process') ?? null }) } : {}),
    ...(isJsonRecord(hooks) ? { hooks: ofHooks(hooks, { ...rest, after: member(after, 'hooks') ?? null }) } : {})
  }
}

const ofHooks = (hooks: JsonRecord, { after, ...rest }: Other): JsonRecord =>
  Object.fromEntries(Object.entries(hooks).map(([stage, list]) => [
    stage,
    isJsonList(list)
      ? list.map((hook, index) => (isJsonRecord(hook) ? withEnv(hook, { ...rest, after: item(member(after, stage), index) }) : hook))
      : list
  ]))

const item = (list: Json | undefined, index: number): Json => (isJsonList(list) ? (list[index] ?? null) : null)

/** An environment that is no list of texts is nothing that a runtime takes, and is hidden all the more. */
const withEnv = (owner: JsonRecord, { after, shown, word }: Other): JsonRecord => {
  const { env } = owner
  if (env === undefined || env === null) return owner
  const theirs = member(after, 'env')
  if (!isJsonList(env)) return { ...owner, env: hide(plain(env), theirs === undefined ? undefined : plain(theirs), word) }
  const others = new Map(isJsonList(theirs) ? named(theirs) : [])
  return { ...owner, env: named(env).map(([key, entry]) => shownEntry(entry, others.get(key), shown, word)) }
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
  const [fetch, auth, password] = [document['fetch'], at(document, 'fetch', 'auth'), at(document, 'fetch', 'auth', 'password')]
  if (!isJsonRecord(fetch) || !isJsonRecord(auth) || password === undefined || password === null) return document
  const theirs = at(after, 'fetch', 'auth', 'password')
  return { ...document, fetch: { ...fetch, auth: { ...auth, password: hide(plain(password), theirs === undefined ? undefined : plain(theirs), word) } } }
}
