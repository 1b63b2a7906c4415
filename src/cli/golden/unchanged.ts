import { rmSync } from 'node:fs'
import { join } from 'node:path'

import * as E from 'fp-ts/Either'
import * as RA from 'fp-ts/ReadonlyArray'

import { jsonIn } from '../../core/domain/jsonIn'
import { disk } from '../load/Files'
import { reasonOf } from '../load/readText'
import { writeResult } from '../output/writeDocument'
import { fingerprint, Settled, surroundingsKey } from './fingerprint'
import { goldenOf, goldensOf, Suite, within } from './Suite'

/** A job and its tasks, which came to their goldens when these were written. */
export interface Unchanged {
  readonly job: string
  readonly tasks: ReadonlyArray<string>
}

/** With fewer jobs a suite is compared sooner than a reader understands one more file. */
const FEWEST = 50

/** What surrounds so many jobs of a suite now; undefined where they are too few, or it cannot be read. */
export const keyFor = (suite: Suite, jobs: ReadonlyArray<string>): string | undefined =>
  jobs.length < FEWEST ? undefined : surroundingsKey(suite)

/** The jobs of a suite that nothing has changed since: neither them, nor what surrounds them, nor their goldens. */
export const unchangedIn = (suite: Suite, jobs: ReadonlyArray<string>): ReadonlyArray<Unchanged> => {
  const stored = storedIn(suite)
  const key = stored.size === 0 ? undefined : surroundingsKey(suite)
  return jobs.flatMap((job) => {
    const { tasks, number } = stored.get(job) ?? { tasks: [], number: undefined }
    const now = key === undefined || number === undefined ? undefined : onDisk(suite, job, tasks)
    return key !== undefined && now !== undefined && fingerprint(key, now) === number ? [{ job, tasks }] : []
  })
}

const onDisk = (suite: Suite, job: string, tasks: ReadonlyArray<string>): Settled | undefined => {
  const texts = [within(suite, job), ...tasks.map((task) => goldenOf(suite, job, task))].map(disk.read)
  const [text, ...goldens] = RA.rights(texts)
  return text === undefined || goldens.length < tasks.length ? undefined : { job, text, tasks, goldens }
}

/**
 * Keeps the numbers of jobs beside the goldens, or none where they are few. They are of what was read and made, not of
 * what lies there by now; `key` is of before that, and nothing is kept where it is another one now. Left says what
 * cannot be written.
 */
export const storeUnchanged = (
  suite: Suite, key: string | undefined, jobs: ReadonlyArray<Settled>
): E.Either<string, void> => {
  const isKept = jobs.length >= FEWEST && key !== undefined && surroundingsKey(suite) === key
  const lines = jobs.flatMap((one) => {
    const number = isKept ? fingerprint(key, one) : undefined
    return number === undefined ? [] : [`${JSON.stringify([number, one.job, ...one.tasks])}\n`]
  })
  return lines.length > 0 ? E.map(() => undefined)(writeResult(fileOf(suite), lines.join(''))) : remove(fileOf(suite))
}

const remove = (file: string): E.Either<string, void> =>
  E.tryCatch(
    () => { rmSync(file, { force: true }) },
    (thrown) => `${disk.label(file)}: cannot be removed: ${reasonOf(thrown)}`
  )

const fileOf = (suite: Suite): string => join(goldensOf(suite), '.unchanged')

type Stored = ReadonlyMap<string, { readonly number: string; readonly tasks: ReadonlyArray<string> }>

/** The numbers by job: one line each, so that two branches can be merged. A line that cannot be read stands for none. */
const storedIn = (suite: Suite): Stored => {
  const text = disk.exists(fileOf(suite)) ? disk.read(fileOf(suite)) : E.right('')
  return new Map((E.isRight(text) ? text.right : '').split('\n').flatMap((line) => {
    const value = jsonIn(line)
    const words = Array.isArray(value) ? value.filter((word): word is string => typeof word === 'string') : []
    const [number, job, ...tasks] = words
    return number === undefined || job === undefined ? [] : [[job, { number, tasks }] as const]
  }))
}
