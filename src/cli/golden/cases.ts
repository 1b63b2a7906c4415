import * as E from 'fp-ts/Either'
import * as RA from 'fp-ts/ReadonlyArray'

import { Issue } from '../../core/domain/Issue'
import { Json } from '../../core/domain/Json'
import { DRIVER } from '../../core/job/ours'
import { halfOf } from '../comparison/pairs'
import { disk } from '../load/Files'
import { Input, inputOf } from '../load/Input'
import { load, Results } from '../load/load'
import { Loaded, nameOf } from '../load/Loaded'
import { onlyTasks } from '../load/tasksOf'
import { ofLines, Unreadable, unreadable } from '../load/Unreadable'
import { sharedFiles } from '../output/resultFile'
import { expand } from './expand'
import { goldenOf, loadOptionsOf, Suite, within } from './Suite'
import { Unchanged } from './unchanged'

/** A task of a suite, the golden file that it should have, and what it comes to now (with every secret). */
export interface GoldenCase {
  readonly loaded: Loaded
  /** The path by which the suite names its job. */
  readonly job: string
  readonly task: string
  readonly golden: string
  readonly document: Json
  /** Why the task is refused; none where it compiles. */
  readonly issues: ReadonlyArray<Issue>
}

/** All cases of a suite, and what could not be read. */
export interface Cases extends Known {
  readonly cases: ReadonlyArray<GoldenCase>
  readonly faults: ReadonlyArray<Unreadable>
  /** Jobs that could not be read: nothing is known of their golden files. */
  readonly unknown: ReadonlyArray<string>
  /** Job files that were read, with their texts and the tasks of this driver in them. */
  readonly read: ReadonlyArray<Unchanged & { readonly text: string }>
}

/** What is known of jobs before they are read. */
export interface Known {
  /** Those that are passed over, since nothing has changed. */
  readonly unchanged: ReadonlyArray<Unchanged>
  /** What surrounds them, where that is kept. */
  readonly key?: string | undefined
}

/** Compiles everything that a suite names, but what is known to be unchanged. */
export const casesOf = async (
  suite: Suite,
  knownOf: (jobs: ReadonlyArray<string>) => Known
): Promise<Cases> => {
  const names = suite.config.jobs.map((pattern) => ({ pattern, found: expand(suite.dir, pattern) }))
  const all = [...new Set(names.flatMap(({ found }) => found))]
  const known = knownOf(all)
  const { unchanged } = known
  const passed = new Set(unchanged.map(({ job }) => job))
  const jobs = all.filter((job) => !passed.has(job))
  const nothing = names
    .filter(({ found }) => found.length === 0)
    .map(({ pattern }) => unreadable(suite.file, `jobs: nothing is named ${JSON.stringify(pattern)}`))
  const inputs = jobs.map((job) => inputOf(disk)(within(suite, job)))
  const results = await loaded(suite, inputs)
  if (E.isLeft(results))
    return { cases: [], faults: [...nothing, ofLines(results.left)], unknown: jobs, read: [], ...known }
  const meant = new Set(names.flatMap(({ pattern, found }) => (pattern.includes('*') ? [] : found)))
  // A pattern may take in the goldens themselves, and other documents: these are no jobs.
  const opened = results.right.map((one, index) => (meant.has(jobs[index] ?? '') ? E.chain(onlyTasks)(one) : one))
  const found = readOf(suite, jobs, inputs, opened)
  const faults = [...nothing, ...shared(suite, found.cases, unchanged), ...RA.lefts(opened)]
  const isEmpty = found.cases.length === 0 && unchanged.every(({ tasks }) => tasks.length === 0) && faults.length === 0
  return { ...found, ...known, faults: isEmpty ? [unreadable(suite.file, NONE_OURS)] : faults }
}

/** What was read of jobs, in their order. */
const readOf = (
  suite: Suite,
  jobs: ReadonlyArray<string>,
  inputs: ReadonlyArray<Input>,
  opened: Results
): Pick<Cases, 'cases' | 'unknown' | 'read'> => {
  const read = opened.flatMap((one, index) =>
    E.isRight(one) && one.right._tag === 'Tasks'
      ? [{ job: jobs[index] ?? '', input: inputs[index], tasks: one.right.tasks }]
      : []
  )
  return {
    cases: read.flatMap(({ job, tasks }) => tasks.map((task) => caseOf(suite, job, task))),
    unknown: opened.flatMap((one, index) => (E.isLeft(one) ? [jobs[index] ?? ''] : [])),
    read: read.flatMap(({ job, input, tasks }) =>
      input?._tag === 'Text' && E.isRight(input.text)
        ? [{ job, text: input.text.right, tasks: tasks.map(({ task }) => task) }]
        : []
    )
  }
}

const NONE_OURS = `jobs: none of them has a task with driver = ${JSON.stringify(DRIVER)}`

/** Nothing is asked of what surrounds jobs where none is left. */
const loaded = (suite: Suite, inputs: ReadonlyArray<Input>): Promise<E.Either<string, Results>> =>
  inputs.length === 0 ? Promise.resolve(E.right([])) : load(inputs, loadOptionsOf(suite))

const shared = (
  suite: Suite,
  cases: ReadonlyArray<GoldenCase>,
  unchanged: ReadonlyArray<Unchanged>
): ReadonlyArray<Unreadable> =>
  sharedFiles([
    ...goldensOfUnchanged(suite, unchanged),
    ...cases.map(({ loaded: one, golden }) => ({ name: nameOf(one), file: golden }))
  ]).map(ofLines)

/** The names and goldens of tasks that were passed over. */
export const goldensOfUnchanged = (
  suite: Suite,
  unchanged: ReadonlyArray<Unchanged>
): ReadonlyArray<{ readonly name: string; readonly file: string }> =>
  unchanged.flatMap(({ job, tasks }) =>
    tasks.map((task) => ({
      name: nameOf({ file: disk.label(within(suite, job)), task }),
      file: goldenOf(suite, job, task)
    }))
  )

const caseOf = (suite: Suite, job: string, one: Loaded): GoldenCase => {
  const { document, issues = [] } = halfOf(one)
  return {
    loaded: one,
    job,
    task: one.task === '' ? job : one.task,
    golden: goldenOf(suite, job, one.task),
    document,
    issues
  }
}
