import { inTask } from '../../../src/core/domain/DocumentPath'
import { toJson } from '../../../src/core/domain/Json'
import { issueWithoutSpread, textWithoutSpread, valueWithoutSpread, withoutSpread } from '../../../src/core/share/Spread'

const SPREAD = { TOKEN: 'hunter2', LONG: 'hunter2-and-more', SHORT: 'abc', ODD: 'a"b\nc' }

describe('values of the environment that stand elsewhere', () => {
  it('are in no argument, label or annotation of a document, the longest first', () => {
    const spec = (args: ReadonlyArray<string>, note: string): object => ({ process: { args, cwd: '/hunter2' }, annotations: { 'x-hunter2': note }, mounts: [{ source: '/srv/hunter2' }] })
    const open = { spec: spec(['--db=hunter2@h', 'hunter2-and-more', 'abc'], 'hunter2'), container: { id: 'hunter2', labels: { 'x-hunter2': 'a"b\nc' } } }
    const shut = { spec: spec(['--db=<TOKEN>@h', '<LONG>', 'abc'], '<TOKEN>'), container: { id: 'hunter2', labels: { 'x-hunter2': '<ODD>' } } }
    expect(withoutSpread(toJson(open), SPREAD, [], (name) => `<${name}>`)).toEqual(shut)
    expect(withoutSpread(toJson(open.spec), SPREAD, [], (name) => `<${name}>`)).toEqual(shut.spec)
  })

  it('stay where their names may be shown', () => {
    const spec = { process: { args: ['hunter2 hunter2-and-more'] } }
    expect(withoutSpread(spec, SPREAD, ['TOK*', 'LONG'], () => 'x')).toEqual(spec)
  })

  it('are in no text of what is only read', () => {
    expect(valueWithoutSpread({ steps: [{ path: '/srv/hunter2', hunter2: 1 }] }, SPREAD, [])).toEqual({ steps: [{ path: '/srv/(redacted)', hunter2: 1 }] })
  })

  it('are in no message, spelled as JSON does or cut off in the middle', () => {
    expect(textWithoutSpread('task.cwd = "hunter2": a\\"b\\nc', SPREAD)).toBe('task.cwd = "(redacted)": (redacted)')
    expect(textWithoutSpread('"x hunter2-an…', { LONG: 'hunter2-and-more' })).toBe('"x (redacted)…')
    expect(textWithoutSpread('"x hun…', { LONG: 'hunter2-and-more' })).toBe('"x hun…')
    expect(issueWithoutSpread(SPREAD)({ _tag: 'BadValue', at: inTask('labels', 'hunter2'), value: '"hunter2"', reason: 'hunter2 is wrong', hint: 'not hunter2' })).toEqual({
      _tag: 'BadValue', at: inTask('labels', '(redacted)'), value: '"(redacted)"', reason: '(redacted) is wrong', hint: 'not (redacted)'
    })
  })
})
