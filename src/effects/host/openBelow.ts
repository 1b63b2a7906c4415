import { constants, promises } from 'node:fs'

import { Failure } from '../../core/domain/Failure'
import { codeOf, Thrown } from '../ports/Thrown'

// Node has no name for it: an open that reads nothing, waits for nothing and works on whatever is there (open(2)).
const O_PATH = 0o10000000

/** A file or directory that was opened. */
export interface Opened {
  readonly file: promises.FileHandle
  readonly isDirectory: boolean
}

/**
 * Opens a file or directory for reading, component by component: no link is followed below `below`, which is the
 * host's own. Whoever gets it closes it. Throws `Thrown`: `NotFound` where nothing is, `Denied` at a link, `Invalid`
 * for what is neither file nor directory.
 */
export const openBelow = async (path: string, below: string, doing: string): Promise<Opened> => {
  const names = path.slice(below.length).split('/').filter((part) => part !== '')
  let here = await promises.open(below, O_PATH).catch(missing(doing, path))
  for (const name of names) {
    const above = here
    here = await promises
      .open(`/proc/self/fd/${String(above.fd)}/${name}`, O_PATH | constants.O_NOFOLLOW)
      .catch(missing(doing, path))
      .finally(() => above.close())
    // With O_PATH, O_NOFOLLOW opens the link itself instead of failing.
    if ((await here.stat()).isSymbolicLink()) return refuse(here, 'Denied', doing, `${path}: ${name} is a link`)
  }
  const status = await here.stat()
  if (!status.isFile() && !status.isDirectory()) return refuse(here, 'Invalid', doing, `${path} is no file`)
  try {
    const file = await promises.open(`/proc/self/fd/${String(here.fd)}`, constants.O_RDONLY | constants.O_NONBLOCK)
    return { file, isDirectory: status.isDirectory() }
  } finally {
    await here.close()
  }
}

const missing = (doing: string, path: string) => (thrown: unknown): never => {
  throw ['ENOENT', 'ENOTDIR'].includes(codeOf(thrown))
    ? new Thrown(Failure('NotFound', doing, `there is nothing at ${path}`))
    : thrown
}

const refuse = async (
  file: promises.FileHandle, tag: Failure['_tag'], doing: string, detail: string
): Promise<never> => {
  await file.close()
  throw new Thrown(Failure(tag, doing, detail))
}
