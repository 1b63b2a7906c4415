import { says, toAbout } from '../../../src/core/field/About'
import * as F from '../../../src/core/field/Field'
import * as K from '../../../src/core/field/Kind'

const about = { text: 'T.', sets: [] }
const value = (of: unknown): object => ({ _tag: 'Value', value: of })

it('a field is what happens when it is not given, what people read, and what it decodes to', () => {
  const { codec, shape } = K.text
  expect(F.required(K.text, 'T.')).toEqual({ shape, absent: { _tag: 'Required' }, about, aliases: [], codec, fallback: { _tag: 'Missing' } })
  expect(F.optional(K.text, 'T.')).toEqual({ shape, absent: { _tag: 'Optional' }, about, aliases: [], codec, fallback: value(undefined) })
  expect(F.withDefault(K.text, 'x', 'T.')).toEqual({ shape, absent: { _tag: 'Default', written: 'x' }, about, aliases: [], codec, fallback: value('x') })
  expect(F.withDefault(K.duration, '5m', 'T.').fallback).toEqual(value(300_000))
  expect(F.withDefault(K.duration, 'odd', 'T.').fallback).toEqual({ _tag: 'Missing' })
  expect(F.orEmpty(K.texts, [], 'T.')).toMatchObject({ absent: { _tag: 'Optional' }, fallback: value([]) })
  expect(F.byHardening(K.flag, true, false, 'T.')).toMatchObject({ absent: { _tag: 'Hardening', usual: true, hardened: false }, usual: true, hardened: false, fallback: value(undefined), about })
  expect(F.alias(F.required(K.text, 'T.'), 'a', 'b').aliases).toEqual(['a', 'b'])
})

it('a bare sentence says what an About says', () => {
  expect(says('T.', ['a'], { since: 's' })).toEqual({ text: 'T.', sets: ['a'], since: 's' })
  expect(says('T.', ['a'])).toEqual({ text: 'T.', sets: ['a'] })
  expect([toAbout('T.'), toAbout(says('U.', ['b']))]).toEqual([about, { text: 'U.', sets: ['b'] }])
})
