import * as fc from 'fast-check'

import { Comparison, FilePlace, Finding, Outcome, PlacedChange } from '../../src/core/format/Outcome'
import { fullDocument } from '../../src/core/fullDocument'
import { changesOf } from '../../src/core/judge/changesOf'
import { redactBoth } from '../../src/core/share/redact'
import { Case, cases, compiledOf } from '../../src/testing/facts'

/** What a job that means harm writes into names, messages and files. */
const HOSTILE = [
  '::error file=a::b', '\n::set-output name=a::b', '\r\n::add-mask::a', ' ::warning::a', '##[error]a', '##vso[task.setvariable variable=a]b', '%0A::error::a',
  '\u001b[31mred\u001b[0m', '\u0000', '\u0007', '\u009b31m', '\u007f', '\u2028', '\u202egnp.exe', '\ud83d', '\ude00', '\ufffe', '\uffff', '\t',
  '</script><script>alert(1)</script>', '<img src=x onerror=alert(1)>', '"><b>', '\'', '&amp;', ']]>', '<!--', '-->', '<?xml', 'javascript:alert(1)',
  '| a | b |', '`', '```', '````\n', '@everyone', 'owner/repo#1', '[a](https://example.com)', '![a](b)', '**a**', '</details>', '\\|', '\\', '$x$',
  '__proto__', 'constructor', '..', './', '/', 'a b/c', 'é', '😀', ''
]

/** A short text, or what a job that means harm would write. */
export const hostile: fc.Arbitrary<string> = fc.oneof(
  { weight: 4, arbitrary: fc.array(fc.oneof(fc.constantFrom(...HOSTILE), fc.string({ maxLength: 8 })), { minLength: 1, maxLength: 3 }).map((parts) => parts.join('')) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 20 }) },
  { weight: 2, arbitrary: fc.constantFrom('jobs/web.nomad.hcl', 'web.nomad.hcl web/app', 'batch.nomad.hcl group/task') }
)

const count = fc.integer({ min: 1, max: 100_000 })

const place: fc.Arbitrary<FilePlace> = fc.oneof(
  fc.record({ file: hostile }),
  fc.record({ file: hostile, line: count }),
  fc.record({ file: hostile, line: count, column: count })
)

/** Two redacted documents of tasks that compile. */
export const documentPairs = (given: fc.Arbitrary<Case> = cases): fc.Arbitrary<readonly [Comparison['before']['document'], Comparison['after']['document']]> =>
  fc.tuple(given, given).map(([one, other]) =>
    redactBoth(fullDocument(one.request, compiledOf(one)), fullDocument(other.request, compiledOf(other)), ['PATH']))

const placed = (change: PlacedChange, cause: string | undefined, at: FilePlace | undefined): PlacedChange =>
  ({ ...change, ...(cause === undefined ? {} : { cause }), ...(at === undefined ? {} : { place: at }) })

const comparison: fc.Arbitrary<Comparison> = fc.record({
  name: fc.oneof(hostile, fc.constant('web')), labels: fc.tuple(hostile, hostile), pair: documentPairs(), cause: fc.option(hostile, { nil: undefined }),
  at: fc.option(place, { nil: undefined }), whole: fc.option(place, { nil: undefined })
}).map(({ name, labels, pair: [before, after], cause, at, whole }) => ({
  name,
  before: { label: labels[0], document: before },
  after: { label: labels[1], document: after },
  changes: changesOf(before, after).map((change) => placed(change, cause, at)),
  ...(whole === undefined ? {} : { place: whole })
}))

const finding: fc.Arbitrary<Finding> = fc.record({
  rule: fc.oneof(fc.constantFrom('unknown-option', 'refused-by-policy', 'notice', 'golden-missing', 'weakens', 'constructor'), hostile),
  level: fc.constantFrom('error', 'warning', 'note'),
  message: hostile,
  place: fc.option(place, { nil: undefined }),
  task: fc.option(hostile, { nil: undefined })
}).map(({ place: at, task, ...rest }) => ({ ...rest, ...(at === undefined ? {} : { place: at }), ...(task === undefined ? {} : { task }) }))

/** What a command may have found, with names, messages and files of people who mean harm. */
export const outcomes: fc.Arbitrary<Outcome> = fc.record({
  command: fc.constantFrom('diff', 'golden check', 'check'),
  version: fc.constant('0.1.0'),
  comparisons: fc.array(comparison, { maxLength: 2 }),
  findings: fc.array(finding, { maxLength: 4 }),
  more: fc.array(hostile, { maxLength: 2 })
}).map(({ more, ...rest }) => ({ ...rest, looked: [...rest.comparisons.map(({ name }) => name), ...more] }))
