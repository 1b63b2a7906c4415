import { spawnSync } from 'node:child_process'

import * as E from 'fp-ts/Either'

import { printable } from '../../core/domain/printable'
import { reasonOf } from './readText'

/** The most that is read of one file of a commit. */
const MAX_BYTES = 16 * 1024 * 1024

// The line that stands before a file's bytes.
const HEADER = 4096

/**
 * What the git program says, run in the working directory. Left is one line: what it says on stderr, or why it could
 * not be run.
 */
export const git = (args: ReadonlyArray<string>, input = ''): E.Either<string, Buffer> => {
  const { error, status, stdout, stderr } = spawnSync('git', args, { input, maxBuffer: MAX_BYTES + HEADER })
  if (error !== undefined) return E.left(REASONS[(error as NodeJS.ErrnoException).code ?? ''] ?? reasonOf(error))
  return status === 0 ? E.right(stdout) : E.left(printable(stderr.toString().trim()))
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'the git program is not installed',
  ENOBUFS: 'is larger than 16 MiB'
}
