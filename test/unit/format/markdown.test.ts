import { fitted } from '../../../src/core/format/blocks'
import { COMMENT_CHARACTERS, markdown } from '../../../src/core/format/markdown'
import { COMPARISON, EMPTY, OUTCOME } from './sample'

const withReason = (reason: string): string => markdown({ ...EMPTY, comparisons: [{ ...COMPARISON, changes: [{ ...COMPARISON.changes[0]!, reason }] }] })

describe('the markdown format', () => {
  it('has counts, tables and the differences folded away', () => {
    const text = markdown(OUTCOME)
    expect(text.split('\n').slice(0, 20)).toEqual([
      '### containerd-driver golden check: 1 weakens, 1 unknown, 1 tightens, 1 error, 1 warning, 1 note',
      '',
      '| Level | Where | What |',
      '| --- | --- | --- |',
      '| note | <code>web.nomad.hcl web/app</code> | image: has no digest |',
      '| warning | <code>ignore.json&#58;2</code> | matches no change |',
      '| error | <code>jobs/b 1.hcl&#58;14,9</code> | <code>task.comand&#58; is no option here</code> |',
      '',
      '#### <code>web.nomad.hcl web/app</code>',
      '',
      '| Verdict | Subject | What | Change | Why | Option |',
      '| --- | --- | --- | --- | --- | --- |',
      expect.stringMatching(/^\| \*\*weakens\*\* \| isolation \| <code>\/spec\/process\/noNewPrivileges<\/code> \| <code>true -&#62; false<\/code> \|.*<code>task.no&#95;new&#95;privileges<\/code> <code>web.nomad.hcl&#58;12<\/code> \|$/),
      expect.stringContaining('| unknown |'),
      expect.stringContaining('| tightens |'),
      '',
      '<details><summary>Difference of <code>web.nomad.hcl web/app</code> (weakens)</summary>',
      '',
      '```diff',
      '--- golden/web.json'
    ])
    expect(text.endsWith('   "version": 1\n```\n\n</details>\n')).toBe(true)
  })

  it.each([
    ['@everyone', '<code>&#64;everyone</code>'], ['a | b', '<code>a &#124; b</code>'], ['`x`', '<code>&#96;x&#96;</code>'], ['<b>', '<code>&#60;b&#62;</code>'],
    ['a\nb', '<code>a&#92;u000ab</code>'], ['org/repo#1', '<code>org/repo&#35;1</code>'], ['GH-1', '<code>GH-1</code>'], ['www.example.com', '<code>www&#46;example.com</code>'],
    ['[a](b)', '<code>&#91;a&#93;&#40;b&#41;</code>'], ['plain words', 'plain words']
  ])('%j becomes %j', (reason, wanted) => {
    expect(withReason(reason)).toContain(`| ${wanted} |`)
  })

  it('puts the difference into a fence longer than any run of backticks in it', () => {
    const document = { a: '`````' }
    const text = markdown({ ...EMPTY, comparisons: [{ ...COMPARISON, after: { label: '```', document } }] })
    expect(text).toContain('\n``````diff\n')
    expect(text).toContain('\n``````\n\n</details>\n')
  })

  it('is cut below what GitHub takes, says so, and closes what it has opened', () => {
    const after = { label: 'b', document: Array.from({ length: 9000 }, (_, index) => `line ${index}`) }
    const text = markdown({ ...EMPTY, comparisons: [{ ...COMPARISON, after }, COMPARISON] })
    expect(text.length).toBeLessThan(COMMENT_CHARACTERS)
    expect(text.length).toBeGreaterThan(COMMENT_CHARACTERS - 100)
    expect(text).toMatch(/\n```\n\n<\/details>\n\n\*\*Cut here:\*\* a comment on GitHub holds less than 65,536 characters\. .*\n$/)
    expect(text.match(/<details>/g)).toHaveLength(1)
    expect(markdown(OUTCOME)).not.toContain('Cut here')
  })

  it('is empty when nothing was found', () => {
    expect(markdown(EMPTY)).toBe('')
  })
})

describe('blocks that have to fit', () => {
  const block = { open: '<', lines: ['aa', 'bb', 'cc'], close: '>' }

  it.each([
    [8, '<aabbcc>', false], [7, '<aabb>', true], [4, '<aa>', true], [3, '', true], [0, '', true], [16, '<aabbcc><aabbcc>', false], [15, '<aabbcc><aabb>', true]
  ])('in %d characters are %j', (units, text, isCut) => {
    expect(fitted(units > 8 ? [block, block] : [block], units)).toEqual({ text, isCut })
  })

  it('are not followed by later ones once one was cut', () => {
    expect(fitted([block, { open: '', lines: [], close: '!' }], 5)).toEqual({ text: '<aa>', isCut: true })
  })
})
