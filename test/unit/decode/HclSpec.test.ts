import { fromHcl } from '../../../src/core/decode/fromHcl'
import { hclSpecOf } from '../../../src/core/decode/HclSpec'
import { optionTables } from '../../../src/core/decode/optionTable'
import * as F from '../../../src/core/field/Field'
import * as K from '../../../src/core/field/Kind'

const inner = { a: F.optional(K.text, 'A.'), n: F.withDefault(K.whole(0, 9), 1, 'N.') }

const fields = {
  text: F.required(K.text, 'A | text.'),
  path: F.optional(K.path, 'A path.'),
  hidden: F.optional(K.hidden, 'Hidden.'),
  word: F.optional(K.word(['x', 'y']), 'A word.'),
  octal: F.optional(K.octal, 'Digits.'),
  duration: F.withDefault(K.duration, '5m', 'Some time.'),
  size: F.optional(K.size, 'A size.'),
  swap: F.optional(K.sizeOrUnlimited, 'A size or none.'),
  flag: F.byHardening(K.flag, true, false, 'A flag.'),
  most: F.byHardening<number | undefined>(K.whole(1, 2), undefined, 2, 'Most.'),
  whole: F.optional(K.whole(0, 9), { text: 'A number.', sets: ['spec.a', 'spec.b'], since: 'v|2', policy: ['p', 'q'], example: 'whole = 1|2' }),
  texts: F.alias(F.orEmpty(K.texts, [], 'Texts.'), 'words', 'strings'),
  map: F.orEmpty(K.textMap, {}, 'A map.'),
  block: F.optional(K.block(inner), 'A block.'),
  must: F.required(K.block(inner), 'A block that must be there.'),
  blocks: F.orEmpty(K.blocks(inner), [], 'Blocks.'),
  mixed: F.orEmpty(K.textsOrBlocks(K.text, inner), [], 'Mixed.')
}

it('the schema of fields is what Nomad asks of a block', () => {
  const attribute = (name: string, type: string, required = false): object => ({ _tag: 'Attr', name, type, required })
  const nested = { _tag: 'Object', attributes: { a: attribute('a', 'string'), n: { _tag: 'Default', primary: attribute('n', 'number'), literal: '1' } } }
  expect(hclSpecOf(fields)).toEqual({
    _tag: 'Object',
    attributes: {
      text: attribute('text', 'string', true), path: attribute('path', 'string'), hidden: attribute('hidden', 'string'), word: attribute('word', 'string'),
      octal: attribute('octal', 'string'), duration: { _tag: 'Default', primary: attribute('duration', 'string'), literal: '"5m"' }, size: attribute('size', 'string'),
      swap: attribute('swap', 'string'), flag: attribute('flag', 'bool'), most: attribute('most', 'number'), whole: attribute('whole', 'number'),
      texts: attribute('texts', 'list(string)'), words: attribute('words', 'list(string)'), strings: attribute('strings', 'list(string)'),
      map: attribute('map', 'list(map(string))'), block: { _tag: 'Block', name: 'block', required: false, nested }, must: { _tag: 'Block', name: 'must', required: true, nested },
      blocks: { _tag: 'BlockList', name: 'blocks', nested }, mixed: attribute('mixed', 'any')
    }
  })
})

it.each<readonly [unknown, unknown]>([
  ['text', 'text'], [null, null], [[1], [1]],
  [{ text: 1, path: true, hidden: 2.5, word: false, octal: 22, duration: 5, size: 64, swap: -1 }, { text: '1', path: 'true', hidden: '2.5', word: 'false', octal: '22', duration: '5', size: '64', swap: '-1' }],
  [{ text: ['a'], path: null, unknown: 1 }, { text: ['a'], path: null, unknown: 1 }],
  [{ flag: 'true' }, { flag: true }], [{ flag: 'false' }, { flag: false }], [{ flag: 'yes' }, { flag: 'yes' }], [{ flag: 1 }, { flag: 1 }],
  ...['1', '-12', '1.5', '10.25', '1e3', '2.5E+10', '1e-12'].map((text) => [{ whole: text }, { whole: Number(text) }] as const),
  ...['', 'x1', '1x', '-', '1.', '.5', 'e3', '1e', '--1', '1e+', '1.x'].map((text) => [{ whole: text }, { whole: text }] as const), [{ whole: ['1'] }, { whole: ['1'] }],
  [{ texts: ['a', 1, true, null], words: [2], strings: 'x' }, { texts: ['a', '1', 'true', null], words: ['2'], strings: 'x' }],
  [{ map: [{ a: 1, b: 'x' }, 5] }, { map: [{ a: '1', b: 'x' }, 5] }], [{ map: { a: 1 } }, { map: { a: 1 } }],
  [{ block: [{ a: 1, n: '2' }] }, { block: { a: '1', n: 2 } }], [{ block: { a: 1 } }, { block: { a: '1' } }], [{ block: [{ a: 1 }, { a: 2 }] }, { block: [{ a: 1 }, { a: 2 }] }], [{ block: [] }, { block: [] }],
  [{ blocks: [{ a: 1 }, 'x'] }, { blocks: [{ a: '1' }, 'x'] }], [{ blocks: { a: 1 } }, { blocks: [{ a: '1' }] }], [{ blocks: 'x' }, { blocks: 'x' }],
  [{ mixed: { a: 1 } }, { mixed: [{ a: 1 }] }], [{ mixed: ['x', { a: 1 }] }, { mixed: ['x', { a: 1 }] }], [{ mixed: 'x' }, { mixed: 'x' }]
])('%j of a job is %j to the driver', (config, given) => { expect(fromHcl(fields, config)).toEqual(given) })

it('the tables of the documentation have every option, those of blocks too, and what each does', () => {
  expect(optionTables({ ...fields }).split('\n')).toEqual([
    '| option | type | default | meaning |', '| --- | --- | --- | --- |',
    '| `text` | string | required | A \\| text. |', '| `path` | absolute path |  | A path. |', '| `hidden` | string, secret |  | Hidden. |', '| `word` | `"x"` or `"y"` |  | A word. |',
    '| `octal` | octal digits |  | Digits. |', '| `duration` | duration | `"5m"` | Some time. |', '| `size` | size |  | A size. |', '| `swap` | size, or `"-1"` |  | A size or none. |',
    '| `flag` | bool | `true`; hardened: `false` | A flag. |', '| `most` | integer | none; hardened: `2` | Most. |', '| `whole` | integer |  | A number. |',
    '| `texts` | list of strings |  | Texts. Also written `words`, `strings`. |', '| `map` | map of strings |  | A map. |',
    '| `block` | block |  | A block. |', '| `block.a` | string |  | A. |', '| `block.n` | integer | `1` | N. |',
    '| `must` | block | required | A block that must be there. |', '| `must.a` | string |  | A. |', '| `must.n` | integer | `1` | N. |',
    '| `blocks` | list of blocks |  | Blocks. |', '| `blocks.a` | string |  | A. |', '| `blocks.n` | integer | `1` | N. |',
    '| `mixed` | list of strings or blocks |  | Mixed. |', '| `mixed.a` | string |  | A. |', '| `mixed.n` | integer | `1` | N. |', '',
    '| option | sets | governed by | works from | example |', '| --- | --- | --- | --- | --- |',
    ...Object.keys(fields).map((name) => (name === 'whole' ? '| `whole` | `spec.a`, `spec.b` | `p`, `q` | v\\|2 | `whole = 1\\|2` |' : `| \`${name}\` |  |  | everywhere |  |`))
  ])
})
