import * as fc from 'fast-check'

import { compact, constant, pretty } from '../../src/core/domain/canonical'
import { digestOf } from '../../src/core/domain/digest'
import { Secret } from '../../src/core/domain/Secret'
import { reordered } from '../../src/testing/order'

const json = fc.jsonValue({ noUnicodeString: false })

/** JSON has one zero. */
const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value))

const ODD = ['__proto__', 'constructor', 'toJSON', '1', '10', '9', '01', '-1', '4294967294', '4294967295', '', '"', '\\', '\u007f', '\u2028', 'é']

// Whole letters, and halves of surrogate pairs.
const word = fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit: fc.constantFrom('\ud83d', '\ude00', 'a', '"', '\n', '\u0000') }))

const leaf = fc.oneof(word, fc.double(), fc.integer(), fc.bigInt(), fc.boolean(), fc.constantFrom(null, undefined, -0, 1e21), word.map(Secret))

const { tree } = fc.letrec<{ tree: unknown }>((tie) => ({
  tree: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    leaf,
    fc.array(word, { maxLength: 12, size: 'max' }),
    fc.array(tie('tree'), { maxLength: 12 }),
    fc.uniqueArray(fc.tuple(fc.oneof(fc.constantFrom(...ODD), word), tie('tree')), { selector: ([key]) => key }).map(Object.fromEntries)
  )
}))

/** What the text must be, the slow way: a copy in order, written by JSON.stringify. */
const reference = (value: unknown, space?: number): string =>
  JSON.stringify(inOrder(value), null, space).replace(/"bigint (-?\d+)!"/g, '$1')

const inOrder = (value: unknown): unknown => {
  if (typeof value === 'bigint') return `bigint ${value}!`
  if (Array.isArray(value)) return value.map(inOrder)
  if (typeof value !== 'object' || value === null || typeof (value as { toJSON?: unknown }).toJSON === 'function') return value
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, item]) => [key, inOrder(item)]))
}

describe('canonical JSON', () => {
  it('is what JSON.stringify writes of a copy in order, and a bigint as its digits', () => {
    fc.assert(fc.property(tree, (value) => {
      fc.pre(value !== undefined)
      expect(compact(value)).toBe(reference(value))
      expect(pretty(value)).toBe(`${reference(value, 2)}\n`)
    }))
  })

  it('writes a constant as it writes the value, and a copy of one as what it has become', () => {
    fc.assert(fc.property(tree, fc.dictionary(word, tree), (value, more) => {
      const made = constant({ list: [value], more })
      expect(made).toEqual({ list: [value], more })
      expect(compact(made)).toBe(reference({ list: [value], more }))
      expect(compact([made, made.list, made.more])).toBe(reference([{ list: [value], more }, [value], more]))
      expect(compact({ ...made, list: [...made.list, 1] })).toBe(reference({ list: [value, 1], more }))
      expect(pretty(made)).toBe(`${reference({ list: [value], more }, 2)}\n`)
    }))
  })

  it('lets nobody change a constant', () => {
    const made = constant({ options: ['ro'] })
    expect(() => Object.assign(made, { type: 'bind' })).toThrow(TypeError)
    expect(() => Object.assign(made.options, ['rw'])).toThrow(TypeError)
  })

  it('says the same as the value', () => {
    fc.assert(fc.property(json, (value) => {
      expect(JSON.parse(compact(value))).toEqual(plain(value))
      expect(JSON.parse(pretty(value))).toEqual(plain(value))
    }))
  })

  it('has the same bytes in whatever order the keys came', () => {
    fc.assert(fc.property(json, fc.nat(), (value, seed) => {
      expect(compact(reordered(value, seed))).toBe(compact(value))
      expect(digestOf(compact(reordered(value, seed)))).toBe(digestOf(compact(value)))
    }))
  })

  it('keeps the order of lists', () => {
    fc.assert(fc.property(fc.array(json), (list) => { expect(compact(list)).toBe(`[${list.map(compact).join(',')}]`) }))
  })

  it('is what it already was, read and written again', () => {
    fc.assert(fc.property(json, (value) => { expect(compact(JSON.parse(pretty(value)))).toBe(compact(value)) }))
  })

  it('has the keys of a map in the order of their code units', () => {
    const key = fc.stringMatching(/^[A-Za-z_.][A-Za-z0-9_.]{0,6}$/)
    fc.assert(fc.property(fc.uniqueArray(key, { maxLength: 8 }), (keys) => {
      const written = compact(Object.fromEntries(keys.map((name) => [name, 0])))
      expect(written).toBe(`{${[...keys].sort().map((name) => `"${name}":0`).join(',')}}`)
    }))
  })

  it('never shows a secret', () => {
    fc.assert(fc.property(fc.uuid(), (value) => { expect(compact({ a: [Secret(value)] })).toBe('{"a":["(redacted)"]}') }))
  })
})
