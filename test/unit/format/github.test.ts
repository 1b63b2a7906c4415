import { github } from '../../../src/core/format/github'
import { COMPARISON, EMPTY, OUTCOME } from './sample'

const finding = { rule: 'notice', level: 'note', message: 'm' } as const

describe('the github format', () => {
  it('is a command on each line, the worst first', () => {
    const [code, weaker, stronger] = COMPARISON.changes
    expect(github(OUTCOME).split('\n')).toEqual([
      '::error file=jobs/b 1.hcl,line=14,col=9,title=unknown-option::b/job: task.comand: is no option here',
      '::warning file=ignore.json,line=2,title=unused-ignore::matches no change',
      `::warning file=web.nomad.hcl,line=12,col=9,title=weakens (isolation)::web.nomad.hcl web/app: /spec/process/noNewPrivileges: true -> false - ${weaker!.reason} [task.no_new_privileges]`,
      `::warning file=web.nomad.hcl,line=3,col=5,title=unknown (program)::web.nomad.hcl web/app: /container/image/name: "web:1" -> "web:2" - ${code!.reason}`,
      '::notice file=web.nomad.hcl,title=notice::web/app: image: has no digest',
      `::notice file=web.nomad.hcl,line=3,col=5,title=tightens (isolation)::web.nomad.hcl web/app: /spec/root/readonly: false -> true - ${stronger!.reason}`,
      ''
    ])
  })

  it.each([
    ['a\nb', 'a%0Ab'], ['a\r\n::error::b', 'a%0D%0A\\u003a:error::b'], ['100%0A', '100%250A'], ['a:b,c', 'a:b,c'], ['\u001b', '\\u001b'], ['\u2028', '\\u2028'], ['##[x]', '#\\u0023[x]']
  ])('the message %j is %j', (message, wanted) => {
    expect(github({ ...EMPTY, findings: [{ ...finding, message }] })).toBe(`::notice title=notice::${wanted}\n`)
  })

  it.each([
    ['a,b:c', 'a%2Cb%3Ac'], ['a\n::b', 'a%0A\\u003a%3Ab'], ['a%2C', 'a%252C'], ['./a', 'a']
  ])('the file %j is %j', (file, wanted) => {
    expect(github({ ...EMPTY, findings: [{ ...finding, place: { file } }] })).toBe(`::notice file=${wanted},title=notice::m\n`)
  })

  it('is empty when nothing was found', () => {
    expect(github(EMPTY)).toBe('')
  })
})
