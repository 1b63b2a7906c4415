import * as TE from 'fp-ts/TaskEither'

import { Compiled } from '../../core/compile/Compiled'
import { Failure } from '../../core/domain/Failure'
import { Mark } from '../../core/domain/mark'
import { Process } from '../../core/domain/Oci'
import { Secret } from '../../core/domain/Secret'
import { Output, Outputs } from '../../core/plan/Output'
import { Progress } from '../../core/plan/Progress'
import { Do } from '../../core/plan/Step'
import { Undo } from '../../core/plan/Undo'
import { Learnt } from './Learnt'

/** A login at one registry, as images name it: it is shown to no other. */
export interface Login {
  readonly registry: string
  readonly username: string
  readonly password: Secret
}

/**
 * Where logins are found: the one for the image's own registry, and the operator's sources of others. `isOptional`:
 * where a login is refused, or none can be had, it is asked without one (`auth_soft_fail`).
 */
export interface Logins {
  readonly login?: Login
  /** Path of a Docker `config.json`. */
  readonly config?: string
  /** A Docker credential helper, and the one registry that it is asked for. */
  readonly helper?: { readonly name: string; readonly registry: string }
  readonly isOptional?: boolean
}

/** What a plan names and does not hold: the spec or process behind its digest, the logins behind the image. */
export interface Materials {
  readonly compiled?: Pick<Compiled, 'spec' | 'mounts'>
  readonly logins?: Logins
  readonly process?: Process
}

/** How an act is done: for whom, with what, after what, until when, and who listens. */
export interface Performing {
  readonly owner: string
  /** What is made carries it beside its owner. */
  readonly mark?: Mark
  readonly materials: Materials
  /** What the earlier steps of the same plan answered. */
  readonly outputs: Outputs
  /**
   * Ends pulls and waits early. A create, start or delete that is under way is waited for: cutting one off leaks shims
   * (containerd 7733).
   */
  readonly signal: AbortSignal
  /** What need not be asked again; undefined where nothing is known. */
  readonly learnt?: Learnt
  /** Undefined when nobody listens. */
  readonly tell?: (progress: Omit<Progress, 'step'>) => void
}

/** How an undo is done: only on what `owner` made, and without waiting beyond `signal`. */
export interface Reverting {
  readonly owner: string
  readonly signal: AbortSignal
  /** What need not be asked again; undefined where nothing is known. */
  readonly learnt?: Learnt
}

/** The machine that plans run on: the real one is containerd, the other lives in the tests. */
export interface Machine {
  readonly perform: (act: Do, how: Performing) => TE.TaskEither<Failure, Output>
  readonly revert: (undo: Undo, how: Reverting) => TE.TaskEither<Failure, void>
}
