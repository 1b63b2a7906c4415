import * as E from 'fp-ts/Either'

import { isExecName, undosOfExec } from '../core/plan/planExec'
import { attempt } from '../effects/ports/attempt'
import { Place } from '../effects/ports/Ports'
import { Driver } from './Driver'
import { FIRST_PAUSE_MS, longer } from './pauses'
import { Commands, takeAway } from './takeAway'

/**
 * Takes back the processes that an earlier process of the driver began beside a task's own and could not end: their
 * pipes tell of them. Resolves when they are known: those of this process must begin later. `over` resolves when
 * nothing of them is left, or it was logged.
 */
export const clearExecs = async (driver: Driver, of: Commands): Promise<{ readonly over: Promise<void> }> => {
  const { ports, configured } = driver
  const { place, container } = of
  const known = configured()
  if (E.isLeft(known)) return NOTHING
  const directory = `${of.stateDirectory ?? known.right.config.state_dir}/${container}`
  const left = (await namesIn(driver, place, directory)).filter(isExecName)
  if (left.length === 0) return NOTHING
  const undos = left.flatMap((exec) => undosOfExec({ container, exec, directory }))
  return { over: takeAway(ports, of, undos) }
}

const TRIES = 3

/** A host that cannot be looked at is looked at again: nothing else leads to what was left. */
const namesIn = async ({ ports }: Driver, place: Place, directory: string): Promise<ReadonlyArray<string>> => {
  for (let [count, pauseMs] = [1, FIRST_PAUSE_MS]; ; [count, pauseMs] = [count + 1, longer(pauseMs)]) {
    const names = await attempt('look for what is left of execs', ports.reads(place).namesIn(directory))
    if (E.isRight(names)) return names.right
    if (count === TRIES) {
      ports.log('warn', 'what is left of execs is not known', { directory, detail: names.left.detail })
      return []
    }
    await ports.clock.sleep(pauseMs)
  }
}

const NOTHING = { over: Promise.resolve() }
