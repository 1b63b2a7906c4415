import { existsSync, statSync } from 'node:fs'

import * as E from 'fp-ts/Either'

import { named, readText } from './readText'
import { diskTree, Tree } from './Tree'

/** Where inputs are read from: the disk, or a revision of a repository. */
export interface Files {
  /** The text of a file; Left is one sentence. */
  readonly read: (file: string) => E.Either<string, string>
  readonly exists: (file: string) => boolean
  readonly isDirectory: (file: string) => boolean
  /** The name that messages give a file: one line, with nothing that a terminal obeys. */
  readonly label: (file: string) => string
  /** What jobs may ask for themselves, by absolute path. */
  readonly tree: Tree
}

// A loop of links is no directory; reading it says what it is.
const isDirectory = (file: string): boolean => {
  try {
    return statSync(file).isDirectory()
  } catch {
    return false
  }
}

export const disk: Files = {
  read: readText,
  exists: existsSync,
  isDirectory: (file) => file !== '-' && isDirectory(file),
  label: named,
  tree: diskTree
}
