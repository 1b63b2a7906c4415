import { join, relative, resolve } from 'node:path'

import * as E from 'fp-ts/Either'

import { entriesOf, Entry, NOTHING } from './commitEntries'
import { disk, Files } from './Files'
import { decodedText } from './readText'
import { revisionTree } from './revisionTree'

const SHORT = 8

/**
 * The files of a commit, by the paths that they have below the working directory, which is `prefix` in the repository.
 * Links are followed inside the repository; what lies outside of it, or in a submodule, the commit does not have.
 */
export const revision = (prefix: string) => (sha: string): Files => {
  const inRepository = entriesOf(sha)
  const look = (file: string): E.Either<string, Entry> => inRepository(join(prefix, relative('.', file)))
  const label = (file: string): string => `${disk.label(file)}@${sha.slice(0, SHORT)}`
  const typeOf = (file: string): string => E.getOrElse(() => NOTHING)(look(file)).type
  return {
    read: (file) => E.mapLeft((said: string) => `${label(file)}: ${said}`)(E.chain(textOf)(look(file))),
    exists: (file) => E.isLeft(look(file)) || !['', 'outside'].includes(typeOf(file)),
    isDirectory: (file) => typeOf(file) === 'tree',
    label,
    tree: revisionTree(sha, resolve('.', relative(prefix, '.')))
  }
}

const textOf = ({ type, bytes }: Entry): E.Either<string, string> =>
  type === 'blob' ? decodedText(bytes) : E.left(type === 'tree' ? 'is a directory' : 'no such file')
