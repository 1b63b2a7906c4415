import * as t from 'io-ts'

import type { Kind } from './Kind'
import { mistake, Wrong } from './mistake'
import { decoder, Shape } from './Shape'

/** What happens when an option is not given. A default is written as the job's author would write it. */
export type Absent =
  | { readonly _tag: 'Required' }
  | { readonly _tag: 'Optional' }
  | { readonly _tag: 'Default'; readonly written: string | boolean | number }

/** One option, described once: how it is written, what stands for it when absent, what people read about it. */
export interface Field<A> {
  readonly shape: Shape
  readonly absent: Absent
  readonly text: string
  readonly codec: t.Decoder<unknown, A>
}

export type Fields = Readonly<Record<string, Field<unknown>>>

/** The decoded record of a record of Fields. */
export type TypeOf<F extends Fields> = {
  readonly [K in keyof F]: F[K] extends Field<infer A> ? A : never
}

/** An option that a job cannot leave out. */
export const required = <A>(kind: Kind<A>, text: string): Field<A> => ({
  shape: kind.shape,
  absent: { _tag: 'Required' },
  text,
  codec: ifAbsent(kind, (context) => t.failures([mistake(undefined, context, Wrong('Missing', 'is required'))]))
})

/** An option that may be left out, and is `undefined` then. */
export const optional = <A>(kind: Kind<A>, text: string): Field<A | undefined> => ({
  shape: kind.shape,
  absent: { _tag: 'Optional' },
  text,
  codec: ifAbsent<A | undefined>(kind, () => t.success(undefined))
})

/** An option with a documented default. */
export const withDefault = <A>(kind: Kind<A>, written: string | boolean | number, text: string): Field<A> => ({
  shape: kind.shape,
  absent: { _tag: 'Default', written },
  text,
  codec: ifAbsent(kind, (context) => kind.codec.validate(written, context))
})

/** An option that is an empty list or map when left out. */
export const orEmpty = <A>(kind: Kind<A>, empty: A, text: string): Field<A> => ({
  shape: kind.shape,
  absent: { _tag: 'Optional' },
  text,
  codec: ifAbsent(kind, () => t.success(empty))
})

// Nomad sends null for whatever the job left out (cty msgpack).
const ifAbsent = <A>(kind: Kind<A>, absent: (context: t.Context) => t.Validation<A>): t.Decoder<unknown, A> =>
  decoder(kind.codec.name, (value, context) =>
    value === null || value === undefined ? absent(context) : kind.codec.validate(value, context)
  )
