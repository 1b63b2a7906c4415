import { jsonFault } from '../../../src/core/domain/jsonFault'
import { jsonPositions } from '../../../src/core/domain/jsonPositions'

describe('where the parts of a JSON text are written', () => {
  it('has every member and item by its path', () => {
    expect(Object.fromEntries(jsonPositions('{\n  "a": [1, {"b c": null}],\n  "d": {}\n}'))).toEqual({
      a: [2, 3], 'a[0]': [2, 9], 'a[1]': [2, 12], 'a[1].b c': [2, 13], d: [3, 3]
    })
  })

  it('counts characters, not UTF-16 units', () => {
    expect(jsonPositions('{"😀😀": 1, "b": 2}').get('b')).toEqual([1, 11])
    expect(jsonPositions('["😀",\n"😀", 1]').get('[2]')).toEqual([2, 6])
  })

  it('reads escapes in names, and keeps the last of two members with one name, as JSON.parse does', () => {
    expect(jsonPositions('{"\\u0061": 1,\n"a": 2}').get('a')).toEqual([2, 1])
  })

  it('has what stands before the place where it stops being JSON', () => {
    expect([...jsonPositions('{"a": 1, "b": [2, x, 3], "c": 1}').keys()]).toEqual(['a', 'b', 'b[0]'])
  })

  it.each(['', '1', '"a"', '}', '\u0000', '"', '\ud800', '[', '{"a"'])('gives some for %j without an error', (text) => {
    expect(jsonPositions(text).size).toBeLessThan(2)
  })

  it('takes 200,000 nested brackets, long names and many escapes in its stride', () => {
    const started = performance.now()
    expect(jsonPositions('['.repeat(200_000)).get('[0][0]')).toEqual([1, 3])
    expect(jsonPositions(`{"${'a'.repeat(500_000)}": {${Array.from({ length: 50_000 }, (_, index) => `"b${index}": 1`).join()}}}`).size).toBe(1)
    expect(jsonPositions(`["${'\\n'.repeat(900_000)}", 1]`).get('[1]')).toEqual([1, 1_800_006])
    expect(jsonPositions(`[${'1,'.repeat(500_000)}1]`).size).toBe(500_001)
    expect(performance.now() - started).toBeLessThan(20_000)
  })

  it('has none for a text above 2 Mi letters', () => {
    expect(jsonPositions(`[${' '.repeat(3_000_000)}1]`).size).toBe(0)
  })
})

describe('where a text stops being JSON', () => {
  it('is told in characters, with the letter that is there', () => {
    expect(jsonFault('["😀", 😀]')).toEqual({ line: 1, column: 7, reason: 'has "😀" instead of a value' })
  })

  it('is found in noise and behind 200,000 brackets', () => {
    expect(jsonFault(`${'['.repeat(200_000)}x`)).toMatchObject({ line: 1, column: 200_001 })
    expect(jsonFault('\u0000\u0001'.repeat(1_000_000))).toMatchObject({ line: 1, column: 1 })
  })
})
