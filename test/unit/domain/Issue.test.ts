import { pathText, placeIn } from '../../../src/core/domain/DocumentPath'
import { isNonEmpty, Issue, sorted } from '../../../src/core/domain/Issue'

const shown = (value: unknown): string | undefined => Issue('BadValue', placeIn('at'), value, 'r').value

it.each<readonly [unknown, string | undefined]>([
  [undefined, undefined], ['a "b"', '"a \\"b\\""'], [1, '1'], [NaN, 'NaN'], [Infinity, 'Infinity'], [2n ** 64n, '18446744073709551616'], [true, 'true'],
  [null, 'null'], [{ a: [1n, { b: 2n }] }, '{"a":["1",{"b":"2"}]}'], [['x'], '["x"]'], [Symbol('s'), 'Symbol(s)'], [String, String(String)]
])('the value %p is shown as %j', (value, text) => { expect(shown(value)).toBe(text) })

it('a value is shown up to 120 characters', () => {
  expect(shown('a'.repeat(118))).toBe(`"${'a'.repeat(118)}"`)
  expect(shown('a'.repeat(119))).toBe(`"${'a'.repeat(119)}…`)
})

it('a path is shown up to 400 characters', () => {
  expect(pathText(placeIn('p'.repeat(400)))).toBe('p'.repeat(400))
  expect(pathText(placeIn('p'.repeat(398), 'qr'))).toBe(`${'p'.repeat(398)}.q…`)
})

it('an issue without value and hint has no such members', () => {
  expect(Object.keys(Issue('Missing', placeIn('at'), undefined, 'r'))).toEqual(['_tag', 'at', 'reason'])
  expect(Issue('BadValue', placeIn('at'), '', 'r', 'h')).toEqual({ _tag: 'BadValue', at: { document: 'at', path: [] }, value: '""', reason: 'r', hint: 'h' })
})

it('issues are told by path, then reason, then value', () => {
  const one = (at: string, reason: string, value?: string): Issue => Issue('BadValue', placeIn(at), value, reason)
  const inOrder = [one('a', 'r'), one('a', 'r', '1'), one('a', 'r', '2'), one('a', 's', '0'), one('b', 'a')]
  expect(sorted([...inOrder].reverse())).toEqual(inOrder)
  expect(sorted([inOrder[1]!, inOrder[0]!])).toEqual(inOrder.slice(0, 2))
  expect(sorted(inOrder)).toEqual(inOrder)
  expect([isNonEmpty([]), isNonEmpty(inOrder)]).toEqual([false, true])
})
