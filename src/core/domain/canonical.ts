import { LABELS } from './labelsOfJson'

/**
 * JSON without white space and with keys in one fixed order (numbers first, then by code units): the bytes that
 * containerd
 * stores. A bigint is written as its digits, a member without a value (undefined) is left out, as JSON.stringify does.
 */
export const compact = (value: unknown): string => text(value) ?? 'null'

/** The same document for people: two spaces of indentation and a final newline. */
export const pretty = (value: unknown): string => `${laidOut(value, '') ?? 'null'}\n`

/**
 * A deep copy that never changes and carries its own text, so that `compact` writes it in one step: for what is the
 * same in
 * many documents (default mounts, rules of the filter). Neither keys, spread nor comparison see the text; a copy has
 * none.
 */
export const constant = <A extends object>(value: A): A => {
  const own = { [TEXT]: { value: compact(value) } }
  const copy = Array.isArray(value)
    ? Object.defineProperties(value.map(frozen), own)
    : Object.defineProperties(Object.fromEntries(Object.entries(value).map(([key, item]) => [key, frozen(item)])), own)
  // The same members, so the same type.
  return Object.freeze(copy) as A
}

const frozen = (value: unknown): unknown => (typeof value === 'object' && value !== null ? constant(value) : value)

const TEXT = Symbol('text')

/** What an object says of itself: the text of a constant, or (a Secret, a Date) what stands for it. */
interface Spoken {
  readonly [TEXT]?: string
  readonly toJSON?: unknown
}

// JSON.stringify itself cannot write a bigint, and would have to be given a copy in order, which costs more than the
// text.
const text = (value: unknown): string | undefined => {
  if (typeof value !== 'object' || value === null) return scalar(value)
  const { [TEXT]: known, toJSON }: Spoken = value
  if (known !== undefined) return known
  if (Array.isArray(value)) return list(value)
  return typeof toJSON === 'function' ? text(toJSON.call(value)) : record(value)
}

const scalar = (value: unknown): string | undefined => {
  switch (typeof value) {
    case 'string':
      return quoted(value)
    case 'number':
      return Number.isFinite(value) ? String(value) : 'null'
    case 'bigint':
    case 'boolean':
      return String(value)
    case 'object':
      return 'null'
    case 'undefined':
    case 'function':
    case 'symbol':
      return undefined
  }
}

// What JSON must escape: quotes, backslashes, control characters, and halves of a surrogate pair.
const ESCAPED = /["\\\u0000-\u001f\ud800-\udfff]/

const quoted = (plain: string): string => (ESCAPED.test(plain) ? JSON.stringify(plain) : `"${plain}"`)

const MANY = 8

const list = (items: ReadonlyArray<unknown>): string => {
  // A call of JSON.stringify costs as much as six texts.
  if (items.length > MANY && items.every((item) => typeof item === 'string')) return JSON.stringify(items)
  const made = items.reduce<string>((all, item) => `${all}${all === '' ? '[' : ','}${text(item) ?? 'null'}`, '')
  return made === '' ? '[]' : `${made}]`
}

const record = (value: object): string => {
  const made = keysOf(value).reduce((all, key) => {
    const member = text(memberOf(value, key))
    return member === undefined
      ? all
      : `${all}${all === '' ? '{' : ','}${LABELS.get(key) ?? `${quoted(key)}:`}${member}`
  }, '')
  return made === '' ? '{}' : `${made}}`
}

const memberOf = (value: object, key: string): unknown => (value as Readonly<Record<string, unknown>>)[key]

// Objects have their numbers first, in order. The sections of compile write their members in order too: then nothing is
// sorted.
const keysOf = (value: object): ReadonlyArray<string> => {
  const keys = Object.keys(value)
  if (keys.every((key, index) => index === 0 || (keys[index - 1] ?? '') < key)) return keys
  const sorted = [...keys].sort()
  return sorted.some(startsWithDigit) ? Object.keys(Object.fromEntries(sorted.map((key) => [key, 0]))) : sorted
}

const startsWithDigit = (key: string): boolean => key >= '0' && key < ':'

const laidOut = (value: unknown, margin: string): string | undefined => {
  if (typeof value !== 'object' || value === null) return scalar(value)
  const inner = `${margin}  `
  if (Array.isArray(value)) return lines('[', value.map((item) => laidOut(item, inner) ?? 'null'), ']', margin)
  const { toJSON }: Spoken = value
  if (typeof toJSON === 'function') return laidOut(toJSON.call(value), margin)
  const members = keysOf(value).flatMap((key) => {
    const member = laidOut(memberOf(value, key), inner)
    return member === undefined ? [] : [`${quoted(key)}: ${member}`]
  })
  return lines('{', members, '}', margin)
}

const lines = (open: string, items: ReadonlyArray<string>, close: string, margin: string): string =>
  items.length === 0 ? `${open}${close}` : `${open}\n${margin}  ${items.join(`,\n${margin}  `)}\n${margin}${close}`
