import { Issue } from '../../core/domain/Issue'
import { Json } from '../../core/domain/Json'
import { Spread } from '../../core/share/Spread'
import { Loaded } from '../load/Loaded'

/** One side of a comparison: a document, and the task that it was compiled from. */
export interface Half {
  readonly document: Json
  readonly loaded: Loaded | undefined
  /** Why the task is refused; none where it compiles. */
  readonly issues?: ReadonlyArray<Issue>
  /** Where no task was loaded: values of the environment that stand in other places too. */
  readonly spread?: Spread
}
