import * as fc from 'fast-check'

import { Field, Fields, Form, Shape } from '../core/field/Field'
import { strange } from './strange'

export type Document = Readonly<Record<string, unknown>>

/** Arbitraries that stand for the options they are named after, by path: `image`, `mounts.target`. */
export type Overrides = Readonly<Record<string, fc.Arbitrary<unknown>>>

/** Any letters that the kernel takes. */
export const anyText: fc.Arbitrary<string> = fc.oneof(
  { weight: 3, arbitrary: fc.string({ maxLength: 12 }) },
  { weight: 1, arbitrary: fc.string({ unit: 'grapheme', maxLength: 8 }) }
).map((text) => text.replaceAll('\u0000', ''))

/** Documents in the types that the driver receives, all of which decode. */
export const valid = (fields: Fields, overrides: Overrides = {}, path = ''): fc.Arbitrary<Document> =>
  fc.record(
    Object.fromEntries(
      Object.entries(fields).map(([name, field]) => [name, fieldOf(field, overrides, `${path}${name}`)])
    ),
    { requiredKeys: requiredNames(fields), noNullPrototype: true }
  )

/** Documents that almost decode: one option is missing, unknown, or holds what it should not. */
export const near = (fields: Fields, overrides: Overrides = {}): fc.Arbitrary<unknown> =>
  fc.oneof(
    {
      weight: 8,
      arbitrary: fc.tuple(valid(fields, overrides), spoilt(fields)).map(([good, bad]) => merged(good, bad))
    },
    { weight: 1, arbitrary: strange }
  )

const spoilt = (fields: Fields): fc.Arbitrary<Document> =>
  fc.oneof(
    {
      weight: 6,
      arbitrary: fc.tuple(fc.constantFrom(...Object.keys(fields)), strange).map(([name, value]) => ({ [name]: value }))
    },
    {
      weight: 2,
      arbitrary: fc.tuple(unknownName(fields), strange).map(([name, value]) => Object.fromEntries([[name, value]]))
    },
    {
      weight: 1,
      arbitrary: fc.constantFrom(...requiredNames(fields), 'nothing').map((name) => ({ [name]: undefined }))
    },
    { weight: 2, arbitrary: malformed(fields) },
    { weight: 3, arbitrary: spoiltBlock(fields) }
  )

/** Any texts where they should be of a form. */
const malformed = (fields: Fields): fc.Arbitrary<Document> => {
  const formed = Object.entries(fields).filter(([, { shape }]) => 'form' in shape)
  return formed.length === 0
    ? fc.constant({})
    : fc.constantFrom(...formed).chain(([name, { shape }]) =>
        shapeOf(unformed(shape), {}, '').map((value) => ({ [name]: value }))
      )
}

const unformed = (shape: Shape): Shape =>
  Object.fromEntries(Object.entries(shape).filter(([key]) => key !== 'form')) as unknown as Shape

const spoiltBlock = (fields: Fields): fc.Arbitrary<Document> => {
  const nested = Object.entries(fields).flatMap(([name, { shape }]) =>
    shape._tag === 'Block' || shape._tag === 'Blocks' || shape._tag === 'TextsOrBlocks' ? [{ name, shape }] : []
  )
  if (nested.length === 0) return fc.constant({})
  return fc.constantFrom(...nested).chain(({ name, shape }) =>
    fc.tuple(valid(shape.fields), spoilt(shape.fields)).map(([good, bad]) => ({
      [name]: shape._tag === 'Block' ? merged(good, bad) : [good, merged(good, bad)]
    }))
  )
}

const unknownName = (fields: Fields): fc.Arbitrary<string> =>
  fc.oneof(
    fc.constantFrom('__proto__', 'constructor', 'toString', '', '0', 'a'.repeat(300)),
    fc.constantFrom(...Object.keys(fields)).map((name) => `${name.slice(1)}${name.charAt(0)}`)
  )

const merged = (good: Document, bad: Document): Document =>
  Object.fromEntries([...Object.entries(good), ...Object.entries(bad)])

const requiredNames = (fields: Fields): ReadonlyArray<string> & Array<string> =>
  Object.entries(fields).filter(([, { absent }]) => absent._tag === 'Required').map(([name]) => name)

// Nomad writes null for what the job leaves out.
const fieldOf = ({ shape, absent }: Field<unknown>, overrides: Overrides, path: string): fc.Arbitrary<unknown> => {
  const given = overrides[path] ?? shapeOf(shape, overrides, path)
  return absent._tag === 'Required' ? given : fc.option(given, { nil: null, freq: 8 })
}

const shapeOf = (shape: Shape, overrides: Overrides, path: string): fc.Arbitrary<unknown> => {
  switch (shape._tag) {
    case 'Path':
      return anyText.map((text) => `/${text}`)
    case 'Text':
      return textIn(shape.form)
    case 'Hidden':
      return anyText
    case 'Word':
      return fc.constantFrom(...shape.words)
    case 'Flag':
      return fc.boolean()
    case 'Whole':
      return wholeOf(shape.min, shape.max)
    case 'Octal':
      return fc.constantFrom('0', '22', '027', '0777')
    case 'Duration':
      return duration
    case 'Size':
      return shape.unlimited ? fc.oneof(size, fc.constant('-1')) : size
    case 'Texts':
      return fc.array(textIn(shape.form), { maxLength: 4 })
    case 'TextMap':
      return fc.oneof(mapIn(shape.form), fc.array(mapIn(shape.form), { maxLength: 2 }))
    case 'Block':
    case 'Blocks':
    case 'TextsOrBlocks':
      return blocksOf(shape, valid(shape.fields, overrides, `${path}.`))
  }
}

const blocksOf = ({ _tag }: Shape, block: fc.Arbitrary<Document>): fc.Arbitrary<unknown> => {
  if (_tag === 'Block') return block
  return fc.array(_tag === 'TextsOrBlocks' ? fc.oneof(anyText, block) : block, { maxLength: 3 })
}

const wholeOf = (min: number, max: number): fc.Arbitrary<unknown> => {
  const number = fc.maxSafeInteger().map((any) => Math.min(max, Math.max(min, any)))
  return fc.oneof(
    fc.integer({ min: Math.max(min, -(2 ** 31)), max: Math.min(max, 2 ** 31 - 1) }),
    number,
    number.map(BigInt)
  )
}

const duration = fc
  .array(fc.tuple(fc.integer({ min: 1, max: 190 }), fc.constantFrom('ns', 'us', 'µs', 'ms', 's', 'm', 'h')), {
    minLength: 1,
    maxLength: 3
  })
  .map((parts) => parts.map(([amount, unit]) => `${String(amount)}${unit}`).join(''))

const size = fc
  .tuple(fc.integer({ min: 1, max: 9999 }), fc.constantFrom('', 'b', 'k', 'KB', 'm', 'MiB', 'g', ' GB'))
  .map(([amount, unit]) => `${String(amount)}${unit}`)

const textIn = (form: Form | undefined): fc.Arbitrary<string> =>
  form === undefined ? anyText : fc.constantFrom(...form.samples)

const mapIn = (form: Form | undefined): fc.Arbitrary<unknown> =>
  fc.dictionary(
    form?.names === undefined ? anyText.filter((key) => key !== '__proto__') : fc.constantFrom(...form.names),
    textIn(form),
    { maxKeys: 3, noNullPrototype: true }
  )
