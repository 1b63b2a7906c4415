import { promises } from 'node:fs'
import { dirname } from 'node:path'

import * as TE from 'fp-ts/TaskEither'

import { Failure } from '../../core/domain/Failure'
import { Act } from '../../core/plan/Step'
import { codeOf, Thrown } from '../ports/Thrown'
import { isOwnDirectory, makeOwnDirectory } from './ownDirectory'
import { PipeStock, stockBelow } from './PipeStock'
import { systemCall, unless } from './systemCall'

const PRIVATE = 0o700

/**
 * Makes the named pipes of one process in a directory of their own, `<state>/<container>/<exec>`, which only this user
 * can enter.
 */
export const makeStreams = (stock: PipeStock) => (
  { path, names }: Act<'MakeStreams'>
): TE.TaskEither<Failure, void> => () => {
  const doing = `make the pipes in ${path}`
  return systemCall(doing, async () => {
    await makePlace(doing, path)
    await stock.place(doing, stockOf(path), names.map((name) => `${path}/${name}`))
  })
}

const stockOf = (path: string): string => stockBelow(dirname(dirname(path)))

const TRIES = 3

/** The last process beside a task's own may be taking the container's directory away at this moment. */
const makePlace = async (doing: string, path: string): Promise<void> => {
  for (let left = TRIES; ; left -= 1) {
    try {
      await makeOwnDirectory(doing, dirname(path))
      await promises.mkdir(path, PRIVATE)
      return
    } catch (thrown) {
      if (codeOf(thrown) === 'EEXIST') throw new Thrown(Failure('AlreadyExists', doing, 'it is there already'))
      if (codeOf(thrown) !== 'ENOENT' || left === 1) throw thrown
    }
  }
}

const NAMES = ['stdin', 'stdout', 'stderr']

/**
 * Removes the pipes of one process and their directory, and the container's directory with the last thing in it. Gone
 * is fine.
 */
export const removeStreams = (path: string): TE.TaskEither<Failure, void> => () =>
  systemCall(`remove the pipes in ${path}`, async () => {
    if (!(await isOwnDirectory(path).catch(unless('ENOENT', 'ENOTDIR')))) return
    for (const name of NAMES) await promises.rm(`${path}/${name}`, { force: true })
    await promises.rmdir(path).catch(unless('ENOENT'))
    await promises.rmdir(dirname(path)).catch(unless('ENOENT', 'ENOTEMPTY', 'EEXIST'))
  })
