import { promises } from 'node:fs'

import * as E from 'fp-ts/Either'
import * as TE from 'fp-ts/TaskEither'

import { Failure } from '../../core/domain/Failure'
import { codeOf, failureOf } from '../ports/Thrown'

/** The names in a directory; none when it is not there. */
export const namesIn = (directory: string): TE.TaskEither<Failure, ReadonlyArray<string>> => async () => {
  try {
    return E.right(await promises.readdir(directory))
  } catch (thrown) {
    return codeOf(thrown) === 'ENOENT' ? E.right([]) : E.left(failureOf(thrown, `look into ${directory}`))
  }
}
