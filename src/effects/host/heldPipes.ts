import { constants, promises } from 'node:fs'

import { HoldPipes } from '../ports/Streams'

// Node has no name for it: an open that reads nothing, waits for nothing and works on whatever is there (open(2)).
const O_PATH = 0o10000000

const { O_NOFOLLOW, O_NONBLOCK, O_WRONLY } = constants

/** Holds what is a named pipe and has a reader; nothing else is opened. */
export const heldPipes: HoldPipes = async (paths) => {
  const files = (await Promise.all(paths.map(held))).flat()
  return () => { for (const file of files) void file.close().catch(() => undefined) }
}

const held = async (path: string): Promise<ReadonlyArray<promises.FileHandle>> => {
  try {
    const found = await promises.open(path, O_PATH | O_NOFOLLOW)
    try {
      const isPipe = (await found.stat()).isFIFO()
      return isPipe ? [await promises.open(`/proc/self/fd/${String(found.fd)}`, O_WRONLY | O_NONBLOCK)] : []
    } finally {
      await found.close()
    }
  } catch {
    // Nobody reads it: then nobody is told of its end.
    return []
  }
}
