import { worstBySubject } from '../diff/Change'
import { pretty } from '../domain/canonical'
import { inertLines } from './inert'
import { Comparison, Outcome } from './Outcome'
import { verdictOf } from './phrases'

/** For programs: everything that was found, without the documents. */
export const json = ({ command, looked, comparisons, findings }: Outcome): string =>
  jsonText({ version: 1, command, looked, comparisons: comparisons.map(ofComparison), findings })

const ofComparison = (comparison: Comparison): unknown => ({
  name: comparison.name,
  before: comparison.before.label,
  after: comparison.after.label,
  verdict: verdictOf(comparison),
  verdicts: worstBySubject(comparison.changes),
  place: comparison.place,
  changes: comparison.changes
})

/** A value as canonical JSON that can also be printed: control characters, and what a log would obey, are escaped. */
export const jsonText = (value: unknown): string => inertLines(pretty(value))
