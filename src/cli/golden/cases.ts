import { readdirSync } from 'node:fs'
import { dirname, join } from 'node:path'

import * as E from 'fp-ts/Either'

import { Issue } from '../../core/domain/Issue'
import { Json } from '../../core/domain/Json'
import { DRIVER } from '../../core/job/ours'
import { parseJson } from '../../core/share/parseJson'
import { halfOf } from '../comparison/pairs'
import { isDocument, isEarlierDocument } from '../load/documents'
import { disk } from '../load/Files'
import { inputOf } from '../load/Input'
import { load } from '../load/load'
import { Loaded, nameOf } from '../load/Loaded'
import { reasonOf } from '../load/readText'
import { onlyTasks } from '../load/tasksOf'
import { ofLines, Unreadable, unreadable } from '../load/Unreadable'
import { resultFile, sharedFiles } from '../output/resultFile'
import { expand } from './expand'
import { loadOptionsOf, Suite, within } from './Suite'

/** A task of a suite, the golden file that it should have, and what it comes to now (with every secret). */
export interface GoldenCase {
  readonly loaded: Loaded
  readonly task: string
  readonly golden: string
  readonly document: Json
  /** Why the task is refused; none where it compiles. */
  readonly issues: ReadonlyArray<Issue>
}

/** All cases of a suite, and what could not be read. */
export interface Cases {
  readonly cases: ReadonlyArray<GoldenCase>
  readonly faults: ReadonlyArray<Unreadable>
  /** The golden files of jobs that could not be read: nothing is known of them. */
  readonly unknown: ReadonlyArray<string>
}

/** Compiles everything that a suite names. */
export const casesOf = async (suite: Suite): Promise<Cases> => {
  const names = suite.config.jobs.map((pattern) => ({ pattern, found: expand(suite.dir, pattern) }))
  const nothing = names
    .filter(({ found }) => found.length === 0)
    .map(({ pattern }) => unreadable(suite.file, `jobs: nothing is named ${JSON.stringify(pattern)}`))
  const jobs = [...new Set(names.flatMap(({ found }) => found))]
  const results = await load(
    jobs.map((job) => inputOf(disk)(within(suite, job))),
    loadOptionsOf(suite)
  )
  if (E.isLeft(results)) return { cases: [], faults: [...nothing, ofLines(results.left)], unknown: jobs }
  const meant = new Set(names.flatMap(({ pattern, found }) => (pattern.includes('*') ? [] : found)))
  // A pattern may take in the goldens themselves, and other documents: these are no jobs.
  const opened = results.right.map((one, index) => (meant.has(jobs[index] ?? '') ? E.chain(onlyTasks)(one) : one))
  const cases = opened.flatMap((one, index) =>
    E.isRight(one) && one.right._tag === 'Tasks'
      ? one.right.tasks.map((loaded) => caseOf(suite, jobs[index] ?? '', loaded))
      : []
  )
  const faults = [...nothing, ...shared(cases), ...opened.flatMap((one) => (E.isLeft(one) ? [one.left] : []))]
  return {
    cases,
    faults:
      cases.length > 0 || faults.length > 0
        ? faults
        : [unreadable(suite.file, `jobs: none of them has a task with driver = ${JSON.stringify(DRIVER)}`)],
    unknown: opened.flatMap((one, index) => (E.isLeft(one) ? [jobs[index] ?? ''] : []))
  }
}

const shared = (cases: ReadonlyArray<GoldenCase>): ReadonlyArray<Unreadable> =>
  sharedFiles(cases.map(({ loaded, golden }) => ({ name: nameOf(loaded), file: golden }))).map(ofLines)

const caseOf = (suite: Suite, job: string, loaded: Loaded): GoldenCase => {
  const { document, issues = [] } = halfOf(loaded)
  return {
    loaded,
    task: loaded.task === '' ? job : loaded.task,
    golden: join(goldensOf(suite), resultFile(job, loaded.task, '.json')),
    document,
    issues
  }
}

const goldensOf = (suite: Suite): string => within(suite, suite.config.goldens)

/** A file among the goldens that no task has; one that is no document of ours was put there by somebody. */
export interface Extra {
  readonly file: string
  readonly isOurs: boolean
}

/**
 * What lies among the goldens of a suite and belongs to no task; Left when they cannot be listed. Of a job that could
 * not be read, nobody knows which are its own.
 */
export const extrasOf = (suite: Suite, { cases, unknown }: Cases): E.Either<Unreadable, ReadonlyArray<Extra>> => {
  const wanted = new Set(cases.map(({ golden }) => golden))
  const unsure = unknown.map((job) => `${dirname(join(goldensOf(suite), resultFile(job, '', '')))}/`)
  const isExtra = (file: string): boolean =>
    file.endsWith('.json') && !wanted.has(file) && !unsure.some((dir) => file.startsWith(dir))
  return E.tryCatch(
    () =>
      filesBelow(goldensOf(suite))
        .filter(isExtra)
        .sort()
        .map((file) => ({ file, isOurs: isOurs(file) })),
    (thrown) => unreadable(goldensOf(suite), `cannot be listed: ${reasonOf(thrown)}`)
  )
}

// A job in JSON has a directory of goldens whose name ends like theirs.
const filesBelow = (dir: string): ReadonlyArray<string> =>
  disk.isDirectory(dir)
    ? readdirSync(dir, { withFileTypes: true }).flatMap((entry) =>
        entry.isDirectory() ? filesBelow(join(dir, entry.name)) : [join(dir, entry.name)]
      )
    : []

const isOurs = (file: string): boolean => {
  const document = E.chain(parseJson)(disk.read(file))
  return E.isRight(document) && (isDocument(document.right) || isEarlierDocument(document.right))
}
