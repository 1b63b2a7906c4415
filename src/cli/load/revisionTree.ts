import { join, relative } from 'node:path'

import * as E from 'fp-ts/Either'

import type { Entry as Name, Looked } from '../hcl/Reach'
import { entriesOf, Entry, NOTHING } from './commitEntries'
import { git } from './git'
import { Tree } from './Tree'

/** The files of a commit, as if they lay below `top`, where the repository is. */
export const revisionTree = (sha: string, top: string): Tree => {
  const ofCommit = entriesOf(sha)
  const at = (path: string): Entry => E.getOrElse(() => NOTHING)(ofCommit(relative(top, path)))
  const names = (path: string): ReadonlyArray<Name> => namesIn(sha, relative(top, path))
  return {
    rootOf: () => top,
    real: (path) => {
      const { type } = at(path)
      if (type === 'outside') return E.left('a link leads out of the repository')
      return E.right(type === '' && path !== top ? undefined : path)
    },
    look: (path, isFollowed): Looked => {
      const isLink = !isFollowed && path !== top && isLinkAmong(names(join(path, '..')), path)
      return isLink ? { kind: 'link' } : lookedAt(at(path))
    },
    read: (path) => {
      const { type, bytes } = at(path)
      return type === 'blob' ? E.right(bytes) : E.left('is no file')
    },
    entries: (path) => E.right(names(path))
  }
}

const isLinkAmong = (names: ReadonlyArray<Name>, path: string): boolean =>
  names.some(({ name, kind }) => kind === 'link' && path.endsWith(`/${name}`))

const lookedAt = ({ type, bytes }: Entry): Looked => {
  if (type === 'blob') return { kind: 'file', bytes: bytes.length }
  return { kind: type === 'tree' ? 'directory' : 'absent' }
}

// `100644 blob <object>\t<name>`, each with a NUL behind it.
const LINE = /^(\d{6}) \S+ \S+\t(.*)$/s

const namesIn = (sha: string, path: string): ReadonlyArray<Name> => {
  const listed = git(['ls-tree', '-z', '--full-tree', `${sha}:${path}`])
  return E.isLeft(listed) ? [] : listed.right.toString().split('\0').flatMap(nameIn)
}

const KINDS: Readonly<Record<string, Name['kind']>> = { '040000': 'directory', '120000': 'link', '160000': 'other' }

const nameIn = (line: string): ReadonlyArray<Name> => {
  const [, mode = '', name = ''] = LINE.exec(line) ?? []
  return name === '' ? [] : [{ name, kind: KINDS[mode] ?? 'file' }]
}
