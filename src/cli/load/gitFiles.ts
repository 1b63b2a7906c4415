import { execFileSync } from 'node:child_process'
import { relative } from 'node:path'

import * as E from 'fp-ts/Either'

import { disk, Files } from './Files'
import { reasonOf } from './readText'

const MAX_BYTES = 16 * 1024 * 1024

/** What the git program says, run in the working directory. Left is its own words. */
const git = (args: ReadonlyArray<string>): E.Either<string, string> => {
  try {
    return E.right(execFileSync('git', args, { encoding: 'utf8', maxBuffer: MAX_BYTES, stdio: ['ignore', 'pipe', 'pipe'] }))
  } catch (thrown) {
    const { code, stderr } = thrown as { readonly code?: string; readonly stderr?: string }
    return E.left(code === 'ENOENT' ? 'the git program is not installed' : code === 'ENOBUFS' ? 'is larger than 16 MiB' : (stderr ?? '').trim() || reasonOf(thrown))
  }
}

/** The two sides of `BASE..HEAD`: `BASE...HEAD` starts where they parted, `BASE` alone ends at the working tree. */
export const sidesOf = (range: string): E.Either<string, readonly [Files, Files]> => {
  const [, base = '', dots = '', head = ''] = /^(.*?)(\.{2,3}|$)(.*)$/.exec(range) ?? []
  const to = commit(head === '' ? 'HEAD' : head)
  const from = E.chain((end: string) => E.chain((start: string) => (dots === '...' ? mergeBase(start, end) : E.right(start)))(commit(base === '' ? 'HEAD' : base)))(to)
  if (E.isLeft(from)) return E.left(`--git ${range}: ${from.left}\n`)
  if (E.isLeft(to)) return E.left(`--git ${range}: ${to.left}\n`)
  return E.right([revision(from.right), dots === '' ? disk : revision(to.right)])
}

const commit = (name: string): E.Either<string, string> =>
  E.map((text: string) => text.trim())(
    E.mapLeft((said: string) => (said.includes('Needed a single revision') ? `there is no revision ${JSON.stringify(name)}` : said))(
      git(['rev-parse', '--verify', '--end-of-options', `${name}^{commit}`])
    )
  )

const mergeBase = (a: string, b: string): E.Either<string, string> => E.map((text: string) => text.trim())(git(['merge-base', a, b]))

const SHORT = 8

/** The files of a commit, by the paths that they have below the working directory. */
const revision = (sha: string): Files => {
  const inCommit = (file: string): string => `${sha}:./${relative('.', file)}`
  const typeOf = (file: string): string => {
    const type = git(['cat-file', '-t', inCommit(file)])
    return E.isRight(type) ? type.right.trim() : ''
  }
  const label = (file: string): string => `${file}@${sha.slice(0, SHORT)}`
  return {
    read: (file) => E.mapLeft((said: string) => `${label(file)}: ${said}`)(git(['cat-file', 'blob', inCommit(file)])),
    exists: (file) => typeOf(file) !== '',
    isDirectory: (file) => typeOf(file) === 'tree',
    label
  }
}

/** Files of a commit; those that it does not have are read from the disk. */
export const orDisk = (files: Files): Files => ({
  read: (file) => (files.exists(file) ? files.read(file) : disk.read(file)),
  exists: (file) => files.exists(file) || disk.exists(file),
  isDirectory: (file) => files.isDirectory(file) || (!files.exists(file) && disk.isDirectory(file)),
  label: (file) => (files.exists(file) ? files.label(file) : file)
})
