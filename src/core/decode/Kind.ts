import * as E from 'fp-ts/Either'
import * as t from 'io-ts'

import { isRecord } from '../domain/isRecord'
import { Secret } from '../domain/Secret'
import { Fields, TypeOf } from './Field'
import { fieldsCodec, Hints } from './fieldsCodec'
import { mistake, Wrong } from './mistake'
import * as scalar from './scalar'
import { decoder, Shape } from './Shape'

/** A way to write a value: its shape, and the codec of a value that is present. */
export interface Kind<A> {
  readonly shape: Shape
  readonly codec: t.Decoder<unknown, A>
}

const asType = <A>(name: string, { validate }: t.Decoder<unknown, A>): t.Type<A, unknown> =>
  new t.Type<A, unknown>(name, (_value): _value is A => false, validate, (value) => value)

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

/** An absolute path on the host. */
export const path: Kind<string> = reading({ _tag: 'Path' }, scalar.path)

export const flag: Kind<boolean> = reading({ _tag: 'Flag' }, scalar.flag)

/** A Go duration, decoded to milliseconds. */
export const duration: Kind<number> = reading({ _tag: 'Duration' }, scalar.durationMs)

/** A size such as "64m", decoded to bytes. */
export const size: Kind<number> = reading({ _tag: 'Size', unlimited: false }, scalar.sizeBytes)

/** A size, or "-1" for no limit, decoded to bytes or -1. */
export const sizeOrUnlimited: Kind<number> = reading({ _tag: 'Size', unlimited: true }, scalar.sizeOrUnlimited)

/** A file mode mask in octal digits ("0022"), decoded to a number. */
export const octal: Kind<number> = reading({ _tag: 'Octal' }, scalar.octal)

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

const TEXT = asType('Text', text.codec)
const TEXTS = t.readonlyArray(TEXT)

/** Decodes a list; what is none is told as such, not item by item. */
const listOf = <A>(what: string, each: t.Decoder<unknown, A>): t.Decoder<unknown, A> =>
  decoder(what, (value, context) =>
    Array.isArray(value) ? each.validate(value, context) : t.failures([mistake(value, context, Wrong('WrongType', `must be a list of ${what}`))]))

const TEXT_RECORD = t.record(t.string, TEXT)

export const texts: Kind<ReadonlyArray<string>> = { shape: { _tag: 'Texts' }, codec: listOf('strings', TEXTS) }

/** A map of texts: an object, or a list of objects merged in order (HCL blocks arrive so; the later one wins). */
export const textMap: Kind<Readonly<Record<string, string>>> = {
  shape: { _tag: 'TextMap' },
  codec: decoder('TextMap', (value, context) => {
    const merged = Array.isArray(value) && value.every(isRecord) ? Object.fromEntries(value.flatMap(Object.entries)) : value
    if (!isRecord(merged)) return t.failures([mistake(value, context, Wrong('WrongType', 'must be a map of strings'))])
    return Object.keys(merged).some((key) => key.includes('\u0000'))
      ? t.failures([mistake(undefined, context, Wrong('BadValue', 'must have no name with a NUL byte'))])
      : TEXT_RECORD.validate(merged, context)
  })
}

/** One nested block. */
export const block = <F extends Fields>(fields: F, hints: Hints = {}): Kind<TypeOf<F>> => ({
  shape: { _tag: 'Block', fields },
  codec: fieldsCodec('Block', fields, hints)
})

/** A list of blocks. */
export const blocks = <F extends Fields>(fields: F, hints: Hints = {}): Kind<ReadonlyArray<TypeOf<F>>> => {
  const each = t.readonlyArray(asType('Block', fieldsCodec('Block', fields, hints)))
  return { shape: { _tag: 'Blocks', fields }, codec: listOf('blocks', each) }
}

/** A list whose items are texts or blocks, mixed as the job likes. */
export const textsOrBlocks = <F extends Fields>(fields: F): Kind<ReadonlyArray<string | TypeOf<F>>> => {
  const inner = fieldsCodec('Block', fields)
  const item = decoder('Item', (value, context): t.Validation<string | TypeOf<F>> => {
    if (isRecord(value)) return inner.validate(value, context)
    return typeof value === 'string' ? text.codec.validate(value, context) : t.failures([mistake(value, context, Wrong('WrongType', 'must be a string or a block'))])
  })
  const each = t.readonlyArray(asType('Item', item))
  return { shape: { _tag: 'TextsOrBlocks', fields }, codec: listOf('strings or blocks', each) }
}
