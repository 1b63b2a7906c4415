import * as E from 'fp-ts/Either'

import { isRecord } from '../domain/isRecord'
import { itemAt, memberAt } from '../domain/keyPath'

/** Something wrong at one place. `mistyped` is a name that is not known there, and those that are. */
export interface Found {
  readonly path: string
  readonly value?: unknown
  readonly reason: string
  readonly mistyped?: { readonly name: string; readonly known: ReadonlyArray<string> }
}

/** A value, or all that is wrong with it. */
export type Outcome<A> = E.Either<ReadonlyArray<Found>, A>

/** Reads one value of a document; `path` is where it stands. */
export type Read<A> = (value: unknown, path: string) => Outcome<A>

/**
 * What holds between the fields of an object. It is asked for objects with wrong fields too, so it sees them unread.
 */
export type Law = (fields: Readonly<Record<string, unknown>>, path: string) => ReadonlyArray<Found>

type Field = readonly [key: string, value: unknown]

type Reads<A> = { readonly [K in keyof A]-?: Read<Exclude<A[K], undefined>> }

/** Whether a field is there: null is a field left out, as it is for Go. */
export const isGiven = (value: unknown): boolean => value !== undefined && value !== null

/** The path of a field. */
export const at = (path: string, key: string): string => memberAt(path, clipped(key))

const clipped = (key: string): string => (key.length > 64 ? `${key.slice(0, 64)}…` : key)

/** One thing that is wrong. Only plain values are shown: a part of a document may be of any size and depth. */
export const Found = (path: string, value: unknown, reason: string): Found => ({
  path,
  ...(value === undefined || (typeof value === 'object' && value !== null) ? {} : { value }),
  reason
})

const wrong = (path: string, value: unknown, reason: string): Outcome<never> => E.left([Found(path, value, reason)])

/** Any text. */
export const text: Read<string> = (value, path) =>
  typeof value === 'string' ? E.right(value) : wrong(path, value, 'must be a text')

/** A text of one form. */
export const matching = (form: RegExp, reason: string): Read<string> => (value, path) =>
  typeof value === 'string' && form.test(value) ? E.right(value) : wrong(path, value, reason)

/** One of some names. */
export const word = (known: ReadonlyArray<string>, reason: string): Read<string> => (value, path) => {
  if (typeof value !== 'string') return wrong(path, value, 'must be a text')
  if (known.includes(value)) return E.right(value)
  return E.left([{ ...Found(path, value, reason), mistyped: { name: value, known } }])
}

/** A whole number from 0 on. */
export const whole = (max: number, reason: string): Read<number> => (value, path) =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 && value <= max
    ? E.right(value)
    : wrong(path, value, reason)

/** A list of things of one kind. */
export const list = <A>(item: Read<A>): Read<ReadonlyArray<A>> => (value, path) =>
  Array.isArray(value)
    ? all(value.map((one: unknown, index) => item(one, itemAt(path, index))))
    : wrong(path, value, 'must be a list')

const all = <A,>(outcomes: ReadonlyArray<Outcome<A>>): Outcome<ReadonlyArray<A>> => {
  const found = outcomes.flatMap((outcome) => (E.isLeft(outcome) ? outcome.left : []))
  return found.length > 0
    ? E.left(found)
    : E.right(outcomes.flatMap((outcome) => (E.isRight(outcome) ? [outcome.right] : [])))
}

/** An object with the fields that `reads` has and no other. */
export const object = <A extends object>(
  reads: Reads<A>,
  required: ReadonlyArray<keyof A & string>,
  law: Law
): Read<A> => {
  const readers = Object.entries<Read<unknown>>(reads)
  const known = readers.map(([key]) => key)
  return (value, path) => {
    if (!isRecord(value)) return wrong(path, value, 'must be an object')
    const given = readers.filter(([key]) => isGiven(value[key]))
    const fields = all(
      given.map(([key, read]) => E.map((one: unknown): Field => [key, one])(read(value[key], at(path, key))))
    )
    const found = [
      ...unknownKeys(value, known, path),
      ...required.filter((key) => !isGiven(value[key])).map((key) => Found(at(path, key), undefined, 'must be given')),
      ...(E.isLeft(fields) ? fields.left : []),
      ...law(value, path)
    ]
    // Every key came through the reader that Reads<A> has for it.
    return E.isLeft(fields) || found.length > 0 ? E.left(found) : E.right(Object.fromEntries(fields.right) as A)
  }
}

const unknownKeys = (value: object, known: ReadonlyArray<string>, path: string): ReadonlyArray<Found> =>
  Object.keys(value)
    .filter((key) => !known.includes(key))
    .map((key) => ({
      path: at(path, key),
      reason: 'is no field of a seccomp profile here',
      mistyped: { name: key, known }
    }))
