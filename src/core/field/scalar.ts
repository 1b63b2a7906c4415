import * as E from 'fp-ts/Either'

import { isLonger } from '../domain/bytes'
import { TEXT_BYTES, tooLong } from '../domain/ceilings'
import { isAbsolute } from '../domain/path'
import { Wrong } from './mistake'

/** Reads one value that is present: the value, or what is wrong with it. */
export type Read<A> = (value: unknown) => E.Either<Wrong, A>

const expected = (what: string): E.Either<Wrong, never> => E.left(Wrong('WrongType', `must be ${what}`))

/** A text of at most so many bytes, without NUL bytes, which neither the kernel nor the runtime can take. */
export const textOf = (most: number): Read<string> => (value) => {
  if (typeof value !== 'string') return expected('a string')
  if (isLonger(value, most)) return E.left(Wrong('BadValue', `must be at most ${String(most)} bytes long`))
  return value.includes('\u0000') ? E.left(Wrong('BadValue', 'must not contain a NUL byte')) : E.right(value)
}

export const text: Read<string> = textOf(TEXT_BYTES)

/**
 * A text that is a path or has some in it, none of them longer than the kernel takes. Whether a path is absolute is
 * another question.
 */
export const textWith = (most: number, pathsIn: (given: string) => ReadonlyArray<string>): Read<string> => (value) => {
  const outcome = textOf(most)(value)
  if (E.isLeft(outcome)) return outcome
  const [wrong] = pathsIn(outcome.right).flatMap((one) => tooLong(one) ?? [])
  return wrong === undefined ? outcome : E.left(Wrong('BadValue', wrong))
}

/** An absolute path. */
export const path: Read<string> = (value) =>
  E.chain((given: string): E.Either<Wrong, string> =>
    isAbsolute(given) ? E.right(given) : E.left(Wrong('BadValue', 'must be an absolute path'))
  )(textWith(Infinity, (given) => [given])(value))

export const flag: Read<boolean> = (value) => (typeof value === 'boolean' ? E.right(value) : expected('true or false'))

/** One of a few words. */
export const word =
  <W extends string>(words: ReadonlyArray<W>): Read<W> =>
  (value) => {
    const found = words.find((candidate) => candidate === value)
    const list = words.map((candidate) => JSON.stringify(candidate)).join(', ')
    return found === undefined ? E.left(Wrong('BadValue', `must be one of ${list}`)) : E.right(found)
  }

/** A whole number between two bounds. Integers of Nomad arrive as number or bigint. */
export const whole =
  (min: number, max: number): Read<number> =>
  (value) => {
    if (typeof value !== 'number' && typeof value !== 'bigint') return expected('a whole number')
    const number = Number(value)
    if (!Number.isInteger(number)) return expected('a whole number')
    const fits = number >= min && number <= max
    return fits ? E.right(number) : E.left(Wrong('BadValue', `must be between ${String(min)} and ${String(max)}`))
  }

const NANOS: Readonly<Record<string, number>> = {
  ns: 1e-6, us: 1e-3, µs: 1e-3, μs: 1e-3, ms: 1, s: 1e3, m: 6e4, h: 3.6e6
}

const PART = /(\d+(?:\.\d*)?|\.\d+)(ns|us|\u00b5s|\u03bcs|ms|s|m|h)/g

// What a timer of 31 bits can hold, in whole days.
const MAX_MS = 24 * 24 * 3.6e6

/** How a duration is written. What it comes to is checked beside. */
export const DURATION = /^(?:(?:\d+(?:\.\d*)?|\.\d+)(?:ns|us|\u00b5s|\u03bcs|ms|s|m|h))+$/

/** A Go duration ("5m", "1h30m", "500ms") as whole milliseconds, rounded up; above zero, at most 24 days. */
export const durationMs: Read<number> = (value) => {
  if (typeof value !== 'string') return expected('a duration such as "5m" or "30s"')
  // Only in a text of this form is a search for the parts linear.
  if (isLonger(value, TEXT_BYTES) || !DURATION.test(value))
    return E.left(Wrong('BadValue', 'must be a duration such as "5m", "30s" or "1h30m"'))
  const total = [...value.matchAll(PART)].reduce(
    (sum, [, amount, unit]) => sum + Number(amount) * (NANOS[unit ?? ''] ?? 0),
    0
  )
  if (total > MAX_MS) return E.left(Wrong('BadValue', 'must be at most 24 days ("576h")'))
  return total > 0 ? E.right(Math.ceil(total)) : E.left(Wrong('BadValue', 'must be longer than zero'))
}

const UNITS = 'bkmgtp'

/** How a size is written: amount, then unit. */
export const SIZE = /^(\d+(?:\.\d+)?) ?([bkmgtpBKMGTP])?(?:[iI]?[bB])?$/

/** A size as Docker writes it ("64m", "1g", "512", "10MiB"; powers of 1024) in bytes, above zero. */
export const sizeBytes: Read<number> = (value) => {
  if (typeof value !== 'string') return expected('a size such as "64m" or "1g"')
  const [, amount, unit] = isLonger(value, TEXT_BYTES) ? [] : (SIZE.exec(value) ?? [])
  if (amount === undefined) return E.left(Wrong('BadValue', 'must be a size such as "64m", "1g" or a number of bytes'))
  const bytes = Math.floor(Number(amount) * 1024 ** UNITS.indexOf((unit ?? 'b').toLowerCase()))
  if (bytes <= 0) return E.left(Wrong('BadValue', 'must be more than zero'))
  return Number.isSafeInteger(bytes) ? E.right(bytes) : E.left(Wrong('BadValue', 'must be smaller than 8 PiB'))
}

/** A size, or -1 for no limit. */
export const sizeOrUnlimited: Read<number> = (value) => (value === '-1' ? E.right(-1) : sizeBytes(value))

/** How a mask of file modes is written. */
export const OCTAL = /^0?[0-7]{1,3}$/

/** A mask of file modes: one to four octal digits, at most 0777. */
export const octal: Read<number> = (value) => {
  if (typeof value !== 'string') return expected('octal digits such as "0022"')
  return OCTAL.test(value)
    ? E.right(parseInt(value, 8))
    : E.left(Wrong('BadValue', 'must be octal digits up to "0777", such as "0022"'))
}
