import { existsSync, statSync } from 'node:fs'

import * as E from 'fp-ts/Either'

import { readText } from './readText'

/** Where inputs are read from: the disk, or a revision of a repository. */
export interface Files {
  /** The text of a file; Left is one sentence. */
  readonly read: (file: string) => E.Either<string, string>
  readonly exists: (file: string) => boolean
  readonly isDirectory: (file: string) => boolean
  /** The name that messages give a file. */
  readonly label: (file: string) => string
}

export const disk: Files = {
  read: readText,
  exists: existsSync,
  isDirectory: (file) => file !== '-' && (statSync(file, { throwIfNoEntry: false })?.isDirectory() ?? false),
  label: (file) => (file === '-' ? 'stdin' : file)
}
