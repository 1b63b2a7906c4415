import { Json } from '../../../src/core/domain/Json'
import { Comparison, Outcome } from '../../../src/core/format/Outcome'
import { changesOf } from '../../../src/core/judge/changesOf'

const numbers = Array.from({ length: 20 }, (_, index) => index)

const document = (parts: { readonly image: string; readonly isReadonly: boolean; readonly noNew: boolean }): Json => ({
  version: 1,
  container: { image: { name: parts.image } },
  spec: { process: { noNewPrivileges: parts.noNew, args: numbers.map(String) }, root: { readonly: parts.isReadonly } }
})

const BEFORE = document({ image: 'web:1', isReadonly: false, noNew: true })
const AFTER = document({ image: 'web:2', isReadonly: true, noNew: false })

/** One change of each kind that matters: other code, a weaker wall, a stronger one. */
export const COMPARISON: Comparison = {
  name: 'web.nomad.hcl web/app',
  before: { label: 'golden/web.json', document: BEFORE },
  after: { label: 'web.nomad.hcl', document: AFTER },
  place: { file: 'web.nomad.hcl', line: 3, column: 5 },
  changes: changesOf(BEFORE, AFTER).map((change) => change.key === '/spec/process/noNewPrivileges'
    ? { ...change, cause: 'task.no_new_privileges', place: { file: 'web.nomad.hcl', line: 12, column: 9 } }
    : change)
}

export const OUTCOME: Outcome = {
  command: 'golden check',
  version: '1.2.3',
  comparisons: [COMPARISON],
  findings: [
    { rule: 'notice', level: 'note', message: 'image: has no digest', place: { file: 'web.nomad.hcl' }, task: 'web/app' },
    { rule: 'unused-ignore', level: 'warning', message: 'matches no change', place: { file: 'ignore.json', line: 2 } },
    { rule: 'unknown-option', level: 'error', message: 'task.comand: is no option here', place: { file: 'jobs/b 1.hcl', line: 14, column: 9 }, task: 'b/job' }
  ],
  looked: ['web.nomad.hcl web/app', 'web.nomad.hcl web/side', 'jobs/b 1.hcl b/job']
}

/** Nothing was found, and something was looked at. */
export const EMPTY: Outcome = { ...OUTCOME, comparisons: [], findings: [] }
