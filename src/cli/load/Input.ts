import { join } from 'node:path'

import * as E from 'fp-ts/Either'

import { disk, Files } from './Files'
import { jobsIn } from './jobsIn'
import { Tree } from './Tree'

/** Something to read: a fixture directory and where its files are, or a text with the name that messages give it. */
export type Input =
  | { readonly _tag: 'Directory'; readonly file: string; readonly files: Files }
  | {
      readonly _tag: 'Text'
      readonly file: string
      readonly text: E.Either<string, string>
      /** What the user named, and what the job may ask for. */
      readonly origin: { readonly path: string; readonly tree: Tree }
    }

/** What the user named: a directory, a file, or `-` for standard input. */
export const inputOf =
  (files: Files) =>
  (file: string): Input =>
    files.isDirectory(file)
      ? { _tag: 'Directory', file, files }
      : {
          _tag: 'Text',
          file: files.label(file),
          text: files.read(file),
          origin: { path: file, tree: files.tree }
        }

/** What the user named; a directory of the disk that is no fixture stands for the jobs below it. */
export const inputsOf =
  (files: Files) =>
  (names: ReadonlyArray<string>): ReadonlyArray<Input> =>
    names.flatMap((name) => {
      const isOfJobs = files === disk && disk.isDirectory(name) && !disk.exists(join(name, 'task.json'))
      const jobs = isOfJobs ? jobsIn(name) : []
      return jobs.length > 0 ? jobs.map((job) => inputOf(files)(join(name, job))) : [inputOf(files)(name)]
    })
