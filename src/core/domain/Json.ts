import { isRecord } from './isRecord'

/** A JSON value. A whole number that a double cannot hold is a bigint. */
export type Json = null | boolean | number | bigint | string | ReadonlyArray<Json> | { readonly [name: string]: Json }

export type JsonRecord = { readonly [name: string]: Json }

export const isJsonRecord = (value: Json | undefined): value is JsonRecord => isRecord(value)

export const isJsonList = (value: Json | undefined): value is ReadonlyArray<Json> => Array.isArray(value)

/** A plain value as JSON has it: what speaks for itself (toJSON) is asked, members without a value are left out. */
export const toJson = (value: unknown): Json => {
  if (Array.isArray(value)) return value.map(toJson)
  if (!isRecord(value)) return isScalar(value) ? value : null
  const { toJSON } = value
  return typeof toJSON === 'function'
    ? toJson(toJSON.call(value))
    : Object.fromEntries(
        Object.entries(value).flatMap(([name, item]) => (item === undefined ? [] : [[name, toJson(item)]]))
      )
}

const isScalar = (value: unknown): value is Json =>
  value === null || ['boolean', 'number', 'bigint', 'string'].includes(typeof value)

/**
 * Whether two values are the same JSON: the order of names does not count, that of items does; 1 and 1n are the same
 * number.
 */
export const isEqual = (a: Json | undefined, b: Json | undefined): boolean => {
  if (a === b) return true
  if (isJsonList(a)) return isJsonList(b) && a.length === b.length && a.every((item, index) => isEqual(item, b[index]))
  if (isJsonRecord(a)) {
    const names = Object.keys(a)
    return (
      isJsonRecord(b)
      && names.length === Object.keys(b).length
      && names.every((name) => Object.hasOwn(b, name) && isEqual(a[name], b[name]))
    )
  }
  return isNumber(a) && isNumber(b) && typeof a !== typeof b && String(a) === String(b)
}

const isNumber = (value: Json | undefined): value is number | bigint =>
  typeof value === 'number' || typeof value === 'bigint'

/** A member by its name; undefined where there is none, and in what is no record. */
export const member = (value: Json | undefined, name: string): Json | undefined =>
  isJsonRecord(value) && Object.hasOwn(value, name) ? value[name] : undefined

/** The value at a path of names. */
export const at = (value: Json | undefined, ...path: ReadonlyArray<string>): Json | undefined =>
  path.reduce(member, value)

/** One step of a JSON pointer (RFC 6901, section 3). */
export const escaped = (name: string): string => name.replaceAll('~', '~0').replaceAll('/', '~1')
