import * as E from 'fp-ts/Either'

import * as Lock from '../../core/lock/Lock'
import { issues as spoken } from '../../core/report/explain'
import { Files } from './Files'
import { readJson } from './readJson'

/** A lock file; Left is the text for stderr and names the file. `Lock.factsOf` gives the facts of a task's images. */
export const readLock = (files: Files, file: string): E.Either<string, Lock.Lock> => {
  const document = readJson(files, file)
  if (E.isLeft(document)) return E.left(`${document.left}\n`)
  return E.mapLeft(
    (issues: Parameters<typeof spoken>[0]) => `${files.label(file)}: is no lock file of this version\n${spoken(issues)}`
  )(Lock.decode(document.right))
}
