import { inert } from '../../../src/core/format/inert'
import { text } from '../../../src/core/format/text'
import { COMPARISON, EMPTY, OUTCOME } from './sample'

describe('the text format', () => {
  it('has a line for each change, the documents as diff -u has them, and a line for each finding', () => {
    expect(text(OUTCOME, false)).toBe(`web.nomad.hcl web/app: 3 changes, weakens
  unknown  program   /container/image/name: "web:1" -> "web:2" - other code runs (web.nomad.hcl:3)
  weakens  isolation /spec/process/noNewPrivileges: true -> false - ${COMPARISON.changes[1]!.reason} [task.no_new_privileges] (web.nomad.hcl:12)
  tightens isolation /spec/root/readonly: false -> true - ${COMPARISON.changes[2]!.reason} (web.nomad.hcl:3)
--- golden/web.json
+++ web.nomad.hcl
@@ -1,7 +1,7 @@
 {
   "container": {
     "image": {
-      "name": "web:1"
+      "name": "web:2"
     }
   },
   "spec": {
@@ -28,10 +28,10 @@
         "18",
         "19"
       ],
-      "noNewPrivileges": true
+      "noNewPrivileges": false
     },
     "root": {
-      "readonly": false
+      "readonly": true
     }
   },
   "version": 1

web.nomad.hcl web/app: note: image: has no digest
ignore.json:2: warning: matches no change
jobs/b 1.hcl:14,9: error: task.comand: is no option here
`)
  })

  it('is empty when nothing was found', () => {
    expect(text(EMPTY, true)).toBe('')
  })

  it('paints verdicts and lines for a terminal only', () => {
    const painted = text(OUTCOME, true)
    expect(painted).toContain('\u001b[31mweakens \u001b[0m')
    expect(painted).toContain('\n\u001b[31m-      "name": "web:1"\u001b[0m\n\u001b[32m+      "name": "web:2"\u001b[0m\n')
    expect(text(OUTCOME, false)).not.toContain('\u001b')
  })

  it('tells a finding about no file by its task, and one about nothing by its level', () => {
    const finding = { rule: 'missing', level: 'error', message: 'm' } as const
    expect(text({ ...EMPTY, findings: [{ ...finding, task: 'a/b' }, finding] }, false)).toBe('a/b: error: m\nerror: m\n')
  })

  it('cuts long values after eighty characters and names what has no name', () => {
    const long = 'x'.repeat(100)
    const change = { ...COMPARISON.changes[0]!, key: '', kind: 'added', after: long } as const
    const said = text({ ...EMPTY, comparisons: [{ ...COMPARISON, changes: [change, { ...change, kind: 'removed', before: 1 }, { ...change, kind: 'reordered' }] }] }, false)
    expect(said).toContain(`(the whole document): added "${'x'.repeat(79)}… - other code runs`)
    expect(said).toContain('(the whole document): removed 1 - ')
    expect(said).toContain('(the whole document): in another order - ')
  })
})

describe('inert text', () => {
  it.each([
    ['\u001b[31m', '\\u001b[31m'], ['a\nb', 'a\\u000ab'], ['\u009b', '\\u009b'], ['\u2028', '\\u2028'], ['\ud800', '\\ud800'],
    ['\u202eexe', '\\u202eexe'], ['##[error]x', '#\\u0023[error]x'], ['a ##vso[task]', 'a #\\u0023vso[task]'], ['###[x', '##\\u0023[x'],
    ['::error::x', '\\u003a:error::x'], ['  ::x', '  \\u003a:x'], ['a::b', 'a::b'], ['## a', '## a'], ['😀 é', '😀 é']
  ])('%j is %j', (given, wanted) => {
    expect(inert(given)).toBe(wanted)
  })
})
