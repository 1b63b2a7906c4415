import { closeSync, constants, fstatSync, openSync, readlinkSync, readSync } from 'node:fs'

const MAX_BYTES = 1024 * 1024
const CHUNK = 64 * 1024

/**
 * What is in a regular file of at most 1 MiB, and where its path leads with every link followed. Throws where there is
 * none.
 */
export const regularFile = (path: string): { readonly realPath: string; readonly text: string } => {
  // Without O_NONBLOCK, opening a named pipe waits for somebody to write to it.
  const file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK)
  try {
    const status = fstatSync(file)
    if (!status.isFile()) throw new Error('it is no regular file')
    return { realPath: readlinkSync(`/proc/self/fd/${String(file)}`), text: textOf(file, status.size) }
  } finally {
    closeSync(file)
  }
}

/** Files of /proc say that their size is 0: what counts is what comes. */
const textOf = (file: number, size: number): string => {
  const chunks: Array<Buffer> = []
  for (let read = 0; Math.max(read, size) <= MAX_BYTES;) {
    const chunk = Buffer.alloc(CHUNK)
    const length = readSync(file, chunk)
    if (length === 0) return Buffer.concat(chunks).toString('utf8')
    chunks.push(chunk.subarray(0, length))
    read += length
  }
  throw new Error('it is larger than 1 MiB')
}
