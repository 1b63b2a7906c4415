import * as E from 'fp-ts/Either'
import * as t from 'io-ts'

import { isLonger } from '../domain/bytes'
import { ARGUMENT_BYTES, ITEMS, VARIABLES } from '../domain/ceilings'
import { isRecord } from '../domain/isRecord'
import { Secret } from '../domain/Secret'
import { decoder } from '../field/decoder'
import { alias, decoded, Field, Fields, optional, orEmpty, TypeOf, withDefault } from '../field/Field'
import { Kind } from '../field/Field'
import { FieldsCodec, fieldsCodec } from '../field/fieldsCodec'
import { listOf, reading, tooMany } from '../field/Kind'
import { Wrong } from '../field/mistake'

/**
 * Kinds for messages in proto3 JSON: names in camelCase or snake_case, int64 as number or text, what is absent has its
 * zero value.
 */

/** An int64, as far as a double holds it exactly (2^53): no limit that Nomad sends is larger. */
export const int64: Kind<number> = reading(
  { _tag: 'Whole', min: Number.MIN_SAFE_INTEGER, max: Number.MAX_SAFE_INTEGER },
  (value) => {
    const number =
      (typeof value === 'string' && /^-?\d+$/.test(value)) || typeof value === 'bigint' ? Number(value) : value
    return typeof number === 'number' && Number.isSafeInteger(number)
      ? E.right(number)
      : E.left(Wrong('WrongType', 'must be a whole number below 2^53'))
  }
)

/** A double. */
export const double: Kind<number> = reading({ _tag: 'Whole', min: 0, max: Number.MAX_SAFE_INTEGER }, (value) =>
  typeof value === 'number' && Number.isFinite(value) ? E.right(value) : E.left(Wrong('WrongType', 'must be a number')))

/** An enum, by name or by number. */
export const enumOf = <const N extends ReadonlyArray<string>>(names: N): Kind<N[number]> =>
  reading({ _tag: 'Word', words: names }, (value) => {
    const found = names.find((name, number) => value === name || value === number)
    return found === undefined
      ? E.left(Wrong('BadValue', `must be one of ${names.map((name) => JSON.stringify(name)).join(', ')}`))
      : E.right(found)
  })

/** A map whose values are not shown: environments. */
export const secretMap: Kind<Readonly<Record<string, Secret>>> = reading(
  { _tag: 'TextMap', most: VARIABLES, each: ARGUMENT_BYTES },
  (value) => {
    if (!isRecord(value)) return E.left(Wrong('WrongType', 'must be a map of strings'))
    const names = Object.keys(value)
    if (names.length > VARIABLES) return E.left(tooMany(VARIABLES, names.length))
    if (!names.every((name) => typeof value[name] === 'string'))
      return E.left(Wrong('WrongType', 'must be a map of strings'))
    const long = names.find((name) => isLonger(`${name}=${String(value[name])}`, ARGUMENT_BYTES))
    return long === undefined
      ? E.right(Object.fromEntries(names.map((name) => [name, Secret(String(value[name]))])))
      : E.left(
          Wrong(
            'BadValue',
            `has ${JSON.stringify(long.slice(0, NAME_SHOWN))} with more than ${String(ARGUMENT_BYTES)} bytes, name and "=" counted`
          )
        )
  },
  true
)

const NAME_SHOWN = 120

/** A field that is on the wire and that nothing here reads: its value is dropped, it may hold a secret. */
export const dropped: Kind<undefined> = {
  shape: { _tag: 'Text', most: Infinity },
  codec: decoder('dropped', () => t.success(undefined))
}

export const text = (kind: Kind<string>): Field<string> => withDefault(kind, '', '')

export const number = (): Field<number> => withDefault(int64, 0, '')

export const ignored = (): Field<undefined> => optional(dropped, '')

/** The codec of a proto3 JSON message. */
export const messageCodec = <F extends Fields>(name: string, fields: F): FieldsCodec<F> =>
  fieldsCodec(name, withSnakeCase(fields))

// The keys and types are those of F.
const withSnakeCase = <F extends Fields>(fields: F): F =>
  Object.fromEntries(
    Object.entries(fields).map(([key, field]) => [key, snake(key) === key ? field : alias(field, snake(key))])
  ) as F

const snake = (key: string): string => key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)

/** A nested message; absent is the message with every field at its zero value. */
export const message = <F extends Fields>(fields: F): Field<TypeOf<F>> => {
  const kind: Kind<TypeOf<F>> = { shape: { _tag: 'Block', fields }, codec: messageCodec('message', fields) }
  return { ...optional(kind, ''), codec: kind.codec, fallback: decoded(kind, {}) }
}

/** A nested message whose absence means something. */
export const optionalMessage = <F extends Fields>(fields: F): Field<TypeOf<F> | undefined> =>
  optional({ shape: { _tag: 'Block', fields }, codec: messageCodec('message', fields) }, '')

/** A repeated message. */
export const messages = <F extends Fields>(fields: F): Field<ReadonlyArray<TypeOf<F>>> => {
  const each = messageCodec('message', fields)
  const item = new t.Type<TypeOf<F>, unknown>(
    'message',
    (_v): _v is TypeOf<F> => false,
    each.validate,
    (v) => v
  )
  return orEmpty(
    { shape: { _tag: 'Blocks', most: ITEMS, fields }, codec: listOf('messages', t.readonlyArray(item), ITEMS) },
    [],
    ''
  )
}
