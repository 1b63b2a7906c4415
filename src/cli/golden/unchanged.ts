import { rmSync } from 'node:fs'
import { join } from 'node:path'

import * as E from 'fp-ts/Either'

import { jsonIn } from '../../core/domain/jsonIn'
import { disk } from '../load/Files'
import { writeResult } from '../output/writeDocument'
import { fingerprintIn } from './fingerprint'
import { goldensOf, Suite } from './Suite'

/** A job and its tasks, which came to their goldens when these were written. */
export interface Unchanged {
  readonly job: string
  readonly tasks: ReadonlyArray<string>
}

/** With fewer jobs a suite is compared sooner than a reader understands one more file. */
const FEWEST = 50

/** The jobs of a suite that nothing has changed since: neither them, nor what surrounds them, nor their goldens. */
export const unchangedIn = (suite: Suite, jobs: ReadonlyArray<string>): ReadonlyArray<Unchanged> => {
  const stored = storedIn(suite)
  const fingerprint = stored.size === 0 ? undefined : fingerprintIn(suite)
  return jobs.flatMap((job) => {
    const { tasks, number } = stored.get(job) ?? { tasks: [], number: undefined }
    return number !== undefined && fingerprint?.(job, tasks) === number ? [{ job, tasks }] : []
  })
}

/** Keeps the numbers of jobs beside the goldens, or none where they are few. Left says what cannot be written. */
export const storeUnchanged = (suite: Suite, jobs: ReadonlyArray<Unchanged>): E.Either<string, void> => {
  const fingerprint = jobs.length < FEWEST ? undefined : fingerprintIn(suite)
  const lines = jobs.flatMap(({ job, tasks }) => {
    const number = fingerprint?.(job, tasks)
    return number === undefined ? [] : [`${JSON.stringify([number, job, ...tasks])}\n`]
  })
  if (lines.length > 0) return E.map(() => undefined)(writeResult(fileOf(suite), lines.join('')))
  if (disk.exists(fileOf(suite))) rmSync(fileOf(suite))
  return E.right(undefined)
}

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
