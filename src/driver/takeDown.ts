import * as E from 'fp-ts/Either'

import { isRecord } from '../core/plan/standsOn'
import { Undo } from '../core/plan/Undo'
import { revertAll, workshopAt } from '../effects/ports/execute'
import { Learnt } from '../effects/ports/Learnt'
import { Place, Ports } from '../effects/ports/Ports'
import { execsIn, Home } from './execsIn'
import { Answer } from './Refused'

/** Takes back what a task made, by its undos. The one way down: what could not be taken back is told. */
export const takeDown = async (
  ports: Ports, place: Place, owner: string, undos: ReadonlyArray<Undo>, learnt = Learnt()
): Promise<Answer<void>> => {
  const leftovers = await revertAll(workshopAt(ports, place), owner, undos, learnt)
  return leftovers.length === 0 ? E.right(undefined) : E.left({ _tag: 'LeftBehind', leftovers })
}

/** The containers of a task that is taken down. */
export interface Containers {
  readonly place: Place
  readonly owner: string
  /** Where the pipes of their commands are. */
  readonly homes: ReadonlyArray<Home>
  /** Waits for what is being begun in them. */
  readonly settled?: () => Promise<void>
}

/**
 * Takes containers down with the pipes of their commands: none of them runs without its task, and the pipes are there
 * whether containerd is or not. The records go last: they are all that leads to what is left.
 */
export const takeContainersDown = async (
  ports: Ports, { place, owner, homes, settled }: Containers, undos: ReadonlyArray<Undo>
): Promise<Answer<void>> => {
  const learnt = Learnt()
  const down = (some: ReadonlyArray<Undo>): Promise<Answer<void>> => takeDown(ports, place, owner, some, learnt)
  const rest = await down(undos.filter((undo) => !isRecord(undo)))
  await settled?.()
  const found = await Promise.all(homes.map((home) => execsIn(ports, place, home)))
  const pipes = await down(found.flatMap((one) => (E.isRight(one) ? one.right : [])).filter(isPipes))
  if (E.isLeft(rest) || E.isLeft(pipes)) return E.isLeft(rest) ? rest : pipes
  const unknown = found.find(E.isLeft)
  return unknown === undefined ? down(undos.filter(isRecord)) : E.left({ _tag: 'Failed', failure: unknown.left })
}

const isPipes = ({ _tag }: Undo): boolean => _tag === 'RemoveStreams'
