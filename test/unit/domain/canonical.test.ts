import { compact, constant, pretty } from '../../../src/core/domain/canonical'

it.each<readonly [unknown, string]>([
  [undefined, 'null'], [() => 1, 'null'], [Symbol('s'), 'null'], [[undefined, () => 1, Symbol('s')], '[null,null,null]'], [[], '[]'], [{}, '{}'],
  [{ a: undefined, b: () => 1, c: Symbol('s'), d: 1 }, '{"d":1}'], [NaN, 'null'], [Infinity, 'null'], [-1.5, '-1.5'], [2n ** 64n, '18446744073709551616'],
  [{ b: 1, a: 2 }, '{"a":2,"b":1}'], [{ '10': 1, a: 2, '9': 3, '01': 4, ':': 5, '/': 6 }, '{"9":3,"10":1,"/":6,"01":4,":":5,"a":2}'],
  [{ '-': 1, '0': 2 }, '{"0":2,"-":1}'], [{ '-': 1, '9': 2 }, '{"9":2,"-":1}'], [{ '': 1, a: 2 }, '{"":1,"a":2}'], [['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', '"'], '["a","b","c","d","e","f","g","h","\\""]'],
  [['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 1n], '["a","b","c","d","e","f","g","h",1]'], ['a"\\\n\ud800', '"a\\"\\\\\\n\\ud800"'], [new Date(0), '"1970-01-01T00:00:00.000Z"']
])('%p is written as %s', (value, text) => { expect(compact(value)).toBe(text) })

it.each<readonly [unknown, string]>([
  [undefined, 'null\n'], [[undefined, 1], '[\n  null,\n  1\n]\n'], [{ b: [], a: {} }, '{\n  "a": {},\n  "b": []\n}\n'], [{ a: undefined, b: { c: [1] } }, '{\n  "b": {\n    "c": [\n      1\n    ]\n  }\n}\n']
])('%p is laid out as %j', (value, text) => { expect(pretty(value)).toBe(text) })

it('a constant is a deep copy that nothing changes', () => {
  const given = { list: [{ a: 1 }] }
  const made = constant(given)
  given.list[0]!.a = 2
  expect(compact([made, made.list])).toBe('[{"list":[{"a":1}]},[{"a":1}]]')
  expect([made, made.list, made.list[0]].every(Object.isFrozen)).toBe(true)
  expect(Object.keys(made)).toEqual(['list'])
})
