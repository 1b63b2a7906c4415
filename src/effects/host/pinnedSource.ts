import { constants, promises } from 'node:fs'
import { dirname } from 'node:path'

import * as TE from 'fp-ts/TaskEither'

import { Failure } from '../../core/domain/Failure'
import { Act } from '../../core/plan/Step'
import { codeOf, Thrown } from '../ports/Thrown'
import { isOwnDirectory, makeOwnDirectory } from './ownDirectory'
import { runProgram } from './runProgram'
import { systemCall, unless } from './systemCall'

type Pin = Act<'PinSource'>

// Node has no name for it: an open that reads nothing, waits for nothing and works on whatever is there (open(2)).
const O_PATH = 0o10000000

// A path below the pins leads around the rights of the directories above the source.
const PRIVATE = 0o700

/**
 * Binds a file or directory of the host to a place of the container's own, `<state>/<container>/mounts/<name>`. The
 * source is opened component by component from the root, no link is followed, and what was opened is what is mounted:
 * nobody can put another thing there in between. Denied where a component is a link, NotFound where one is missing.
 */
export const pinSource = (pin: Pin): TE.TaskEither<Failure, void> => () => {
  const doing = `pin ${pin.source}`
  return systemCall(doing, async () => {
    const source = await openSource(pin, doing)
    try {
      await makePlace(pin, doing)
      const how = [pin.recursive ? '--rbind' : '--bind', '--make-rslave']
      // With canonical paths mount(8) would look the source up by its name again.
      await run(doing, 'mount', ['--no-canonicalize', ...how, '/proc/self/fd/3', pin.path], source.fd)
    } finally {
      await source.close()
    }
  })
}

const openSource = async ({ source, kind }: Pin, doing: string): Promise<promises.FileHandle> => {
  let here = await promises.open('/', O_PATH)
  let path = ''
  for (const name of source.split('/').filter((part) => part !== '')) {
    path = `${path}/${name}`
    const above = here
    here = await promises
      .open(`/proc/self/fd/${String(above.fd)}/${name}`, O_PATH | constants.O_NOFOLLOW)
      .catch(missing(doing, path))
      .finally(() => above.close())
    const found = await here.stat()
    // With O_PATH, O_NOFOLLOW opens the link itself instead of failing.
    if (found.isSymbolicLink())
      return refuse(here, Failure('Denied', doing, `${path} is a link by now; no link is followed there`))
  }
  const isDirectory = (await here.stat()).isDirectory()
  return isDirectory === (kind === 'directory')
    ? here
    : refuse(
        here,
        Failure('Invalid', doing, `${source} is a ${isDirectory ? 'directory' : 'file'} by now, and was a ${kind}`)
      )
}

const missing =
  (doing: string, path: string) =>
  (thrown: unknown): never => {
    throw ['ENOENT', 'ENOTDIR'].includes(codeOf(thrown))
      ? new Thrown(Failure('NotFound', doing, `${path} is gone`))
      : thrown
  }

const refuse = async (file: promises.FileHandle, failure: Failure): Promise<never> => {
  await file.close()
  throw new Thrown(failure)
}

const makePlace = async ({ path, kind }: Pin, doing: string): Promise<void> => {
  const pins = dirname(path)
  await makeOwnDirectory(doing, dirname(pins))
  await promises.mkdir(pins, PRIVATE).catch(unless('EEXIST'))
  if (!(await isOwnDirectory(pins)))
    throw new Thrown(Failure('Denied', doing, `${pins} is no directory of this user; remove it`))
  await promises.chmod(pins, PRIVATE)
  await removePlace(path, doing)
  if (kind === 'directory') await promises.mkdir(path, PRIVATE)
  else
    await (
      await promises.open(path, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW, 0o600)
    ).close()
}

/**
 * Takes a pin away: the mount, then its empty place, then the container's directories with the last one. Gone is fine.
 * Nothing in a place is ever removed: a mount that is still there would lose the host's files.
 */
export const unpinSource = (path: string): TE.TaskEither<Failure, void> => () => {
  const doing = `unpin ${path}`
  return systemCall(doing, async () => {
    const pins = dirname(path)
    if (!(await isOwnDirectory(pins).catch(unless('ENOENT', 'ENOTDIR')))) return
    await removePlace(path, doing)
    await promises.rmdir(pins).catch(unless('ENOENT', 'ENOTEMPTY', 'EEXIST'))
    await promises.rmdir(dirname(pins)).catch(unless('ENOENT', 'ENOTEMPTY', 'EEXIST'))
  })
}

const MOST_LAYERS = 16

/**
 * A place with mounts on it, one on the other when a start was cut off, refuses to be removed until the last is gone.
 */
const removePlace = async (path: string, doing: string): Promise<void> => {
  for (let layer = 0; layer < MOST_LAYERS; layer += 1) {
    if (await isRemoved(path)) return
    await run(doing, 'umount', ['--no-canonicalize', '--lazy', path])
  }
  throw new Thrown(Failure('Unknown', doing, `${path} is still mounted after ${String(MOST_LAYERS)} umounts`))
}

const isRemoved = async (path: string): Promise<boolean> => {
  try {
    await promises.rmdir(path)
    return true
  } catch (thrown) {
    if (codeOf(thrown) === 'ENOENT') return true
    if (codeOf(thrown) === 'EBUSY') return false
    if (codeOf(thrown) !== 'ENOTDIR') throw thrown
  }
  return promises.unlink(path).then(() => true, (thrown: unknown) => {
    if (codeOf(thrown) === 'EBUSY') return false
    throw thrown
  })
}

/** Runs a program of util-linux; `inherited` is its descriptor 3. */
const run = (
  doing: string,
  program: 'mount' | 'umount',
  args: ReadonlyArray<string>,
  inherited?: number
): Promise<void> =>
  runProgram({ doing, program, args, from: 'util-linux', ...(inherited === undefined ? {} : { inherited }) })
