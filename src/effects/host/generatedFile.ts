import { constants, promises } from 'node:fs'
import { dirname } from 'node:path'

import * as E from 'fp-ts/Either'
import { pipe } from 'fp-ts/function'
import * as TE from 'fp-ts/TaskEither'

import { Failure } from '../../core/domain/Failure'
import { digestIn, written } from '../../core/plan/FileText'
import { Act } from '../../core/plan/Step'
import { Performing } from '../ports/Machine'
import { textBehind } from '../ports/materialBehind'
import { isOwnDirectory, makeOwnDirectory } from './ownDirectory'
import { systemCall, unless } from './systemCall'

const FILE = 0o644

/** What is known when a file is written: what the plan does not hold, and what its earlier steps answered. */
type Known = Pick<Performing, 'materials' | 'outputs'>

/**
 * Writes a file of a container, `<state>/<container>/<name>`, with the text that the plan names. It appears whole or
 * not at all. Refused where a link stands in the place of the container's directory, or another user's directory.
 */
export const writeFile = (
  { path, text: wanted }: Act<'WriteFile'>,
  { materials, outputs }: Known
): TE.TaskEither<Failure, void> => {
  const doing = `write ${path}`
  const text = pipe(
    textBehind(materials, digestIn(wanted), doing),
    E.chain((material) =>
      E.mapLeft((why: string) => Failure('Invalid', doing, why))(written(wanted, material, outputs))
    )
  )
  return pipe(
    TE.fromEither(text),
    TE.chain(
      (whole) => () =>
        systemCall(doing, async () => {
          await makeOwnDirectory(doing, dirname(path))
          await place(path, whole)
        })
    )
  )
}

const temporary = (path: string): string => `${path}.new`

const place = async (path: string, text: string): Promise<void> => {
  await promises.rm(temporary(path), { force: true })
  const file = await promises.open(
    temporary(path),
    constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW,
    FILE
  )
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
