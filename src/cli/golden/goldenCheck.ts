import * as E from 'fp-ts/Either'

import { Comparison, Finding, Outcome } from '../../core/format/Outcome'
import { ruleOf } from '../comparison/readIgnore'
import { unusedRules } from '../comparison/unusedRules'
import { nameOf } from '../load/Loaded'
import { ofLines, Unreadable } from '../load/Unreadable'
import { Output } from '../output/Output'
import { FormatOptions, outputOf } from '../output/outputOf'
import { casesOf, goldensOfUnchanged } from './cases'
import { Extra, extrasOf } from './extras'
import { ofCase } from './ofCase'
import { readSuite, Suite } from './Suite'
import { unchangedIn } from './unchanged'

declare const __VERSION__: string

/** How `golden check` looks. */
export interface GoldenOptions extends FormatOptions {
  /** Compares also what nothing has changed since `golden update`. */
  readonly all?: boolean
}

/** What was found in one suite. */
interface Checked {
  readonly comparisons: ReadonlyArray<Comparison>
  readonly findings: ReadonlyArray<Finding>
  readonly looked: ReadonlyArray<string>
  readonly faults: ReadonlyArray<Unreadable>
}

/**
 * `golden check`: whether every task of each suite comes to its golden. Missing, extra and stale goldens are findings.
 */
export const goldenCheck = async (paths: ReadonlyArray<string>, options: GoldenOptions): Promise<Output> => {
  const suites = paths.map(readSuite)
  const checked = await Promise.all(
    suites.map((suite) => (E.isLeft(suite) ? unread(suite.left) : check(suite.right, options)))
  )
  const outcome: Outcome = {
    command: 'golden check',
    version: __VERSION__,
    comparisons: checked.flatMap(({ comparisons }) => comparisons),
    findings: checked.flatMap(({ findings }) => findings),
    looked: checked.flatMap(({ looked }) => looked)
  }
  return outputOf(outcome, checked.flatMap(({ faults }) => faults), options)
}

const unread = (fault: string): Promise<Checked> =>
  Promise.resolve({ comparisons: [], findings: [], looked: [], faults: [ofLines(fault)] })

const check = async (suite: Suite, { all: isAll = false }: GoldenOptions): Promise<Checked> => {
  const all = await casesOf(suite, (jobs) => ({ unchanged: isAll ? [] : unchangedIn(suite, jobs) }))
  const rules = suite.config.ignore.map(ruleOf)
  const compared = all.cases.map((one) => ofCase(suite, rules, one))
  const used = new Set(compared.flatMap((one) => one.used))
  const extras = extrasOf(suite, all)
  return {
    comparisons: compared.flatMap(({ comparison }) => comparison ?? []),
    findings: [
      ...compared.flatMap(({ finding, refusals = [] }) => [...(finding === undefined ? [] : [finding]), ...refusals]),
      ...(E.isRight(extras) ? extras.right.map(extraFinding) : []),
      ...unusedRules(rules, used, suite.file)
    ],
    looked: [
      ...goldensOfUnchanged(suite, all.unchanged).map(({ name }) => name),
      ...all.cases.map(({ loaded }) => nameOf(loaded))
    ],
    faults: [...all.faults, ...(E.isLeft(extras) ? [extras.left] : [])]
  }
}

/** Goldens that no task has: of a job that was renamed, or is gone. */
const extraFinding = ({ file, isOurs }: Extra): Finding => ({
  rule: 'golden-extra',
  level: 'error',
  place: { file },
  message: isOurs
    ? 'is the golden of no task: `golden update` removes it'
    : 'lies among the goldens and is none: `golden update` leaves it there'
})
