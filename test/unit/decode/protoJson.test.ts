import * as E from 'fp-ts/Either'

import * as P from '../../../src/core/decode/protoJson'
import { pathText } from '../../../src/core/domain/DocumentPath'
import { Secret } from '../../../src/core/domain/Secret'
import { issuesOf } from '../../../src/core/field/mistake'

const codec = P.messageCodec('m', {
  someName: P.number(), aMap: P.ignored(),
  nested: P.message({ innerOne: P.number() }), maybe: P.optionalMessage({ x: P.number() }), many: P.messages({ y: P.number() })
})

const issues = (value: unknown): unknown => E.mapLeft((errors: Parameters<typeof issuesOf>[0]) => issuesOf(errors).map(({ at, reason }) => `${pathText(at)}: ${reason}`))(codec.decode(value))

const zero = { someName: 0, aMap: undefined, nested: { innerOne: 0 }, maybe: undefined, many: [] }

it.each<readonly [unknown, object]>([
  [{}, {}], [{ someName: 1 }, { someName: 1 }], [{ some_name: '-2' }, { someName: -2 }], [{ someName: 3n }, { someName: 3 }], [{ someName: null }, {}],
  [{ aMap: { secret: 1 } }, {}], [{ nested: { inner_one: 4 } }, { nested: { innerOne: 4 } }], [{ maybe: {} }, { maybe: { x: 0 } }], [{ many: [{}, { y: 1 }] }, { many: [{ y: 0 }, { y: 1 }] }]
])('%p decodes to %j', (message, change) => {
  expect(codec.decode(message)).toEqual(E.right(expect.objectContaining({ ...zero, ...change })))
})

it.each<readonly [object, string]>([
  [{ someName: '1x' }, 'someName: must be a whole number below 2^53'], [{ someName: 'x1' }, 'someName: must be a whole number below 2^53'], [{ someName: '' }, 'someName: must be a whole number below 2^53'],
  ...['1e5', '0x10', '1.0', ' 1', '1 '].map((text) => [{ someName: text }, 'someName: must be a whole number below 2^53'] as const),
  [{ someName: 2 ** 53 }, 'someName: must be a whole number below 2^53'], [{ someName: 1.5 }, 'someName: must be a whole number below 2^53'], [{ someName: true }, 'someName: must be a whole number below 2^53'],
  [{ someName: 1, some_name: 1 }, 'some_name: means the same as `someName`, which is set too'], [{ many: [{ y: 'x' }] }, 'many[0].y: must be a whole number below 2^53'], [{ other: 1 }, 'other: is no option here']
])('%j is refused: %s', (message, reason) => { expect(issues(message)).toEqual(E.left([`m.${reason}`])) })

const read = <A>({ codec: { decode } }: { readonly codec: { readonly decode: (value: unknown) => E.Either<unknown, A> } }, value: unknown): A | undefined => {
  const outcome = decode(value)
  return E.isRight(outcome) ? outcome.right : undefined
}

it('a double is a finite number', () => {
  expect([1.5, -1, 0, NaN, Infinity, '1', 1n].map((value) => read(P.double, value))).toEqual([1.5, -1, 0, undefined, undefined, undefined, undefined])
})

it('an enum is written by name or by number', () => {
  const { codec: kind } = P.enumOf(['A', 'B'])
  expect(['A', 'B', 0, 1].map((value) => read({ codec: kind }, value))).toEqual(['A', 'B', 'A', 'B'])
  expect(['C', 2, '0', -1, null].map((value) => read({ codec: kind }, value))).toEqual([undefined, undefined, undefined, undefined, undefined])
  expect(E.mapLeft(issuesOf)(kind.decode('C'))).toMatchObject({ left: [{ reason: 'must be one of "A", "B"', value: '"C"' }] })
})

it('a map of secrets shows none of them', () => {
  expect(read(P.secretMap, { a: 'x' })?.['a']?.reveal()).toBe('x')
  expect(JSON.stringify(read(P.secretMap, { a: 'x' }))).toBe(JSON.stringify({ a: Secret('x') }))
  for (const wrong of [{ a: 'x', b: 1 }, 'x', null, ['x', 1]]) {
    expect(E.mapLeft(issuesOf)(P.secretMap.codec.decode(wrong))).toEqual(E.left([{ _tag: 'WrongType', at: { document: 'TextMap', path: [] }, value: '"(redacted)"', reason: 'must be a map of strings' }]))
  }
})
