import * as E from 'fp-ts/Either'
import * as t from 'io-ts'

import { About, toAbout } from './About'

/** A value as the job's author would write it. */
export type Written = string | boolean | number | ReadonlyArray<string> | Readonly<Record<string, string>>

/** A form that texts of an option have, beyond being texts: some that have it, and the names where they stand in a map. */
export interface Form {
  readonly samples: ReadonlyArray<string>
  readonly names?: ReadonlyArray<string>
}

/**
 * What kind of value an option holds. `most` is the most bytes of a text or items of a list, `each` the most bytes of
 * each text in it. All that is made from an option (hclspec, documentation, arbitrary) folds over this.
 */
export type Shape =
  | { readonly _tag: 'Text'; readonly most: number; readonly form?: Form }
  | { readonly _tag: 'Path' }
  | { readonly _tag: 'Hidden'; readonly most: number }
  | { readonly _tag: 'Word'; readonly words: ReadonlyArray<string> }
  | { readonly _tag: 'Flag' }
  | { readonly _tag: 'Whole'; readonly min: number; readonly max: number }
  | { readonly _tag: 'Octal' }
  | { readonly _tag: 'Duration' }
  | { readonly _tag: 'Size'; readonly unlimited: boolean }
  | { readonly _tag: 'Texts'; readonly most: number; readonly each: number; readonly form?: Form }
  | { readonly _tag: 'TextMap'; readonly most: number; readonly each: number; readonly form?: Form }
  | { readonly _tag: 'Block'; readonly fields: Fields }
  | { readonly _tag: 'Blocks'; readonly most: number; readonly fields: Fields }
  | { readonly _tag: 'TextsOrBlocks'; readonly most: number; readonly each: number; readonly fields: Fields }

/** A way to write a value: its shape, and the codec of a value that is present. */
export interface Kind<A> {
  readonly shape: Shape
  readonly codec: t.Decoder<unknown, A>
  /** As much of a mistaken value as can be read, so that what is wrong with the rest is told too. */
  readonly partOf?: (value: unknown) => A | undefined
}

/** What happens when an option is not given. `Hardening`: the operator's switch `hardened` chooses one of two. */
export type Absent =
  | { readonly _tag: 'Required' }
  | { readonly _tag: 'Optional' }
  | { readonly _tag: 'Default'; readonly written: Written }
  | { readonly _tag: 'Hardening'; readonly usual: Written | undefined; readonly hardened: Written | undefined }

/** The decoded value of an option that is not given. */
export type Fallback<A> = { readonly _tag: 'Value'; readonly value: A } | { readonly _tag: 'Missing' }

/** One option, described once: how it is written, what stands for it when absent, what people read about it. */
export interface Field<A> {
  readonly shape: Shape
  readonly absent: Absent
  readonly about: About
  /** Other names of the same option. A job gives one of them. */
  readonly aliases: ReadonlyArray<string>
  /** Decodes a value that is given. */
  readonly codec: t.Decoder<unknown, A>
  readonly partOf?: (value: unknown) => A | undefined
  readonly fallback: Fallback<A>
}

export type Fields = Readonly<Record<string, Field<unknown>>>

/** A field with its own name. */
export interface NamedField {
  readonly name: string
  readonly field: Field<unknown>
}

/** The field of an option, by its own name or another one of it. */
export const fieldNamed = (fields: Fields, name: string): NamedField | undefined => {
  if (Object.hasOwn(fields, name)) return fields[name] === undefined ? undefined : { name, field: fields[name] }
  const [own, field] = Object.entries(fields).find(([, { aliases }]) => aliases.includes(name)) ?? []
  return own === undefined || field === undefined ? undefined : { name: own, field }
}

/** The decoded record of a record of Fields. */
export type TypeOf<F extends Fields> = {
  readonly [K in keyof F]: F[K] extends Field<infer A> ? A : never
}

type Words = string | About

const field = <A>(kind: Kind<A>, absent: Absent, about: Words, fallback: Fallback<A>): Field<A> => ({
  shape: kind.shape,
  absent,
  about: toAbout(about),
  aliases: [],
  codec: kind.codec,
  fallback,
  ...(kind.partOf === undefined ? {} : { partOf: kind.partOf })
})

const MISSING: Fallback<never> = { _tag: 'Missing' }

const is = <A>(value: A): Fallback<A> => ({ _tag: 'Value', value })

/** An option that a job cannot leave out. */
export const required = <A>(kind: Kind<A>, about: Words): Field<A> => field(kind, { _tag: 'Required' }, about, MISSING)

/** An option that may be left out, and is `undefined` then. */
export const optional = <A>(kind: Kind<A>, about: Words): Field<A | undefined> =>
  field<A | undefined>(kind, { _tag: 'Optional' }, about, is(undefined))

/** An option with a documented default. */
export const withDefault = <A>(kind: Kind<A>, written: string | boolean | number, about: Words): Field<A> =>
  field(kind, { _tag: 'Default', written }, about, decoded(kind, written))

/** An option that is an empty list or map when left out. */
export const orEmpty = <A,>(kind: Kind<A>, empty: A, about: Words): Field<A> =>
  field(kind, { _tag: 'Optional' }, about, is(empty))

/** A block that may be left out: its options have their defaults then. */
export const usualBlock = <A,>(kind: Kind<A>, about: Words): Field<A> =>
  field(kind, { _tag: 'Optional' }, about, decoded(kind, {}))

/**
 * An operator's option that the switch `hardened` gives another default. It is `undefined` when left out, until a
 * policy is made.
 */
export interface Hardening<A> extends Field<A | undefined> {
  readonly usual: A
  readonly hardened: A
}

export const byHardening = <A extends Written | undefined>(
  kind: Kind<NonNullable<A>>,
  usual: A,
  hardened: A,
  about: Words
): Hardening<A> => ({
  ...optional<A>(kind, about),
  absent: { _tag: 'Hardening', usual, hardened },
  usual,
  hardened
})

/** A default, as it is written and what it stands for. */
export interface Shown<A> {
  readonly written: Written
  readonly value: A
}

/** As byHardening, of an option whose values are not what is written. */
export const shownByHardening = <A,>(
  kind: Kind<A>,
  usual: Shown<A>,
  hardened: Shown<A>,
  about: Words
): Hardening<A> => ({
  ...optional<A>(kind, about),
  absent: { _tag: 'Hardening', usual: usual.written, hardened: hardened.written },
  usual: usual.value,
  hardened: hardened.value
})

/** The same option under more names. */
export const alias = <A>(of: Field<A>, ...aliases: ReadonlyArray<string>): Field<A> => ({ ...of, aliases })

/** What a written value decodes to; `Missing` when it does not. */
export const decoded = <A>({ codec }: Pick<Kind<A>, 'codec'>, written: unknown): Fallback<A> => {
  const outcome = codec.decode(written)
  return E.isRight(outcome) ? is(outcome.right) : MISSING
}
