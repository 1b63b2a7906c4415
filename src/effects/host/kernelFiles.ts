import { closeSync, openSync, readFileSync, readSync } from 'node:fs'

/** A file of the kernel that is read again and again. */
export interface KernelFile {
  /** What it says now; undefined when it is not there any more. */
  readonly text: () => string | undefined
  readonly close: () => void
}

export type OpenKernelFile = (path: string) => KernelFile

// What is longer is cut: a list of processes. Reads are never under way at the same time.
const BUFFER = Buffer.allocUnsafeSlow(32 * 1024)

/**
 * Files of the kernel. Each keeps its descriptor while fewer than `most` are kept, since opening costs five times as
 * much as reading; the others are opened for each read.
 */
export const KernelFiles = (most = halfOfLimit()): OpenKernelFile => {
  let kept = 0
  return (path) => {
    let descriptor: number | undefined
    const close = (): void => {
      if (descriptor === undefined) return
      closeSync(descriptor)
      descriptor = undefined
      kept -= 1
    }
    const text = (): string | undefined => {
      try {
        if (descriptor === undefined && kept >= most) return readOnce(path)
        if (descriptor === undefined) {
          descriptor = openSync(path, 'r')
          kept += 1
        }
        return readFrom(descriptor)
      } catch {
        // Of a cgroup that was removed every file answers ENODEV.
        close()
        return undefined
      }
    }
    return { text, close }
  }
}

const readFrom = (descriptor: number): string =>
  BUFFER.toString('latin1', 0, readSync(descriptor, BUFFER, 0, BUFFER.length, 0))

const readOnce = (path: string): string => {
  const descriptor = openSync(path, 'r')
  try {
    return readFrom(descriptor)
  } finally {
    closeSync(descriptor)
  }
}

/** What a file of the kernel says; undefined when it is not there. */
export const textOf = (path: string): string | undefined => {
  try {
    return readOnce(path)
  } catch {
    return undefined
  }
}

const USUAL_LIMIT = 1024

// The other half is for everything else that the process opens.
const halfOfLimit = (): number =>
  Math.floor(Number(/^Max open files\s+(\d+)/m.exec(textOf('/proc/self/limits') ?? '')?.[1] ?? USUAL_LIMIT) / 2)

const AT_PAGESZ = 6n
const WORD = 8

/** The size of a page of memory, in bytes, as the kernel told this process (getauxval(3)). */
export const pageBytes = (): number => {
  const vector = readFileSync('/proc/self/auxv')
  for (let at = 0; at + WORD < vector.length; at += 2 * WORD) {
    if (vector.readBigUInt64LE(at) === AT_PAGESZ) return Number(vector.readBigUInt64LE(at + WORD))
  }
  return 4096
}
