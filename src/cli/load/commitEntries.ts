import * as E from 'fp-ts/Either'

import { git } from './git'

/**
 * What a commit has under a name: a `blob` with its bytes, a `tree`, nothing (``), or a link that leads out of the
 * repository (`outside`).
 */
export interface Entry {
  readonly type: string
  readonly bytes: Buffer
}

export const NOTHING: Entry = { type: '', bytes: Buffer.alloc(0) }

/** What a commit has at paths from the root of its repository. It does not change: each is asked for once. */
export const entriesOf = (sha: string): ((path: string) => E.Either<string, Entry>) => {
  const known = new Map<string, E.Either<string, Entry>>()
  return (path) => {
    const found = known.get(path) ?? entryOf(sha, path)
    known.set(path, found)
    return found
  }
}

// Git's answer starts with `<object> <type> <size>`; for a link that leads nowhere with `dangling`, `loop`, `notdir` or
// `symlink`.
const ANSWER = /^[0-9a-f]{40,64} (blob|tree) (\d+)$/

/**
 * What git answers for a path from the root of the repository. A name with a line feed cannot be asked for in this
 * form.
 */
const entryOf = (sha: string, path: string): E.Either<string, Entry> => {
  if (path.includes('\n') || path === '..' || path.startsWith('../')) return E.right(NOTHING)
  return E.map((answer: Buffer): Entry => {
    const end = answer.indexOf('\n')
    const [, type, size] = ANSWER.exec(answer.toString('utf8', 0, end)) ?? []
    return type === undefined ? without(answer) : { type, bytes: answer.subarray(end + 1, end + 1 + Number(size)) }
  })(git(['cat-file', '--batch', '--follow-symlinks'], `${sha}:${path === './' || path === '.' ? '' : path}\n`))
}

const without = (answer: Buffer): Entry =>
  answer.toString('utf8', 0, OUTSIDE.length) === OUTSIDE ? { ...NOTHING, type: 'outside' } : NOTHING

const OUTSIDE = 'symlink '
