import * as E from 'fp-ts/Either'
import * as t from 'io-ts'

import { isLonger } from '../domain/bytes'
import { ARGUMENT_BYTES, ITEMS, LIST_LETTERS, PATH_BYTES, TEXT_BYTES } from '../domain/ceilings'
import { isRecord } from '../domain/isRecord'
import { Secret } from '../domain/Secret'
import { decoder } from './decoder'
import { Fields, Kind, Shape, TypeOf } from './Field'
import { fieldsCodec, Hints } from './fieldsCodec'
import { mistake, Wrong } from './mistake'
import * as scalar from './scalar'

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

const textUpTo = (most: number): Kind<string> => reading({ _tag: 'Text', most }, scalar.textOf(most))

export const text: Kind<string> = textUpTo(TEXT_BYTES)

/** A text as long as an argument of a program may be. */
export const argument: Kind<string> = textUpTo(ARGUMENT_BYTES)

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
  { _tag: 'Hidden', most: ARGUMENT_BYTES },
  (value) => E.map(Secret)(scalar.textOf(ARGUMENT_BYTES)(value)),
  true
)

/**
 * Decodes a list of at most so many items and letters; what is none, or has more, is told as such, not item by item.
 */
export const listOf = <A,>(
  what: string,
  each: t.Decoder<unknown, A>,
  most: number,
  letters = LIST_LETTERS
): t.Decoder<unknown, A> =>
  decoder(what, (value, context) => {
    if (!Array.isArray(value))
      return t.failures([mistake(value, context, Wrong('WrongType', `must be a list of ${what}`))])
    if (value.length > most) return t.failures([mistake(undefined, context, tooMany(most, value.length))])
    return lettersIn(value, LEVELS) > letters
      ? t.failures([
          mistake(
            undefined,
            context,
            Wrong('BadValue', `must have at most ${String(letters)} letters in all its texts`)
          )
        ])
      : each.validate(value, context)
  })

// A list of blocks that have lists or blocks.
const LEVELS = 3

const lettersIn = (value: unknown, levels: number): number => {
  if (typeof value === 'string') return value.length
  if (levels === 0 || typeof value !== 'object' || value === null) return 0
  return Object.values(value).reduce<number>((sum, inner) => sum + lettersIn(inner, levels - 1), 0)
}

export const tooMany = (most: number, given: number): Wrong =>
  Wrong('BadValue', `must have at most ${String(most)} items, and has ${String(given)}`)

/** A list of at most so many texts. */
export const textsOf = (
  { shape, codec }: Kind<string>,
  most: number,
  letters = LIST_LETTERS
): Kind<ReadonlyArray<string>> => ({
  shape: { _tag: 'Texts', most, each: shape._tag === 'Text' ? shape.most : PATH_BYTES },
  codec: listOf('strings', t.readonlyArray(asType('Text', codec)), most, letters)
})

export const texts: Kind<ReadonlyArray<string>> = textsOf(text, ITEMS)

/**
 * A map of at most so many texts: an object, or a list of objects merged in order (HCL blocks arrive so; the later one
 * wins).
 */
export const textMapOf = (each: number, most: number): Kind<Readonly<Record<string, string>>> => {
  const record = t.record(t.string, asType('Text', textUpTo(each).codec))
  return {
    shape: { _tag: 'TextMap', most, each },
    codec: decoder('TextMap', (value, context) => {
      const merged =
        Array.isArray(value) && value.every(isRecord) ? Object.fromEntries(value.flatMap(Object.entries)) : value
      if (!isRecord(merged))
        return t.failures([mistake(value, context, Wrong('WrongType', 'must be a map of strings'))])
      const wrong = wrongNames(Object.keys(merged), most)
      return wrong === undefined ? record.validate(merged, context) : t.failures([mistake(undefined, context, wrong)])
    })
  }
}

const wrongNames = (names: ReadonlyArray<string>, most: number): Wrong | undefined => {
  if (names.length > most) return tooMany(most, names.length)
  if (names.some((name) => isLonger(name, TEXT_BYTES)))
    return Wrong('BadValue', `must have no name of more than ${String(TEXT_BYTES)} bytes`)
  return names.some((name) => name.includes('\u0000'))
    ? Wrong('BadValue', 'must have no name with a NUL byte')
    : undefined
}

export const textMap: Kind<Readonly<Record<string, string>>> = textMapOf(TEXT_BYTES, ITEMS)

/** One nested block. */
export const block = <F extends Fields>(fields: F, hints: Hints = {}): Kind<TypeOf<F>> => ({
  shape: { _tag: 'Block', fields },
  codec: fieldsCodec('Block', fields, hints)
})

/** A list of blocks. */
export const blocks = <F extends Fields>(fields: F, hints: Hints = {}): Kind<ReadonlyArray<TypeOf<F>>> => {
  const each = t.readonlyArray(asType('Block', fieldsCodec('Block', fields, hints)))
  return { shape: { _tag: 'Blocks', most: ITEMS, fields }, codec: listOf('blocks', each, ITEMS) }
}

/** A list whose items are texts of one kind or blocks, mixed as the job likes. */
export const textsOrBlocks = <F extends Fields>(
  text: Kind<string>,
  fields: F
): Kind<ReadonlyArray<string | TypeOf<F>>> => {
  const inner = fieldsCodec('Block', fields)
  const item = decoder('Item', (value, context): t.Validation<string | TypeOf<F>> => {
    if (isRecord(value)) return inner.validate(value, context)
    return typeof value === 'string'
      ? text.codec.validate(value, context)
      : t.failures([mistake(value, context, Wrong('WrongType', 'must be a string or a block'))])
  })
  const each = t.readonlyArray(asType('Item', item))
  const bytes = text.shape._tag === 'Text' ? text.shape.most : TEXT_BYTES
  return {
    shape: { _tag: 'TextsOrBlocks', most: ITEMS, each: bytes, fields },
    codec: listOf('strings or blocks', each, ITEMS)
  }
}
