import { promises } from 'node:fs'

import * as TE from 'fp-ts/TaskEither'

import { Failure } from '../core/domain/Failure'
import { Do } from '../core/plan/Step'
import { Containerd } from './containerd/Containerd'
import { inspectMounts } from './containerd/inspectMounts'
import { writeFile } from './generatedFile'
import { inspectPaths } from './inspectPaths'
import { Materials } from './Machine'
import { pinSource } from './pinnedSource'
import { systemCall } from './systemCall'

type OnHost = Extract<Do, { readonly _tag: 'MakeDirectory' | 'WriteFile' | 'PinSource' | 'InspectPaths' | 'InspectMounts' }>

/** The acts that make or look at files and mounts of the host. */
export const performOnHost = (containerd: Containerd, act: OnHost, materials: Materials): TE.TaskEither<Failure, void> => {
  switch (act._tag) {
    case 'MakeDirectory':
      return () => systemCall(`make directory ${act.path}`, async () => { await promises.mkdir(act.path, { recursive: true, mode: 0o755 }) })
    case 'WriteFile':
      return writeFile(materials.compiled, act)
    case 'PinSource':
      return pinSource(act)
    case 'InspectPaths':
      return inspectPaths(act)
    case 'InspectMounts':
      return inspectMounts(containerd, act)
  }
}
