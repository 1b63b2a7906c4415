import { Verdict } from '../diff/Change'
import { VERDICTS } from './names'
import { Finding, Outcome } from './Outcome'
import { counted } from './phrases'

/** Levels of findings, the worst in front. */
const LEVELS: ReadonlyArray<Finding['level']> = ['error', 'warning', 'note']

/** Changes with the worst verdicts in front, else in their order. */
export const worstFirst = <A extends { readonly verdict: Verdict }>(changes: ReadonlyArray<A>): ReadonlyArray<A> =>
  VERDICTS.flatMap((verdict) => changes.filter((change) => change.verdict === verdict))

/** How many changes have a verdict. */
export const countOf = ({ comparisons }: Outcome, verdict: Verdict): number =>
  comparisons.reduce((sum, { changes }) => sum + changes.filter((change) => change.verdict === verdict).length, 0)

/**
 * How many changes there are of each verdict and findings of each level, in words; what there is none of is left out.
 */
export const tally = (outcome: Outcome): string => [
  ...VERDICTS.map((verdict) => ({ count: countOf(outcome, verdict), text: `${countOf(outcome, verdict)} ${verdict}` })),
  ...LEVELS.map((level) => {
    const count = outcome.findings.filter((finding) => finding.level === level).length
    return { count, text: counted(count, level) }
  })
].flatMap(({ count, text }) => (count === 0 ? [] : [text])).join(', ')

/** Whether there is nothing to say. */
export const isSilent = ({ comparisons, findings }: Outcome): boolean =>
  comparisons.length === 0 && findings.length === 0
