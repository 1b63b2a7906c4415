import * as E from 'fp-ts/Either'

import { Json } from '../../../src/core/domain/Json'
import { parseJson } from '../../../src/core/share/parseJson'

const parsed = (text: string): Json => {
  const result = parseJson(text)
  if (E.isLeft(result)) throw new Error(result.left)
  return result.right
}

describe('parseJson', () => {
  it('keeps all digits of a whole number that a double cannot hold', () => {
    expect(parsed('{"hard":18446744073709551615,"list":[-9007199254740993, 9007199254740991]}'))
      .toEqual({ hard: 18446744073709551615n, list: [-9007199254740993n, 9007199254740991] })
  })

  it.each([
    '"18446744073709551615"', '["\\"18446744073709551615", "a\\\\", 1]', '{"18446744073709551615":"x 18446744073709551615 y"}',
    '0.1234567890123456789', '12345.12345678901234567', '1e-1234567890123456', '1.5e10', '1234567890123456e2', '-0', '1000000000000000', '{"1234567890123456":{"__proto__":1}}'
  ])('reads %s as JSON.parse does', (text) => {
    expect(parsed(text)).toEqual(JSON.parse(text))
  })

  it('takes no text for a number, whatever it begins with', () => {
    const odd = { 'a': '\u0000', 'b': '\u0000\u000012', '\u0000whole': '12', '\u0000': '\u00001234567890123456', 'c': '1234567890123456789' }
    expect(parsed(JSON.stringify({ ...odd, n: [1] }))).toEqual({ ...odd, n: [1] })
    expect(parsed('["\\u00001234567890123456789", 1234567890123456789, "\\u0000"]')).toEqual(['\u00001234567890123456789', 1234567890123456789n, '\u0000'])
  })

  it('keeps a member named __proto__', () => {
    expect(Object.keys(parsed('{"__proto__":{"a":18446744073709551615}}') as object)).toEqual(['__proto__'])
  })

  it.each(['{"a":hunter2}', '{"password":"hunter2"', '[00000000000000000001]', '', '{"a":18446744073709551615,}', 'hunter2'])('refuses %j and shows nothing of it', (text) => {
    const result = parseJson(text)
    expect(E.isLeft(result) && result.left).toEqual(expect.any(String))
    expect(E.isLeft(result) && result.left).not.toContain('hunter2')
  })
})
