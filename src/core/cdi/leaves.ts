import * as t from 'io-ts'

import { isAbsolute } from '../domain/path'

/** A codec of values that change neither way. */
export type Same<A> = t.Type<A>

/** A codec for values of one kind; what is wrong with any other value is `reason`. */
const leaf = <A>(reason: string, is: (value: unknown) => value is A, reasonForNumber = reason): Same<A> =>
  new t.Type(reason, is, (value, context) => {
    if (is(value)) return t.success(value)
    if (value === undefined || value === null) return t.failure(value, context, 'is required')
    return t.failure(value, context, typeof value === 'number' ? reasonForNumber : reason)
  }, t.identity)

/** Go writes an empty list or map as null, so null is the same as nothing. */
export const optional = <A,>(codec: Same<A>): Same<A | undefined> =>
  new t.Type(
    codec.name,
    (value): value is A | undefined => value === undefined || codec.is(value),
    (value, context) => (value === undefined || value === null ? t.success(undefined) : codec.validate(value, context)),
    t.identity
  )

/** A text without zero bytes for which something holds. */
export const textThat = (reason: string, holds: (text: string) => boolean): Same<string> =>
  leaf(
    reason,
    (value): value is string => typeof value === 'string' && !value.includes('\u0000') && holds(value),
    `${reason}, in quotes`
  )

export const text = textThat('must be text', () => true)
export const filled = textThat('must be text that is not empty', (given) => given !== '')
export const path = textThat('must be an absolute path', isAbsolute)
export const pathOrEmpty = textThat('must be an absolute path', (given) => given === '' || isAbsolute(given))
export const variable = textThat('must be NAME=value', (given) => given.indexOf('=') > 0)

/** One of a few words. */
export const word = <W extends string>(words: ReadonlyArray<W>): Same<W> =>
  leaf(`must be one of ${words.map((one) => JSON.stringify(one)).join(', ')}`, (value): value is W =>
    words.some((one) => one === value)
  )

const MAX = 0xffff_ffff

/** A whole number of 32 bits, from `min` on. */
export const wholeFrom = (min: number, max = MAX): Same<number> =>
  leaf(`must be a whole number from ${String(min)} to ${String(max)}`, (value): value is number =>
    typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max)

/** A user or group id. Beyond 2^31-1 runc and the kernel disagree with the spec (CVE-2024-40635). */
export const id = wholeFrom(0, 2 ** 31 - 1)
