import { junit } from '../../../src/core/format/junit'
import { elements, parseXml } from '../../laws/xml'
import { COMPARISON, EMPTY, OUTCOME } from './sample'

const tree = (outcome: typeof OUTCOME): ReadonlyArray<string> => elements(parseXml(junit(outcome)), 'testsuite').flatMap((suite) => [
  `${suite.attributes['name']}: ${suite.attributes['tests']} tests, ${suite.attributes['failures']} failures`,
  ...elements(suite, 'testcase').map((one) => `  ${one.attributes['classname']} ${one.attributes['name']}: ${one.children.map(({ name, attributes }) => `${name} ${attributes['type'] ?? ''}`).join(', ')}`)
])

describe('the junit format', () => {
  it('has a suite for each file and a case for each task, those without a finding too', () => {
    expect(tree(OUTCOME)).toEqual([
      'web.nomad.hcl: 2 tests, 1 failures',
      '  web.nomad.hcl web/app: failure weakens, system-out ',
      '  web.nomad.hcl web/side: ',
      'jobs/b 1.hcl: 1 tests, 1 failures',
      '  jobs/b 1.hcl b/job: failure unknown-option',
      'ignore.json: 1 tests, 1 failures',
      '  ignore.json ignore.json: failure unused-ignore'
    ])
  })

  it('says in the failure what changed, line by line', () => {
    const [failure] = elements(parseXml(junit(OUTCOME)), 'failure')
    expect(failure!.attributes).toEqual({ type: 'weakens', message: '3 changes, weakens' })
    expect(failure!.text.split('\n')).toEqual([
      'unknown (program): /container/image/name: "web:1" -> "web:2" - other code runs (web.nomad.hcl:3,5)',
      `weakens (isolation): /spec/process/noNewPrivileges: true -> false - ${COMPARISON.changes[1]!.reason} [task.no_new_privileges] (web.nomad.hcl:12,9)`,
      `tightens (isolation): /spec/root/readonly: false -> true - ${COMPARISON.changes[2]!.reason} (web.nomad.hcl:3,5)`
    ])
  })

  it('has no times, because none were taken, and nothing fails when nothing was found', () => {
    expect(junit(OUTCOME)).not.toContain('time')
    expect(tree(EMPTY)).toEqual(['web.nomad.hcl: 2 tests, 0 failures', '  web.nomad.hcl web/app: ', '  web.nomad.hcl web/side: ', 'jobs/b 1.hcl: 1 tests, 0 failures', '  jobs/b 1.hcl b/job: '])
    expect(junit({ ...EMPTY, looked: [] })).toBe('<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="containerd-driver golden check" tests="0" failures="0" errors="0" skipped="0">\n</testsuites>\n')
  })

  it('says several failures of a case as one, and those of no input under the command', () => {
    const finding = { rule: 'missing', level: 'error', message: 'a <b> & "c"\nd' } as const
    const root = parseXml(junit({ ...EMPTY, looked: [], findings: [finding, { ...finding, rule: 'conflict', message: 'e\ufffe' }] }))
    expect(elements(root, 'failure').map(({ attributes, text }) => [attributes['type'], attributes['message'], text])).toEqual([
      ['missing', 'a <b> & "c"\\u000ad; e\ufffd', 'a <b> & "c" d\ne\ufffd']
    ])
    expect(elements(root, 'testcase')[0]!.attributes).toEqual({ name: 'golden check', classname: 'golden check' })
  })

  it('gives what is wrong with the golden document of a task to the case of that task', () => {
    const finding = { rule: 'golden-unreadable', level: 'error', message: 'is no JSON', place: { file: 'golden/side.json' }, task: 'web/side' } as const
    expect(tree({ ...EMPTY, findings: [finding] })).toContain('  web.nomad.hcl web/side: failure golden-unreadable')
    expect(tree({ ...EMPTY, looked: [...EMPTY.looked, 'other.hcl web/side'], findings: [finding] })).toContain('  golden/side.json web/side: failure golden-unreadable')
  })

  it('is read in the test by a parser that refuses what is not well-formed', () => {
    const head = '<?xml version="1.0" encoding="UTF-8"?>\n'
    for (const bad of ['<a>', '<a></b>', '<a b="1" b="2"/>', '<a>&</a>', '<a b="<"/>', '<a>\u0001</a>', '<a/><b/>', '<a/>x']) expect(() => parseXml(`${head}${bad}\n`)).toThrow()
    expect(parseXml(`${head}<a b="&#34;">x<c/></a>\n`)).toMatchObject({ name: 'a', attributes: { b: '"' }, text: 'x' })
  })
})
