import { rmSync } from 'node:fs'

import * as E from 'fp-ts/Either'
import * as RA from 'fp-ts/ReadonlyArray'

import { IgnoreRule } from '../../core/diff/Ignore'
import { pretty } from '../../core/domain/canonical'
import { Comparison, Finding, Outcome } from '../../core/format/Outcome'
import * as explain from '../../core/report/explain'
import { redact } from '../../core/share/redact'
import { ruleOf } from '../comparison/readIgnore'
import { unusedRules } from '../comparison/unusedRules'
import { disk } from '../load/Files'
import { nameOf } from '../load/Loaded'
import { reasonOf } from '../load/readText'
import { lines } from '../load/Surroundings'
import { ofLines, Unreadable } from '../load/Unreadable'
import { Output } from '../output/Output'
import { FormatOptions, outputOf } from '../output/outputOf'
import { writeResult } from '../output/writeDocument'
import { casesOf, Extra, extrasOf, GoldenCase } from './cases'
import { ofCase } from './ofCase'
import { readSuite, Suite } from './Suite'

declare const __VERSION__: string

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
export const goldenCheck = async (paths: ReadonlyArray<string>, options: FormatOptions): Promise<Output> => {
  const suites = paths.map(readSuite)
  const checked = await Promise.all(suites.map((suite) => (E.isLeft(suite) ? unread(suite.left) : check(suite.right))))
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

const check = async (suite: Suite): Promise<Checked> => {
  const all = await casesOf(suite)
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
    looked: all.cases.map(({ loaded }) => nameOf(loaded)),
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

/**
 * `golden update`: writes the goldens that are missing or stale, and removes those of no task, unless some job could
 * not be read. One that differs only by what is ignored stays.
 */
export const goldenUpdate = async (paths: ReadonlyArray<string>, options: UpdateOptions = {}): Promise<Output> => {
  const suites = paths.map(readSuite)
  const done = await Promise.all(
    suites.map((suite) => (E.isLeft(suite) ? Promise.resolve(unreadSuite(suite.left)) : update(suite.right)))
  )
  const faults = done.flatMap((one) => one.faults)
  const refusals = done.flatMap((one) => one.refused)
  const isRefused = refusals.length > 0 && options.acceptRefused !== true
  return {
    stdout: lines(done.flatMap(({ said }) => said)),
    stderr: lines([...refusals, ...(isRefused ? [ACCEPT] : []), ...faults]),
    exitCode: faults.length > 0 ? 2 : Number(isRefused)
  }
}

const ACCEPT = 'a refused task does not run: correct the jobs, or accept with `golden update --accept-refused`'

/** What `golden update` puts up with. */
export interface UpdateOptions {
  readonly acceptRefused?: boolean
}

/** What was done in one suite, what is stored there as refused, and what went wrong. */
interface Updated {
  readonly said: ReadonlyArray<string>
  readonly refused: ReadonlyArray<string>
  readonly faults: ReadonlyArray<string>
}

const unreadSuite = (fault: string): Updated => ({ said: [], refused: [], faults: [fault] })

const refusedIn = ({ loaded, issues }: GoldenCase): ReadonlyArray<string> =>
  issues.map((issue) => `${nameOf(loaded)}: is stored as refused: ${explain.issue(issue)}`)

const update = async (suite: Suite): Promise<Updated> => {
  const all = await casesOf(suite)
  const rules = suite.config.ignore.map(ruleOf)
  const stale = all.cases.filter((one) => isStale(suite, rules, one))
  const extras = extrasOf(suite, all)
  const written = stale.map(({ golden, document, loaded }) => ({
    golden,
    outcome: writeResult(golden, pretty(redact(document, suite.config.show_env, loaded.offline.spread)))
  }))
  const removed =
    E.isLeft(extras) || all.faults.length > 0
      ? []
      : extras.right.filter(({ isOurs }) => isOurs).map(({ file }) => remove(file))
  return {
    said: [
      ...written.flatMap(({ golden, outcome }) => (E.isRight(outcome) ? [`wrote ${disk.label(golden)}`] : [])),
      ...RA.rights(removed)
    ],
    refused: all.cases.flatMap(refusedIn),
    faults: [
      ...all.faults.map(({ text }) => text),
      ...(E.isLeft(extras) ? [extras.left.text] : []),
      ...written.flatMap(({ outcome }) => (E.isLeft(outcome) ? [outcome.left] : [])),
      ...RA.lefts(removed)
    ]
  }
}

const isStale = (suite: Suite, rules: ReadonlyArray<IgnoreRule>, one: GoldenCase): boolean => {
  const { comparison, finding } = ofCase(suite, rules, one)
  return comparison !== undefined || finding !== undefined
}

const remove = (file: string): E.Either<string, string> =>
  E.tryCatch(
    () => {
      rmSync(file)
      return `removed ${disk.label(file)}`
    },
    (thrown) => `${disk.label(file)}: cannot be removed: ${reasonOf(thrown)}`
  )
