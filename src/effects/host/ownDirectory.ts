import { promises } from 'node:fs'
import { dirname } from 'node:path'

import { Failure } from '../../core/domain/Failure'
import { Thrown } from '../ports/Thrown'
import { unless } from './systemCall'

const DIRECTORY = 0o755

/**
 * Makes a directory of the driver's own. Refused where a link stands in its place, or another user's directory. Throws
 * `Thrown`.
 */
export const makeOwnDirectory = async (doing: string, directory: string, mode = DIRECTORY): Promise<void> => {
  await promises.mkdir(dirname(directory), { recursive: true, mode: DIRECTORY })
  await promises.mkdir(directory, mode).catch(unless('EEXIST'))
  if (!(await isOwnDirectory(directory)))
    throw new Thrown(Failure('Denied', doing, `${directory} is no directory of this user; remove it`))
  // The umask of Nomad's agent may have taken rights away.
  await promises.chmod(directory, mode)
}

export const isOwnDirectory = async (directory: string): Promise<boolean> => {
  const found = await promises.lstat(directory)
  return found.isDirectory() && found.uid === process.geteuid?.()
}
