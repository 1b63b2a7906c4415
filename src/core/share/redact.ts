import { matchesAny } from '../domain/glob'
import { at, isJsonList, isJsonRecord, Json, JsonRecord, member } from '../domain/Json'
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
export const redact = (document: Json, shown: Shown): Json => pair(document, document, shown)[0]

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
  const isBare = !Object.hasOwn(document, 'spec') && isJsonRecord(document['process'])
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

const withEnv = (owner: JsonRecord, { after, shown, word }: Other): JsonRecord => {
  const { env } = owner
  if (!isJsonList(env)) return owner
  const others = valuesOf(member(after, 'env'))
  return { ...owner, env: env.map((entry) => (typeof entry === 'string' ? shownEntry(entry, others, shown, word) : entry)) }
}

const valuesOf = (env: Json | undefined): ReadonlyMap<string, string> =>
  new Map(isJsonList(env) ? env.flatMap((entry) => (typeof entry === 'string' ? [split(entry)] : [])) : [])

const split = (entry: string): readonly [string, string] => {
  const end = entry.indexOf('=')
  return end < 0 ? [entry, ''] : [entry.slice(0, end), entry.slice(end + 1)]
}

const shownEntry = (entry: string, others: ReadonlyMap<string, string>, shown: Shown, word: string): string => {
  const [name, value] = split(entry)
  return !entry.includes('=') || matchesAny(shown, name) ? entry : `${name}=${hide(value, others.get(name), word)}`
}

const WORDS: ReadonlyArray<string> = [REDACTED, BEFORE, AFTER]

/** What was hidden already cannot be told from another value. */
const hide = (value: string, other: string | undefined, word: string): string =>
  other === undefined || other === value || WORDS.includes(value) || WORDS.includes(other) ? REDACTED : word

const withAuth = (document: JsonRecord, { after, word }: Other): JsonRecord => {
  const [fetch, password] = [document['fetch'], at(document, 'fetch', 'auth', 'password')]
  if (!isJsonRecord(fetch) || typeof password !== 'string') return document
  const theirs = at(after, 'fetch', 'auth', 'password')
  const hiddenPassword = hide(password, typeof theirs === 'string' ? theirs : undefined, word)
  return { ...document, fetch: { ...fetch, auth: { ...(fetch['auth'] as JsonRecord), password: hiddenPassword } } }
}

