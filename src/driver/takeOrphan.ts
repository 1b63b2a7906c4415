import * as E from 'fp-ts/Either'

import { Orphan } from '../core/reap/orphans'
import { attempt } from '../effects/ports/attempt'
import { Place, Ports } from '../effects/ports/Ports'
import { refusedText } from './Refused'
import { takeDown } from './takeDown'

/** Something that is nobody's, and where it is. */
export interface Orphaned {
  readonly place: Place
  readonly orphan: Orphan
}

/** Takes it back by its undos; what belongs to a container that is there after all is left. Left says what stayed. */
export const takeOrphan = async (ports: Ports, { place, orphan }: Orphaned): Promise<E.Either<string, void>> => {
  const { without, owner, undos } = orphan
  if (without !== undefined) {
    const found = await attempt(`look for ${without}`, ports.reads(place).observe(without))
    if (E.isLeft(found)) return E.left(found.left.detail)
    if (found.right._tag !== 'Absent') return E.right(undefined)
  }
  return E.mapLeft(refusedText)(await takeDown(ports, place, owner, undos))
}
