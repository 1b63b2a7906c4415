import * as E from 'fp-ts/Either'
import { pipe } from 'fp-ts/function'

import { Failure } from '../core/domain/Failure'
import { isExecName, undosOfExec } from '../core/plan/planExec'
import { Undo } from '../core/plan/Undo'
import { attempt } from '../effects/ports/attempt'
import { Place, Ports } from '../effects/ports/Ports'
import { FIRST_PAUSE_MS, longer } from './pauses'

/** The driver's own directory of a container. */
export interface Home {
  readonly stateDirectory: string
  readonly container: string
}

/** What takes the commands of a container back of which only their pipes are known, in its own directory. */
export const execsIn = async (
  ports: Ports, place: Place, { stateDirectory, container }: Home
): Promise<E.Either<Failure, ReadonlyArray<Undo>>> => {
  const directory = `${stateDirectory}/${container}`
  return pipe(await namesIn(ports, place, directory), E.map((names) =>
    names.filter(isExecName).flatMap((exec) => undosOfExec({ container, exec, directory }))))
}

const TRIES = 3

/** A host that cannot be looked at is looked at again: nothing else leads to what was left. */
const namesIn = async (
  ports: Ports, place: Place, directory: string
): Promise<E.Either<Failure, ReadonlyArray<string>>> => {
  for (let [count, pauseMs] = [1, FIRST_PAUSE_MS]; ; [count, pauseMs] = [count + 1, longer(pauseMs)]) {
    const names = await attempt(`look for what is left of execs in ${directory}`, ports.reads(place).namesIn(directory))
    if (E.isRight(names) || count === TRIES) return names
    await ports.clock.sleep(pauseMs)
  }
}
