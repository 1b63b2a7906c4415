import * as E from 'fp-ts/Either'

import { Driver } from './Driver'
import { execsIn } from './execsIn'
import { Commands, takeAway } from './takeAway'

/**
 * Takes back the processes that an earlier process of the driver began beside a task's own and could not end: their
 * pipes tell of them. Resolves when they are known: those of this process must begin later. `over` resolves when
 * nothing of them is left, or it was logged.
 */
export const clearExecs = async (
  { ports, configured }: Driver, of: Commands
): Promise<{ readonly over: Promise<void> }> => {
  const known = configured()
  if (E.isLeft(known)) return NOTHING
  const stateDirectory = of.stateDirectory ?? known.right.config.state_dir
  const undos = await execsIn(ports, of.place, { stateDirectory, container: of.container })
  if (E.isLeft(undos)) ports.log('warn', 'what is left of execs is not known', { detail: undos.left.detail })
  return E.isLeft(undos) || undos.right.length === 0 ? NOTHING : { over: takeAway(ports, of, undos.right) }
}

const NOTHING = { over: Promise.resolve() }
