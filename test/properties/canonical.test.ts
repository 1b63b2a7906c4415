import * as fc from 'fast-check'

import { compact, pretty } from '../../src/core/domain/canonical'
import { digestOf } from '../../src/core/domain/digest'
import { Secret } from '../../src/core/domain/Secret'
import { reordered } from '../arbitraries/reordered'

const json = fc.jsonValue({ noUnicodeString: false })

/** JSON has one zero. */
const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value))

describe('canonical JSON', () => {
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
