import { existsSync, lstatSync, readdirSync, readFileSync, realpathSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'

import * as E from 'fp-ts/Either'

import type { Entry, Looked } from '../hcl/Reach'
import { MAX_BYTES, reasonOf } from './readText'

/** Files and directories that a job may ask for, by absolute path: those of the disk, or of a commit. */
export interface Tree {
  /** What a job in a directory may read without being given more: its repository, else the directory itself. */
  readonly rootOf: (dir: string) => string
  /** Where a path leads, links followed; undefined where nothing is. Left says why nobody may know. */
  readonly real: (path: string) => E.Either<string, string | undefined>
  readonly look: (path: string, isFollowed: boolean) => Looked
  /** Left says what is wrong. */
  readonly read: (path: string) => E.Either<string, Uint8Array>
  /** Left says why it cannot be listed. */
  readonly entries: (path: string) => E.Either<string, ReadonlyArray<Entry>>
}

/** The files of the disk. */
export const diskTree: Tree = {
  rootOf: (dir) => repositoryAround(dir, dir),
  real: (path) => {
    try {
      return E.right(realpathSync(path))
    } catch (thrown) {
      return isMissing(thrown) ? E.right(undefined) : E.left(reasonOf(thrown))
    }
  },
  look: (path, isFollowed) => {
    try {
      return lookedAt(isFollowed ? statSync(path) : lstatSync(path))
    } catch {
      return { kind: 'absent' }
    }
  },
  read: (path) =>
    E.flatten(E.tryCatch(() => {
      const stat = statSync(path)
      if (!stat.isFile()) return E.left('is no regular file')
      return stat.size > MAX_BYTES ? E.left('is larger than 16 MiB') : E.right(readFileSync(path))
    }, reasonOf)),
  entries: (path) =>
    E.tryCatch(() =>
      readdirSync(path, { withFileTypes: true })
        .map((entry): Entry => ({ name: entry.name, kind: kindOf(entry) }))
        .sort((a, b) => (a.name < b.name ? -1 : 1)), whyUnlisted)
}

const whyUnlisted = (thrown: unknown): string =>
  `${reasonOf(thrown)}; do links of directories lead in a circle?`

const isMissing = (thrown: unknown): boolean =>
  typeof thrown === 'object' && thrown !== null && 'code' in thrown
  && (thrown.code === 'ENOENT' || thrown.code === 'ENOTDIR')

const repositoryAround = (dir: string, start: string): string => {
  if (existsSync(join(dir, '.git'))) return dir
  return dir === dirname(dir) ? start : repositoryAround(dirname(dir), start)
}

interface Typed {
  readonly isFile: () => boolean
  readonly isDirectory: () => boolean
  readonly isSymbolicLink: () => boolean
}

const kindOf = (one: Typed): Entry['kind'] => {
  if (one.isFile()) return 'file'
  if (one.isDirectory()) return 'directory'
  return one.isSymbolicLink() ? 'link' : 'other'
}

const lookedAt = (stat: Typed & { readonly size: number }): Looked => {
  const kind = kindOf(stat)
  return kind === 'file' ? { kind, bytes: stat.size } : { kind }
}
