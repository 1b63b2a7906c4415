import * as fc from 'fast-check'
import * as E from 'fp-ts/Either'

import { filled, fits, gap, gapEach, gapOr, literal } from '../../../src/core/domain/gaps'

const WORDS = { address: '10.0.0.5', addresses: '10.0.0.5 fd00::5', none: '' }

it.each<readonly [string, string, string]>([
  ['a gap that is filled', `hosts of ${gap('address')}!\nend`, 'hosts of 10.0.0.5!\nend'],
  ['a line for each part', `${gapEach('addresses', ['127.0.1.1'])} web\nend`, '10.0.0.5 web\nfd00::5 web\nend'],
  ['a line for each part of what stands for a word that nobody has', `n ${gapEach('no', ['a', 'b'])}\nend`, 'n a\nn b\nend'],
  ['an empty word is as good as none', `n ${gapEach('none', ['a'])}\nend`, 'n a\nend'],
  ['a line of which nobody has anything is left out', `one\nsearch ${gapOr('no', [])}\nend`, 'one\nend'],
  ['words that stand for one in one line', `search ${gapOr('no', ['a.b', 'c'])}\n`, 'search a.b c\n'],
  ['what looks like a gap in the words that stand for one', `o ${gapOr('no', ['a}b', '${x}', '50%7D', 'b%25'])}\n`, 'o a}b ${x} 50%7D b%25\n'],
  ['what looks like a gap in a text', `${literal('${address} $${x} $')} ${gap('address')}`, '${address} $${x} $ 10.0.0.5']
])('%s', (_what, template, text) => {
  expect(filled(template, WORDS)).toEqual(E.right(text))
  expect(fits(template, text)).toBe(true)
  expect(fits(template, `${text}more\nlines`)).toBe(false)
})

it('a gap that has to be filled and is not is named', () => {
  expect(filled(`a ${gap('one')} ${gap('address')}\n${gap('two')}`, WORDS)).toEqual(E.left('one'))
})

it('any text without gaps is itself, and what fits it', () => {
  fc.assert(fc.property(fc.string(), (text) => {
    expect(filled(literal(text), WORDS)).toEqual(E.right(text))
    expect(fits(literal(text), text)).toBe(true)
    expect(fits(literal(text), `${text}x`)).toBe(false)
  }))
})

it('any words stand for a word that nobody has', () => {
  fc.assert(fc.property(fc.array(fc.stringMatching(/^[^\s]+$/), { minLength: 1 }), (words) => {
    expect(filled(gapOr('no', words), WORDS)).toEqual(E.right(words.join(' ')))
    expect(filled(gapEach('no', words), WORDS)).toEqual(E.right(words.join('\n')))
  }))
})
