import * as E from 'fp-ts/Either'
import { pipe } from 'fp-ts/function'

import { Failure } from '../core/domain/Failure'
import { isExecName, undosOfExec } from '../core/plan/planExec'
import { Undo } from '../core/plan/Undo'
import { attempt } from '../effects/ports/attempt'
import { Driver } from './Driver'
import { FIRST_PAUSE_MS, longer } from './pauses'
import { Commands, takeAway } from './takeAway'

/**
 * Takes back the processes that an earlier process of the driver began beside a task's own and could not end: their
 * pipes tell of them. Resolves when they are known: those of this process must begin later. `over` resolves when
 * nothing of them is left, or it was logged.
 */
export const clearExecs = async (driver: Driver, of: Commands): Promise<{ readonly over: Promise<void> }> => {
  const undos = await undosOfLeft(driver, of)
  if (E.isLeft(undos)) driver.ports.log('warn', 'what is left of execs is not known', { detail: undos.left.detail })
  const known = E.isRight(undos) ? undos.right : []
  return { over: known.length === 0 ? Promise.resolve() : takeAway(driver.ports, of, known) }
}

type Place = Pick<Commands, 'place' | 'container' | 'stateDirectory'>

/**
 * What takes back the pipes of the commands of a container that is taken down. None of them runs without its task; the
 * pipes are there whether containerd is or not.
 */
export const pipesOf = async (driver: Driver, of: Place): Promise<E.Either<Failure, ReadonlyArray<Undo>>> =>
  pipe(await undosOfLeft(driver, of), E.map((undos) => undos.filter(({ _tag }) => _tag === 'RemoveStreams')))

const undosOfLeft = async (
  driver: Driver, { place, container, stateDirectory }: Place
): Promise<E.Either<Failure, ReadonlyArray<Undo>>> => {
  const known = driver.configured()
  if (E.isLeft(known)) return E.right([])
  const directory = `${stateDirectory ?? known.right.config.state_dir}/${container}`
  const names = await namesIn(driver, place, directory)
  return pipe(names, E.map((all) =>
    all.filter(isExecName).flatMap((exec) => undosOfExec({ container, exec, directory }))))
}

const TRIES = 3

/** A host that cannot be looked at is looked at again: nothing else leads to what was left. */
const namesIn = async (
  { ports }: Driver, place: Commands['place'], directory: string
): Promise<E.Either<Failure, ReadonlyArray<string>>> => {
  for (let [count, pauseMs] = [1, FIRST_PAUSE_MS]; ; [count, pauseMs] = [count + 1, longer(pauseMs)]) {
    const names = await attempt(`look for what is left of execs in ${directory}`, ports.reads(place).namesIn(directory))
    if (E.isRight(names) || count === TRIES) return names
    await ports.clock.sleep(pauseMs)
  }
}
