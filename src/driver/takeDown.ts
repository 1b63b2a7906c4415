import * as E from 'fp-ts/Either'

import { Undo } from '../core/plan/Undo'
import { revertAll, workshopAt } from '../effects/ports/execute'
import { Place, Ports } from '../effects/ports/Ports'
import { Answer } from './Refused'

/** Takes back what a task made, by its undos. The one way down: what could not be taken back is told. */
export const takeDown = async (
  ports: Ports, place: Place, owner: string, undos: ReadonlyArray<Undo>
): Promise<Answer<void>> => {
  const leftovers = await revertAll(workshopAt(ports, place), owner, undos)
  return leftovers.length === 0 ? E.right(undefined) : E.left({ _tag: 'LeftBehind', leftovers })
}
