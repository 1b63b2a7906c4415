import * as E from 'fp-ts/Either'

import { Outcome } from '../../core/format/Outcome'
import { NO_TASK } from '../../core/job/ours'
import { comparisonOf, Terms } from '../comparison/comparisonOf'
import { readIgnore } from '../comparison/readIgnore'
import { refusalFindings } from '../comparison/refusalFindings'
import { unusedRules } from '../comparison/unusedRules'
import { disk } from '../load/Files'
import { sidesOf } from '../load/gitFiles'
import { lines } from '../load/Surroundings'
import { unreadable } from '../load/Unreadable'
import { Output, refused } from '../output/Output'
import { FormatOptions, outputOf } from '../output/outputOf'
import { pairsOfNames } from './movedFiles'
import { faultsOf, isWithoutTasks, Labelled, namedPairs } from './namedPairs'
import { asNamed, bothSides, Side, SideOptions, Sides } from './sides'

declare const __VERSION__: string

export interface DiffOptions extends SideOptions, FormatOptions {
  readonly git?: string
  readonly live?: string
  readonly showEnv?: ReadonlyArray<string>
  readonly ignore?: string
}

/** `diff`: what differs between two specs, documents, fixture directories or jobs, or between two revisions of jobs. */
export const diffCommand = async (inputs: ReadonlyArray<string>, options: DiffOptions): Promise<Output> => {
  const rules = readIgnore(options.ignore)
  if (E.isLeft(rules)) return refused(rules.left)
  const terms: Terms = { shown: options.showEnv ?? [], ignore: rules.right }
  if (options.git !== undefined) return betweenRevisions(options.git, inputs, options, terms)
  const [before, after, ...more] = inputs
  if (before === undefined || after === undefined || more.length > 0) {
    return refused(
      `diff: needs two inputs, A and B, and was given ${String(inputs.length)}; revisions of jobs are compared with --git BASE..HEAD\n`
    )
  }
  const results = await bothSides([before], [after], options, [asNamed, asNamed])
  return told(
    results,
    [{ name: commonName(disk.label(before), disk.label(after)), labels: [disk.label(before), disk.label(after)] }],
    terms,
    options
  )
}

const commonName = (before: string, after: string): string => (before === after ? before : `${before} → ${after}`)

const betweenRevisions = async (
  range: string,
  inputs: ReadonlyArray<string>,
  options: DiffOptions,
  terms: Terms
): Promise<Output> => {
  if (inputs.length === 0) return refused('diff --git: needs the paths of jobs\n')
  const sides = sidesOf(range)
  if (E.isLeft(sides)) return refused(sides.left)
  const [base, head] = sides.right.sides
  const pairs = pairsOfNames(inputs, sides.right)
  const [before, after] = [pairs.map(([old]) => old), pairs.map(([, current]) => current)]
  const results = await bothSides(before, after, options, [
    { files: base, mayLack: true },
    { files: head, mayLack: true }
  ])
  return told(
    results,
    pairs.map(([old, current]) => ({
      name: commonName(disk.label(old), disk.label(current)), labels: [base.label(old), head.label(current)]
    })),
    terms,
    options
  )
}

const told = (
  results: E.Either<string, Sides>,
  labelled: ReadonlyArray<Labelled>,
  terms: Terms,
  options: DiffOptions
): Output => {
  if (E.isLeft(results)) return refused(lines([results.left]))
  const [old, current] = results.right
  const none = labelled
    .filter((_, index) => areWithoutTasks(old[index], current[index]))
    .map(({ name }) => unreadable(name, `${NO_TASK}: nothing is compared`))
  const faults = [
    ...labelled.flatMap(({ name }, index) => faultsOf(name, old[index], current[index])),
    ...(options.git === undefined ? none : [])
  ]
  const pairs = labelled.flatMap((one, index) => namedPairs(one, old[index], current[index]))
  const made = pairs.map((one) => ({ name: one.name, ...comparisonOf(one, terms) }))
  const used = new Set(made.flatMap((one) => one.used))
  const outcome: Outcome = {
    command: 'diff',
    version: __VERSION__,
    comparisons: made.flatMap(({ comparison }) => comparison ?? []),
    findings: [
      ...pairs.flatMap(({ after }) => refusalFindings(after)),
      ...unusedRules(terms.ignore, used, options.ignore)
    ],
    looked: made.map(({ name }) => name)
  }
  // A change of a repository touches jobs of other drivers too.
  return outputOf(outcome, faults, options, options.git === undefined ? '' : none.map(({ text }) => text).join(''))
}

const areWithoutTasks = (before: Side, after: Side): boolean =>
  isWithoutTasks(before) && isWithoutTasks(after) && (before ?? after) !== undefined
