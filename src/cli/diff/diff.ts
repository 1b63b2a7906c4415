import * as E from 'fp-ts/Either'

import { Outcome } from '../../core/format/Outcome'
import { NO_TASK } from '../../core/job/ours'
import { comparisonOf, Named, Terms } from '../comparison/comparisonOf'
import { Half, halvesOf, pairsOf } from '../comparison/pairs'
import { readIgnore } from '../comparison/readIgnore'
import { unusedRules } from '../comparison/unusedRules'
import { disk, Files } from '../load/Files'
import { orDisk, sidesOf } from '../load/gitFiles'
import { inputOf } from '../load/Input'
import { load, Results } from '../load/load'
import { LoadOptions, Opened } from '../load/Loaded'
import { lines } from '../load/Surroundings'
import { Unreadable, unreadable } from '../load/Unreadable'
import { Output, refused } from '../output/Output'
import { FormatOptions, outputOf } from '../output/outputOf'

declare const __VERSION__: string

export interface DiffOptions extends LoadOptions, FormatOptions {
  readonly git?: string
  readonly live?: string
  readonly showEnv?: ReadonlyArray<string>
  readonly ignore?: string
  /** The operator's config of one side, where the two differ. */
  readonly pluginBefore?: string
  readonly pluginAfter?: string
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
  const results = await bothSides([before], [after], options, [named, named])
  return told(
    results,
    [{ name: commonName(disk.label(before), disk.label(after)), labels: [disk.label(before), disk.label(after)] }],
    terms,
    options
  )
}

interface Labelled {
  readonly name: string
  readonly labels: readonly [string, string]
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
  const [base, head] = sides.right
  const results = await bothSides(inputs, inputs, options, [
    { files: base, mayLack: true },
    { files: head, mayLack: true }
  ])
  return told(
    results,
    inputs.map((file) => ({ name: disk.label(file), labels: [base.label(file), head.label(file)] })),
    terms,
    options
  )
}

/** What became of each input on both sides; undefined where a revision does not have it. */
type Sides = readonly [ReadonlyArray<Side>, ReadonlyArray<Side>]
type Side = E.Either<Unreadable, Opened> | undefined

/** Where a side is read from: a revision or working tree, which may lack a job, or where the user named it. */
interface Origin {
  readonly files: Files
  readonly mayLack: boolean
}

const named: Origin = { files: disk, mayLack: false }

/** Both sides, in one instance of the parser where the same things surround them. */
const bothSides = async (
  before: ReadonlyArray<string>,
  after: ReadonlyArray<string>,
  options: DiffOptions,
  [base, head]: readonly [Origin, Origin]
): Promise<E.Either<string, Sides>> => {
  const isAlike = base === head && options.pluginBefore === undefined && options.pluginAfter === undefined
  if (isAlike) {
    const all = await load([...before, ...after].map(inputOf(base.files)), options)
    return E.map((results: Results): Sides => [results.slice(0, before.length), results.slice(before.length)])(all)
  }
  const old = await oneSide(before, base, around(options, base.files, options.pluginBefore))
  if (E.isLeft(old)) return old
  return E.map((current: ReadonlyArray<Side>): Sides => [old.right, current])(
    await oneSide(after, head, around(options, head.files, options.pluginAfter))
  )
}

const oneSide = async (
  names: ReadonlyArray<string>,
  { files, mayLack }: Origin,
  options: LoadOptions
): Promise<E.Either<string, ReadonlyArray<Side>>> => {
  const there = names.filter((file) => !mayLack || files.exists(file))
  const results = await load(there.map(inputOf(files)), options)
  return E.map((all: Results) => names.map((file) => all[there.indexOf(file)]))(results)
}

const around = (options: DiffOptions, files: Files, plugin: string | undefined): LoadOptions => {
  const file = plugin ?? options.plugin
  return { ...options, files: files === disk ? disk : orDisk(files), ...(file === undefined ? {} : { plugin: file }) }
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
    .filter(
      (_, index) =>
        isWithoutTasks(old[index]) && isWithoutTasks(current[index]) && (old[index] ?? current[index]) !== undefined
    )
    .map(({ name }) => unreadable(name, `${NO_TASK}: nothing is compared`))
  const faults = [
    ...labelled.flatMap(({ name }, index) => faultsOf(name, old[index], current[index])),
    ...(options.git === undefined ? none : [])
  ]
  const made = labelled
    .flatMap((one, index) => namedPairs(one, old[index], current[index]))
    .map((one) => ({ name: one.name, ...comparisonOf(one, terms) }))
  const used = new Set(made.flatMap((one) => one.used))
  const outcome: Outcome = {
    command: 'diff',
    version: __VERSION__,
    comparisons: made.flatMap(({ comparison }) => comparison ?? []),
    findings: unusedRules(terms.ignore, used, options.ignore),
    looked: made.map(({ name }) => name)
  }
  // A change of a repository touches jobs of other drivers too.
  return outputOf(outcome, faults, options, options.git === undefined ? '' : none.map(({ text }) => text).join(''))
}

const faultsOf = (name: string, before: Side, after: Side): ReadonlyArray<Unreadable> =>
  before === undefined && after === undefined
    ? [unreadable(name, 'is in neither revision')]
    : distinct([before, after].flatMap((side) => (side !== undefined && E.isLeft(side) ? [side.left] : [])))

const isWithoutTasks = (side: Side): boolean =>
  side === undefined || (E.isRight(side) && side.right._tag === 'Tasks' && side.right.tasks.length === 0)

const distinct = (all: ReadonlyArray<Unreadable>): ReadonlyArray<Unreadable> => [
  ...new Map(all.map((one) => [one.text, one])).values()
]

const namedPairs = ({ name, labels }: Labelled, before: Side, after: Side): ReadonlyArray<Named> => {
  if ([before, after].some((side) => side !== undefined && E.isLeft(side))) return []
  return pairsOf(halves(before), halves(after)).map((pair) => ({
    ...pair,
    ...driverOf(pair.task, pair.before === undefined ? before : pair.after === undefined ? after : undefined),
    name: pair.task === '' ? name : `${name} ${pair.task}`,
    labels: pair.task === '' ? labels : [`${labels[0]} ${pair.task}`, `${labels[1]} ${pair.task}`]
  }))
}

const driverOf = (task: string, side: Side): { readonly driver?: string } => {
  const drivers = side !== undefined && E.isRight(side) && side.right._tag === 'Tasks' ? side.right.elsewhere : {}
  const driver = Object.hasOwn(drivers, task) ? drivers[task] : undefined
  return driver === undefined ? {} : { driver }
}

const halves = (side: Side): ReadonlyMap<string, Half> =>
  side !== undefined && E.isRight(side) ? halvesOf(side.right) : new Map<string, Half>()
