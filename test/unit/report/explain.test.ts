import { inTask, placeIn } from '../../../src/core/domain/DocumentPath'
import { Failure } from '../../../src/core/domain/Failure'
import { Issue, sorted } from '../../../src/core/domain/Issue'
import { Notice } from '../../../src/core/domain/Notice'
import * as explain from '../../../src/core/report/explain'

it.each([
  [Issue('Missing', inTask('image'), undefined, 'is required'), 'task.image: is required'],
  [Issue('BadValue', inTask('cwd'), 'x', 'must be an absolute path'), 'task.cwd = "x": must be an absolute path'],
  [Issue('UnknownOption', inTask('imag'), undefined, 'is no option here', 'did you mean "image"?'), 'task.imag: is no option here; did you mean "image"?'],
  [Issue('BadValue', placeIn('a'), { b: 1n }, 'r'), 'a = {"b":"1"}: r'], [Issue('BadValue', placeIn('a'), null, 'r'), 'a = null: r'],
  [Issue('BadValue', placeIn('a'), 'x'.repeat(500), 'r'), `a = "${'x'.repeat(119)}…: r`]
])('%j', (issue, sentence) => { expect(explain.issue(issue)).toBe(sentence) })

it('issues are a line each, in the order of their paths', () => {
  const list = sorted([Issue('BadValue', placeIn('b'), 1, 'z'), Issue('BadValue', placeIn('a'), 1, 'y'), Issue('BadValue', placeIn('a'), 1, 'x')])
  expect(explain.issues(list)).toBe('a = 1: x\na = 1: y\nb = 1: z\n')
  expect(explain.issues([])).toBe('')
})

it('a notice says where', () => { expect(explain.notice(Notice(inTask('image'), 'is latest'))).toBe('notice: task.image: is latest') })

const cause = Failure('Denied', 'pull x', 'no login')

it.each([
  [{ _tag: 'Completed', outputs: {} } as const, 'completed'],
  [{ _tag: 'Stopped', failures: [] } as const, 'stopped'],
  [{ _tag: 'Stopped', failures: [{ act: 'SendSignal', failure: cause }, { act: 'AwaitExit', failure: Failure('TimedOut', 'kill y', 'late') }] } as const, 'pull x: no login; kill y: late'],
  [{ _tag: 'RolledBack', step: 's', cause, leftovers: [] } as const, 'pull x: no login'],
  [{
    _tag: 'RolledBack', step: 's', cause,
    leftovers: [
      { undo: { _tag: 'DropLease', lease: 'l' }, failure: Failure('Unavailable', 'drop', 'gone away') },
      { undo: { _tag: 'RemoveSnapshot', snapshotter: 's', key: 'k' }, failure: Failure('Unknown', 'remove', 'busy') }
    ]
  } as const, 'pull x: no login; left behind: DropLease l (gone away), RemoveSnapshot k (busy)']
])('%j', (report, sentence) => { expect(explain.report(report)).toBe(sentence) })
