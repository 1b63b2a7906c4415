import { statSync } from 'node:fs'

import * as E from 'fp-ts/Either'

import { readText } from './readText'

/** Something to read: a fixture directory, or a text with the name that messages give it. */
export type Input =
  | { readonly _tag: 'Directory'; readonly file: string }
  | { readonly _tag: 'Text'; readonly file: string; readonly text: E.Either<string, string> }

const isDirectory = (file: string): boolean => file !== '-' && (statSync(file, { throwIfNoEntry: false })?.isDirectory() ?? false)

/** What the user named: a directory, a file, or `-` for standard input. */
export const inputOf = (file: string): Input =>
  isDirectory(file) ? { _tag: 'Directory', file } : { _tag: 'Text', file: file === '-' ? 'stdin' : file, text: readText(file) }
