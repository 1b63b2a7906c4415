import * as E from 'fp-ts/Either'

import { Files } from './Files'

/** Something to read: a fixture directory and where its files are, or a text with the name that messages give it. */
export type Input =
  | { readonly _tag: 'Directory'; readonly file: string; readonly files: Files }
  | { readonly _tag: 'Text'; readonly file: string; readonly text: E.Either<string, string> }

/** What the user named: a directory, a file, or `-` for standard input. */
export const inputOf =
  (files: Files) =>
  (file: string): Input =>
    files.isDirectory(file)
      ? { _tag: 'Directory', file, files }
      : { _tag: 'Text', file: files.label(file), text: files.read(file) }
