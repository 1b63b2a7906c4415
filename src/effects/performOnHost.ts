import { promises } from 'node:fs'

import * as TE from 'fp-ts/TaskEither'

import { Failure } from '../core/domain/Failure'
import { Do } from '../core/plan/Step'
import { writeFile } from './generatedFile'
import { inspectPaths } from './inspectPaths'
import { Materials } from './Machine'
import { pinSource } from './pinnedSource'
import { attempt } from './systemCall'

type OnHost = Extract<Do, { readonly _tag: 'MakeDirectory' | 'WriteFile' | 'PinSource' | 'InspectPaths' }>

/** The acts that touch files of the host and not containerd. */
export const performOnHost = (act: OnHost, materials: Materials): TE.TaskEither<Failure, void> => {
  switch (act._tag) {
    case 'MakeDirectory':
      return () => attempt(`make directory ${act.path}`, async () => { await promises.mkdir(act.path, { recursive: true, mode: 0o755 }) })
    case 'WriteFile':
      return writeFile(materials.compiled, act)
    case 'PinSource':
      return pinSource(act)
    case 'InspectPaths':
      return inspectPaths(act)
  }
}
