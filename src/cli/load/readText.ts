import { closeSync, fstatSync, openSync, readFileSync, readSync } from 'node:fs'

import * as E from 'fp-ts/Either'

import { printable } from '../../core/domain/printable'

const MAX_BYTES = 16 * 1024 * 1024
const STDIN = 0

/** The text of a file, or of standard input for `-`. Left is one sentence: a missing file, a directory, a text above 16 MiB, one that is no UTF-8. */
export const readText = (file: string): E.Either<string, string> => {
  try {
    const bytes = file === '-' ? readAll(STDIN) : readFile(file)
    if (bytes === undefined) return E.left(`${printable(file)}: is larger than 16 MiB`)
    return E.right(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch (thrown) {
    return E.left(`${printable(file)}: ${reasonOf(thrown)}`)
  }
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
  ENOENT: 'no such file', EACCES: 'permission denied', EISDIR: 'is a directory', ENOTDIR: 'no such file', ELOOP: 'is a link that leads to itself',
  ERR_ENCODING_INVALID_ENCODED_DATA: 'is no text (UTF-8)'
}

/** What went wrong with a file, in a few words. */
export const reasonOf = (thrown: unknown): string => {
  const code = typeof thrown === 'object' && thrown !== null && 'code' in thrown ? String(thrown.code) : ''
  return REASONS[code] ?? (thrown instanceof Error ? thrown.message : String(thrown))
}
