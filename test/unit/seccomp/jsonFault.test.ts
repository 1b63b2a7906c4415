import { jsonFault } from '../../../src/core/seccomp/jsonFault'

describe('where a text stops being JSON', () => {
  it.each([
    ['', 1, 1, 'the end of the text instead of a value'],
    ['{', 1, 2, 'the end of the text instead of a name in double quotes or "}"'],
    ['{"a":1,}', 1, 8, '"}" instead of a name in double quotes'],
    ['{\n  "a": 1,\n  "b": [1,]\n}', 3, 11, '"]" instead of a value'],
    ['{\r\n\t"a" 1}', 2, 6, '"1" instead of ":"'],
    ['[\n1\n}', 3, 1, '"}" instead of a comma or the end of what is open'],
    ['{} {}', 1, 4, '"{" instead of a comma or the end of what is open'],
    ['[tru]', 1, 2, '"t" instead of a value or "]"'],
    ['01', 1, 2, '"1" instead of a comma or the end of what is open'],
    ["{'a':1}", 1, 2, '"\'" instead of a name in double quotes or "}"'],
    ['{"a": "b', 1, 7, 'a text that is not closed or not well escaped instead of a value'],
    ['["\\x"]', 1, 2, 'a text that is not closed or not well escaped instead of a value or "]"'],
    ['{"a" "a long name, cut"}', 1, 6, 'a text instead of ":"']
  ])('%j', (text, line, column, words) => { expect(jsonFault(text)).toBe(`: line ${line}, column ${column} has ${words}`) })

  it.each(['0', ' null\n', '{"a":[{},[],{"b":[1,-2.5e+3,true,false,"\\u00e9\\n"]}]}'])('%j is JSON', (text) => {
    expect(jsonFault(text)).toBeUndefined()
  })
})
