import { join, relative } from 'node:path'

import * as E from 'fp-ts/Either'

import { disk, Files } from './Files'
import { git } from './git'
import { decodedText } from './readText'

/** What a commit has under a name: a `blob` with its bytes, a `tree`, or that it has nothing there. */
interface Entry {
  readonly type: string
  readonly bytes: Buffer
}

const NOTHING: Entry = { type: '', bytes: Buffer.alloc(0) }

const SHORT = 8

/**
 * The files of a commit, by the paths that they have below the working directory, which is `prefix` in the repository.
 * Links are followed inside the repository; what lies outside of it, or in a submodule, the commit does not have.
 */
export const revision = (prefix: string) => (sha: string): Files => {
  const known = new Map<string, E.Either<string, Entry>>()
  // A commit does not change: each name is asked for once.
  const look = (file: string): E.Either<string, Entry> => {
    const found = known.get(file) ?? entryOf(sha, join(prefix, relative('.', file)))
    known.set(file, found)
    return found
  }
  const label = (file: string): string => `${disk.label(file)}@${sha.slice(0, SHORT)}`
  const typeOf = (file: string): string => E.getOrElse(() => NOTHING)(look(file)).type
  return {
    read: (file) => E.mapLeft((said: string) => `${label(file)}: ${said}`)(E.chain(textOf)(look(file))),
    exists: (file) => E.isLeft(look(file)) || typeOf(file) !== '',
    isDirectory: (file) => typeOf(file) === 'tree',
    label
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
    return type === undefined ? NOTHING : { type, bytes: answer.subarray(end + 1, end + 1 + Number(size)) }
  })(git(['cat-file', '--batch', '--follow-symlinks'], `${sha}:${path === './' || path === '.' ? '' : path}\n`))
}

const textOf = ({ type, bytes }: Entry): E.Either<string, string> =>
  type === 'blob' ? decodedText(bytes) : E.left(type === 'tree' ? 'is a directory' : 'no such file')
