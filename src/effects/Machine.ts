import * as TE from 'fp-ts/TaskEither'

import { Compiled } from '../core/compile/Compiled'
import { Failure } from '../core/domain/Failure'
import { Secret } from '../core/domain/Secret'
import { Do, Undo } from '../core/plan/Step'

/** A login at one registry, as images name it: it is shown to no other. */
export interface Login {
  readonly registry: string
  readonly username: string
  readonly password: Secret
}

/** What a plan names and does not hold: the spec behind its digest, the login behind the image. */
export interface Materials {
  readonly compiled?: Compiled
  readonly login?: Login
  /** Ends a fetch that took too long, all its steps together. */
  readonly ends?: AbortSignal
}

/** The machine that plans run on: the real one is containerd, the other a Map in the tests. */
export interface Machine {
  readonly perform: (act: Do, owner: string, materials: Materials) => TE.TaskEither<Failure, void>
  readonly revert: (undo: Undo, owner: string) => TE.TaskEither<Failure, void>
}
