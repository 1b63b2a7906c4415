import { issueWithoutSpread, textWithoutSpread, withoutSpread } from '../../../src/core/share/Spread'

const SPREAD = { TOKEN: 'hunter2', LONG: 'hunter2-and-more', SHORT: 'abc', ODD: 'a"b\nc' }

describe('values of the environment that stand elsewhere', () => {
  it('are in no text and no name of a document, the longest first', () => {
    expect(withoutSpread({ args: ['--db=hunter2@h', 'hunter2-and-more', 'abc'], labels: { 'x-hunter2': 'a"b\nc' }, n: 1 }, SPREAD, [], (name) => `<${name}>`)).toEqual({
      args: ['--db=<TOKEN>@h', '<LONG>', 'abc'], labels: { 'x-<TOKEN>': '<ODD>' }, n: 1
    })
  })

  it('stay where their names may be shown, and in digests', () => {
    expect(withoutSpread({ a: 'hunter2 hunter2-and-more' }, SPREAD, ['TOK*', 'LONG'], () => 'x')).toEqual({ a: 'hunter2 hunter2-and-more' })
    const digest = `sha256:${'cafe'.repeat(16)}`
    expect(withoutSpread({ digest, other: 'cafe' }, { WORD: 'cafe' }, [], () => 'x')).toEqual({ digest, other: 'x' })
  })

  it('are in no message, spelled as JSON does or cut off in the middle', () => {
    expect(textWithoutSpread('task.cwd = "hunter2": a\\"b\\nc', SPREAD)).toBe('task.cwd = "(redacted)": (redacted)')
    expect(textWithoutSpread('"x hunter2-an…', { LONG: 'hunter2-and-more' })).toBe('"x (redacted)…')
    expect(textWithoutSpread('"x hun…', { LONG: 'hunter2-and-more' })).toBe('"x hun…')
    expect(issueWithoutSpread(SPREAD)({ _tag: 'BadValue', at: 'task.labels.hunter2', value: '"hunter2"', reason: 'hunter2 is wrong', hint: 'not hunter2' })).toEqual({
      _tag: 'BadValue', at: 'task.labels.(redacted)', value: '"(redacted)"', reason: '(redacted) is wrong', hint: 'not (redacted)'
    })
  })
})
