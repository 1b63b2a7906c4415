import * as E from 'fp-ts/Either'

import { isExecName, undosOfExec } from '../core/plan/planExec'
import { attempt } from '../effects/ports/attempt'
import { Driver } from './Driver'
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
  const names = await attempt('look for what is left of execs', ports.reads(place).namesIn(directory))
  const left = E.isLeft(names) ? [] : names.right.filter(isExecName)
  if (left.length === 0) return NOTHING
  const undos = left.flatMap((exec) => undosOfExec({ container, exec, directory }))
  return { over: takeAway(ports, of, undos) }
}

const NOTHING = { over: Promise.resolve() }
