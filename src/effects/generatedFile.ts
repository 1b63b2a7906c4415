import { createHash } from 'node:crypto'
import { constants, promises } from 'node:fs'
import { dirname } from 'node:path'

import * as E from 'fp-ts/Either'
import * as TE from 'fp-ts/TaskEither'

import { Compiled } from '../core/compile/Compiled'
import { Failure } from '../core/domain/Failure'
import { isOwnDirectory, makeOwnDirectory } from './ownDirectory'
import { systemCall, unless } from './systemCall'

const FILE = 0o644

/** What a plan says of a file: its path, and the digest of its text. */
interface Wanted {
  readonly path: string
  readonly digest: string
}

/**
 * Writes a file of a container, `<state>/<container>/<name>`, with the text that the compiled task has for it. It appears whole
 * or not at all. Refused where a link stands in the place of the container's directory, or another user's directory.
 */
export const writeFile = (compiled: Compiled | undefined, { path, digest }: Wanted): TE.TaskEither<Failure, void> => async () => {
  const doing = `write ${path}`
  const thing = compiled?.mounts.find((one) => one._tag === 'File' && one.path === path)
  if (thing?._tag !== 'File' || `sha256:${createHash('sha256').update(thing.text).digest('hex')}` !== digest) {
    return E.left(Failure('Invalid', doing, 'the plan was run without what it was compiled from'))
  }
  return systemCall(doing, async () => {
    await makeOwnDirectory(doing, dirname(path))
    await place(path, thing.text)
  })
}

const temporary = (path: string): string => `${path}.new`

const place = async (path: string, text: string): Promise<void> => {
  await promises.rm(temporary(path), { force: true })
  const file = await promises.open(temporary(path), constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW, FILE)
  try {
    await file.writeFile(text)
    await file.chmod(FILE)
  } finally {
    await file.close()
  }
  await promises.rename(temporary(path), path)
}

/** Removes a file that was written for a container, and the container's directory with the last one. Gone is fine. */
export const removeFile = (path: string): TE.TaskEither<Failure, void> => () =>
  systemCall(`remove ${path}`, async () => {
    const directory = dirname(path)
    // What is no directory of ours holds no file of ours.
    if (!(await isOwnDirectory(directory).catch(unless('ENOENT', 'ENOTDIR')))) return
    await promises.rm(temporary(path), { force: true })
    await promises.rm(path, { force: true })
    await promises.rmdir(directory).catch(unless('ENOENT', 'ENOTEMPTY', 'EEXIST'))
  })
