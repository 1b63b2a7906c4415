import { promises } from 'node:fs'

import * as TE from 'fp-ts/TaskEither'

import { Failure } from '../../core/domain/Failure'
import { Act } from '../../core/plan/Step'
import { systemCall } from './systemCall'

const DIRECTORY = 0o755

/** Makes a directory of the host, and those above it. One that is there stays as it is. */
export const makeDirectory = ({ path }: Act<'MakeDirectory'>): TE.TaskEither<Failure, void> => () =>
  systemCall(`make directory ${path}`, async () => { await promises.mkdir(path, { recursive: true, mode: DIRECTORY }) })
