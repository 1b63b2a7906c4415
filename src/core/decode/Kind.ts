import * as E from 'fp-ts/Either'
import * as t from 'io-ts'

import { isRecord } from '../domain/isRecord'
import { Secret } from '../domain/Secret'
import { Fields, TypeOf } from './Field'
import { fieldsCodec } from './fieldsCodec'
import { mistake, Wrong } from './mistake'
import * as scalar from './scalar'
import { decoder, Shape } from './Shape'

/** A way to write a value: its shape, and the codec of a value that is present. */
export interface Kind<A> {
  readonly shape: Shape
  readonly codec: t.Decoder<unknown, A>
}

export const reading = <A>(shape: Shape, read: scalar.Read<A>, secret = false): Kind<A> => ({
  shape,
  codec: decoder(shape._tag, (value, context) => {
    const outcome = read(value)
    return E.isRight(outcome)
      ? t.success(outcome.right)
      : t.failures([mistake(value, context, secret ? { ...outcome.left, secret } : outcome.left)])
  })
})

export const text: Kind<string> = reading({ _tag: 'Text' }, scalar.text)

export const flag: Kind<boolean> = reading({ _tag: 'Flag' }, scalar.flag)

/** A Go duration, decoded to milliseconds. */
export const duration: Kind<number> = reading({ _tag: 'Duration' }, scalar.durationMs)

/** A size such as "64m", decoded to bytes. */
export const size: Kind<number> = reading({ _tag: 'Size' }, scalar.sizeBytes)

export const whole = (min: number, max: number): Kind<number> =>
  reading({ _tag: 'Whole', min, max }, scalar.whole(min, max))

export const word = <const W extends ReadonlyArray<string>>(words: W): Kind<W[number]> =>
  reading({ _tag: 'Word', words }, scalar.word<W[number]>(words))

/** A text that must never be shown. */
export const hidden: Kind<Secret> = reading(
  { _tag: 'Hidden' },
  (value) => E.map(Secret)(scalar.text(value)),
  true
)

export const texts: Kind<ReadonlyArray<string>> = {
  shape: { _tag: 'Texts' },
  codec: decoder('Texts', (value, context) => t.readonlyArray(asType('Text', text.codec)).validate(value, context))
}

/** A map of texts: an object, or a list of objects merged in order (HCL blocks arrive so; the later one wins). */
export const textMap: Kind<Readonly<Record<string, string>>> = {
  shape: { _tag: 'TextMap' },
  codec: decoder('TextMap', (value, context) => {
    const merged = Array.isArray(value) && value.every(isRecord) ? Object.fromEntries(value.flatMap(Object.entries)) : value
    return isRecord(merged)
      ? t.record(t.string, asType('Text', text.codec)).validate(merged, context)
      : t.failures([mistake(value, context, Wrong('WrongType', 'must be a map of strings'))])
  })
}

/** One nested block. */
export const block = <F extends Fields>(fields: F): Kind<TypeOf<F>> => ({
  shape: { _tag: 'Block', fields },
  codec: fieldsCodec('Block', fields)
})

/** A list of blocks. */
export const blocks = <F extends Fields>(fields: F): Kind<ReadonlyArray<TypeOf<F>>> => ({
  shape: { _tag: 'Blocks', fields },
  codec: decoder('Blocks', (value, context) =>
    t.readonlyArray(asType('Block', fieldsCodec('Block', fields))).validate(value, context)
  )
})

const asType = <A>(name: string, { validate }: t.Decoder<unknown, A>): t.Type<A, unknown> =>
  new t.Type<A, unknown>(name, (_value): _value is A => false, validate, (value) => value)
