import * as t from 'io-ts'

import { ITEMS } from '../domain/ceilings'
import { isRecord } from '../domain/isRecord'
import { decoder } from './decoder'
import type { Field, Fields, TypeOf } from './Field'
import { mistake, Wrong } from './mistake'
import { nearest } from './nearest'

/** What is known of a document: the mistakes in it, and every option that decoded, defaults included. */
export interface Parts<F extends Fields> {
  readonly errors: t.Errors
  readonly decoded: Partial<TypeOf<F>>
}

/** A decoder of a record of Fields, and of as much of a document as decodes. */
export interface FieldsCodec<F extends Fields> extends t.Decoder<unknown, TypeOf<F>> {
  readonly partsOf: (value: unknown, context: t.Context) => Parts<F>
}

/** What to say to a name that this is no option for: where its meaning went. */
export type Hints = Readonly<Record<string, string>>

/** The codec of a record of Fields: decodes every field, refuses unknown names, and tells all mistakes at once. */
export const fieldsCodec = <F extends Fields>(name: string, fields: F, hints: Hints = {}): FieldsCodec<F> => {
  const table = tableOf(fields, hints)
  const partsOf = (value: unknown, context: t.Context): Parts<F> => partsIn(table, value, context)
  return {
    ...decoder(name, (value, context) => {
      const { errors, decoded } = partsOf(value, context)
      // Without errors every field of F is there.
      return errors.length > 0 ? t.failures([...errors]) : t.success(decoded as TypeOf<F>)
    }),
    partsOf
  }
}

interface Named {
  readonly key: string
  readonly field: Field<unknown>
}

interface Table {
  readonly byName: ReadonlyMap<string, Named>
  readonly fallbacks: Readonly<Record<string, unknown>>
  readonly missing: ReadonlyArray<string>
  readonly hidesSomething: boolean
  readonly hints: ReadonlyMap<string, string>
}

const tableOf = (fields: Fields, hints: Hints): Table => {
  const all = Object.entries(fields)
  return {
    byName: new Map(
      all.flatMap(([key, field]) =>
        [key, ...field.aliases].map((name): readonly [string, Named] => [name, { key, field }])
      )
    ),
    fallbacks: Object.fromEntries(
      all.flatMap(([key, { fallback }]) => (fallback._tag === 'Value' ? [[key, fallback.value]] : []))
    ),
    missing: all.flatMap(([key, { fallback }]) => (fallback._tag === 'Missing' ? [key] : [])),
    hidesSomething: all.some(([, { shape }]) => shape._tag === 'Hidden'),
    hints: new Map(Object.entries(hints))
  }
}

const NO_BLOCK = Wrong('WrongType', 'must be a block of options')

/** What became of one name of a document; one without an outcome is no option. */
interface Outcome {
  readonly name: string
  readonly key: string
  readonly outcome: t.Validation<unknown> | undefined
}

const partsIn = <F extends Fields>(table: Table, value: unknown, context: t.Context): Parts<F> => {
  if (!isRecord(value))
    return { errors: [mistake(value, context, { ...NO_BLOCK, secret: table.hidesSomething })], decoded: {} }
  const names = Object.keys(value)
  if (names.length > ITEMS) return { errors: [mistake(undefined, context, tooMany(names.length))], decoded: {} }
  const outcomes = names
    .filter((name) => isGiven(value[name], table.byName.get(name)?.field.aliases.length === 0))
    .map((name) => outcomeOf(table, name, value[name], context))
  // What was given may be undefined: an option that is mistaken, or one that is dropped.
  const given = Object.fromEntries(
    outcomes.map(({ name, key, outcome }): readonly [string, unknown] => [
      key,
      outcome?._tag === 'Right' ? outcome.right : table.byName.get(name)?.field.partOf?.(value[name])
    ])
  )
  const isFine =
    outcomes.every(({ name, key, outcome }) => name === key && outcome?._tag === 'Right')
    && table.missing.every((key) => Object.hasOwn(given, key))
  // The values are of the types of their own keys.
  return {
    errors: isFine ? NONE : errorsOf(table, outcomes, context),
    decoded: decodedOf(table, outcomes, given) as Partial<TypeOf<F>>
  }
}

const tooMany = (given: number): Wrong =>
  Wrong('BadValue', `must have at most ${String(ITEMS)} options, and has ${String(given)}`)

const NONE: t.Errors = []

const decodedOf = (
  { byName, fallbacks }: Table,
  outcomes: ReadonlyArray<Outcome>,
  given: Readonly<Record<string, unknown>>
): Readonly<Record<string, unknown>> =>
  outcomes.every(({ name }) => byName.has(name))
    ? { ...fallbacks, ...given }
    : { ...fallbacks, ...Object.fromEntries(Object.entries(given).filter(([key]) => byName.get(key)?.key === key)) }

const errorsOf = (table: Table, outcomes: ReadonlyArray<Outcome>, context: t.Context): t.Errors => {
  const known = outcomes.filter(({ outcome }) => outcome !== undefined)
  const given = new Set(known.map(({ key }) => key))
  return [
    ...known.flatMap(({ outcome }) => (outcome?._tag === 'Left' ? outcome.left : [])),
    ...table.missing
      .filter((key) => !given.has(key))
      .map((key) => mistake(undefined, at(context, key), Wrong('Missing', 'is required'))),
    ...(given.size === known.length ? [] : twice(known, context)),
    ...outcomes
      .filter(({ outcome }) => outcome === undefined)
      .map(({ name }, order) => unknownName(table, name, context, order))
  ]
}

// Nomad sends null for whatever the job left out (cty msgpack), and an empty list for every name of a block that is not
// there.
const isGiven = (value: unknown, hasOneName: boolean): boolean =>
  value !== null && value !== undefined && (hasOneName || !Array.isArray(value) || value.length > 0)

const at = (context: t.Context, key: string): t.Context => [...context, { key, type: t.unknown }]

const outcomeOf = (table: Table, name: string, value: unknown, context: t.Context): Outcome => {
  const named = table.byName.get(name)
  return { name, key: named?.key ?? name, outcome: named?.field.codec.validate(value, at(context, name)) }
}

const twice = (outcomes: ReadonlyArray<Outcome>, context: t.Context): t.Errors =>
  outcomes
    .filter(({ key }, index) => outcomes.findIndex((other) => other.key === key) < index)
    .map(({ name, key }) => {
      const first = outcomes.find((other) => other.key === key)?.name ?? key
      return mistake(
        undefined,
        at(context, name),
        Wrong('Conflict', `means the same as \`${first}\`, which is set too`, 'keep one of them')
      )
    })

// Looking for what was meant is slow, and nobody reads it a hundred times.
const MOST_HINTS = 20

/** Which item of a list a place is in; 0 for what is in none. */
const indexIn = (context: t.Context): number => Number(context.find(({ key }) => /^\d{1,9}$/.test(key))?.key ?? 0)

const unknownName = (table: Table, name: string, context: t.Context, order: number): t.ValidationError => {
  const meant =
    indexIn(context) < MOST_HINTS && order < MOST_HINTS ? nearest(name, [...table.byName.keys()]) : undefined
  const hint = table.hints.get(name) ?? (meant === undefined ? undefined : `did you mean "${meant}"?`)
  return mistake(undefined, at(context, name), Wrong('UnknownOption', 'is no option here', hint))
}
