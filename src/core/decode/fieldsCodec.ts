import * as E from 'fp-ts/Either'
import * as t from 'io-ts'

import { isRecord } from '../domain/isRecord'
import type { Fields, TypeOf } from './Field'
import { mistake, Wrong } from './mistake'
import { nearest } from './nearest'
import { decoder } from './Shape'

/** The codec of a record of Fields: decodes every field, refuses unknown names, and tells all mistakes at once. */
export const fieldsCodec = <F extends Fields>(name: string, fields: F): t.Decoder<unknown, TypeOf<F>> =>
  decoder(name, (value, context) => {
    if (!isRecord(value)) return t.failures([mistake(value, context, { ...NO_BLOCK, secret: hidesSomething(fields) })])
    const outcomes = Object.entries(fields).map(([key, { codec }]) => ({
      key,
      outcome: codec.validate(Object.hasOwn(value, key) ? value[key] : undefined, [...context, { key, type: t.unknown }])
    }))
    const errors = outcomes.flatMap(({ outcome }) => (E.isLeft(outcome) ? outcome.left : []))
    const all = [...errors, ...unknownNames(fields, value, context)]
    return all.length > 0 ? t.failures(all) : t.success(recordOf<F>(outcomes))
  })

const NO_BLOCK = Wrong('WrongType', 'must be a block of options')

const hidesSomething = (fields: Fields): boolean => Object.values(fields).some(({ shape }) => shape._tag === 'Hidden')

interface Outcome {
  readonly key: string
  readonly outcome: t.Validation<unknown>
}

const recordOf = <F extends Fields>(outcomes: ReadonlyArray<Outcome>): TypeOf<F> =>
  // The keys are those of F and each value came out of the codec of its own key.
  Object.fromEntries(
    outcomes.map(({ key, outcome }) => [key, E.isRight(outcome) ? outcome.right : undefined])
  ) as TypeOf<F>

const unknownNames = (fields: Fields, value: Readonly<Record<string, unknown>>, context: t.Context): t.Errors =>
  Object.keys(value)
    .filter((key) => !Object.hasOwn(fields, key))
    .map((key) => {
      const meant = nearest(key, Object.keys(fields))
      const hint = meant === undefined ? undefined : `did you mean "${meant}"?`
      return mistake(undefined, [...context, { key, type: t.unknown }], Wrong('UnknownOption', 'is no option here', hint))
    })
