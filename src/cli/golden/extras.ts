import { readdirSync } from 'node:fs'
import { dirname, join } from 'node:path'

import * as E from 'fp-ts/Either'

import { parseJson } from '../../core/share/parseJson'
import { isDocument, isEarlierDocument } from '../load/documents'
import { disk } from '../load/Files'
import { reasonOf } from '../load/readText'
import { Unreadable, unreadable } from '../load/Unreadable'
import { resultFile } from '../output/resultFile'
import { Cases, goldensOfUnchanged } from './cases'
import { goldensOf, Suite } from './Suite'

/** A file among the goldens that no task has; one that is no document of ours was put there by somebody. */
export interface Extra {
  readonly file: string
  readonly isOurs: boolean
}

/**
 * What lies among the goldens of a suite and belongs to no task; Left when they cannot be listed. Of a job that could
 * not be read, nobody knows which are its own.
 */
export const extrasOf = (
  suite: Suite,
  { cases, unknown, unchanged }: Cases
): E.Either<Unreadable, ReadonlyArray<Extra>> => {
  const wanted = new Set([
    ...cases.map(({ golden }) => golden),
    ...goldensOfUnchanged(suite, unchanged).map(({ file }) => file)
  ])
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
