import * as E from 'fp-ts/Either'

import { Failure } from '../../core/domain/Failure'
import { Reading } from '../../core/watch/Reading'

/** Reads again and again what one task uses. */
export interface Gauge {
  /** What it uses now; undefined when nobody can tell. */
  readonly read: (atMs: number) => Promise<E.Either<Failure, Reading | undefined>>
  /** Gives back what it holds. */
  readonly close: () => void
}
