import * as E from 'fp-ts/Either'

import { isRecord } from '../domain/isRecord'
import { CdiFile } from './CdiFile'
import { CdiSpec, decode } from './CdiSpec'
import { Mistake } from './Mistake'

/** A file that could be decoded; of two files with one device, the one with the higher rank gives it. */
export interface Shelved {
  readonly path: string
  readonly rank: number
  readonly spec: CdiSpec
}

/** A file that could not; `kind` is what it says about itself, where that much could be read. */
export interface BrokenFile {
  readonly path: string
  readonly kind?: string
  readonly mistakes: ReadonlyArray<Mistake>
}

/** All CDI files of the host. */
export interface Library {
  readonly specs: ReadonlyArray<Shelved>
  readonly broken: ReadonlyArray<BrokenFile>
}

/** Decodes every file. A directory ranks by its first file: one that comes later ranks higher. */
export const libraryOf = (files: ReadonlyArray<CdiFile>): Library => {
  const directories = [...new Set(files.map(({ path }) => directoryOf(path)))]
  const read = files.map((file) => ({ file, outcome: specOf(file) }))
  return {
    specs: read.flatMap(({ file: { path }, outcome }) =>
      E.isRight(outcome) ? [{ path, rank: directories.indexOf(directoryOf(path)), spec: outcome.right }] : []
    ),
    broken: read.flatMap(({ file, outcome }) =>
      E.isLeft(outcome) ? [{ path: file.path, ...kindOf(file), mistakes: outcome.left }] : []
    )
  }
}

const directoryOf = (path: string): string => path.slice(0, path.lastIndexOf('/') + 1)

const specOf = (file: CdiFile): E.Either<ReadonlyArray<Mistake>, CdiSpec> =>
  'unreadable' in file ? E.left([{ at: file.path, reason: file.unreadable }]) : decode(file.document, file.path)

const kindOf = (file: CdiFile): { readonly kind?: string } => {
  const kind = 'document' in file && isRecord(file.document) ? file.document['kind'] : undefined
  return typeof kind === 'string' ? { kind } : {}
}
