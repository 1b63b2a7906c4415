import { closeSync, fstatSync, openSync, readFileSync, readSync } from 'node:fs'
import { getSystemErrorMap } from 'node:util'

import * as E from 'fp-ts/Either'

import { printable } from '../../core/domain/printable'

const stdin: { isSpent: boolean } = { isSpent: false }

/** The most that is read of one file. */
export const MAX_BYTES = 16 * 1024 * 1024
const STDIN = 0

/** Bytes as a text; Left when they are no UTF-8. */
export const decodedText = (bytes: Uint8Array): E.Either<string, string> =>
  E.tryCatch(() => new TextDecoder('utf-8', { fatal: true }).decode(bytes), reasonOf)

/**
 * The text of a file, or of standard input for `-`. Left is one sentence: a missing file, a directory, a text above 16
 * MiB, one that is no UTF-8.
 */
export const readText = (file: string): E.Either<string, string> => {
  if (file === '-' && stdin.isSpent) return E.left('stdin: can be read once')
  stdin.isSpent ||= file === '-'
  try {
    const bytes = file === '-' ? readAll(STDIN) : readFile(file)
    if (bytes === undefined) return E.left(`${named(file)}: is larger than 16 MiB`)
    return E.mapLeft((why: string) => `${named(file)}: ${why}`)(decodedText(bytes))
  } catch (thrown) {
    return E.left(`${named(file)}: ${reasonOf(thrown)}`)
  }
}

/** The name that messages give a file. A variable of a script that is not set leaves an empty one. */
export const named = (file: string): string => {
  if (file === '-') return 'stdin'
  return file === '' ? '""' : printable(file)
}

const readFile = (file: string): Uint8Array | undefined => {
  const descriptor = openSync(file, 'r')
  try {
    const stat = fstatSync(descriptor)
    if (!stat.isFile()) return readAll(descriptor)
    return stat.size > MAX_BYTES ? undefined : readFileSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
}

const CHUNK = 64 * 1024

/** All that a pipe or device gives; undefined when that is too much. */
const readAll = (descriptor: number): Uint8Array | undefined => {
  const chunks: Array<Buffer> = []
  let total = 0
  for (;;) {
    const chunk = Buffer.allocUnsafe(CHUNK)
    const count = readSync(descriptor, chunk)
    if (count === 0) return Buffer.concat(chunks)
    total += count
    if (total > MAX_BYTES) return undefined
    chunks.push(chunk.subarray(0, count))
  }
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'no such file',
  EACCES: 'permission denied',
  EISDIR: 'is a directory',
  ENOTDIR: 'no such file',
  ELOOP: 'is a link that leads to itself',
  ERR_ENCODING_INVALID_ENCODED_DATA: 'is no text (UTF-8)'
}

/** What went wrong with a file, in a few words and without its name. */
export const reasonOf = (thrown: unknown): string => {
  const { code = '', errno = 0 }: Partial<NodeJS.ErrnoException> =
    typeof thrown === 'object' && thrown !== null ? thrown : {}
  return (
    REASONS[code] ?? getSystemErrorMap().get(errno)?.[1] ?? (thrown instanceof Error ? thrown.message : String(thrown))
  )
}
