import { readdirSync } from 'node:fs'
import { dirname, join } from 'node:path'

import * as E from 'fp-ts/Either'

import { Json } from '../../core/domain/Json'
import { documentOf, translateOffline } from '../../core/offline'
import { disk } from '../load/Files'
import { inputOf } from '../load/Input'
import { load } from '../load/load'
import { Loaded } from '../load/Loaded'
import { resultFile } from '../resultFile'
import { expand } from './expand'
import { loadOptionsOf, Suite } from './Suite'

/** A task of a suite, the golden file that it should have, and what it comes to now (with every secret). */
export interface GoldenCase {
  readonly loaded: Loaded
  readonly task: string
  readonly golden: string
  readonly document: Json
}

/** All cases of a suite, and what could not be read, by lines. */
export interface Cases {
  readonly cases: ReadonlyArray<GoldenCase>
  readonly faults: ReadonlyArray<string>
  /** The golden files of jobs that could not be read: nothing is known of them. */
  readonly unknown: ReadonlyArray<string>
}

/** Compiles everything that a suite names. */
export const casesOf = async (suite: Suite): Promise<Cases> => {
  const names = suite.config.jobs.map((pattern) => ({ pattern, found: expand(suite.dir, pattern) }))
  const nothing = names.filter(({ found }) => found.length === 0).map(({ pattern }) => `${suite.file}: jobs: nothing is named ${JSON.stringify(pattern)}`)
  const jobs = [...new Set(names.flatMap(({ found }) => found))]
  const results = await load(jobs.map((job) => inputOf(disk)(join(suite.dir, job))), loadOptionsOf(suite, disk))
  if (E.isLeft(results)) return { cases: [], faults: [...nothing, results.left], unknown: jobs }
  const cases = results.right.flatMap((one, index) =>
    E.isRight(one) && one.right._tag === 'Tasks' ? one.right.tasks.map((loaded) => caseOf(suite, jobs[index] ?? '', loaded)) : [])
  return {
    cases,
    faults: [...nothing, ...results.right.flatMap((one) => (E.isLeft(one) ? [one.left.text] : []))],
    unknown: results.right.flatMap((one, index) => (E.isLeft(one) ? [jobs[index] ?? ''] : []))
  }
}

const caseOf = (suite: Suite, job: string, loaded: Loaded): GoldenCase => ({
  loaded,
  task: loaded.task === '' ? job : loaded.task,
  golden: join(suite.dir, suite.config.goldens, resultFile(job, loaded.task, '.json')),
  document: documentOf(translateOffline(loaded.offline))
})

/** Every golden file that a suite has. A job in JSON has a directory of goldens whose name ends like theirs. */
export const storedGoldens = ({ dir, config }: Suite): ReadonlyArray<string> => {
  const root = join(dir, config.goldens)
  return disk.isDirectory(root) ? filesBelow(root).filter((name) => name.endsWith('.json')).sort() : []
}

const filesBelow = (dir: string): ReadonlyArray<string> =>
  readdirSync(dir, { withFileTypes: true }).flatMap((entry) => (entry.isDirectory() ? filesBelow(join(dir, entry.name)) : [join(dir, entry.name)]))

/** Whether a golden belongs to a job that could not be read. */
export const isUnknown = ({ dir, config }: Suite, { unknown }: Cases, golden: string): boolean =>
  unknown.some((job) => golden.startsWith(`${dirname(join(dir, config.goldens, resultFile(job, '', '')))}/`))
