import * as E from 'fp-ts/Either'

import { isExecName, undosOfExec } from '../core/plan/planExec'
import { attempt } from '../effects/ports/attempt'
import { Place } from '../effects/ports/Ports'
import { Driver } from './Driver'
import { takeDown } from './takeDown'

/** A container whose driver may have ended while it ran commands. */
interface Of {
  readonly place: Place
  readonly owner: string
  readonly container: string
}

/**
 * Takes back the processes that an earlier process of the driver began beside a task's own and could not end: their
 * pipes tell of them. Resolves when they are known; those of this process must begin later.
 */
export const clearExecs = async ({ ports, configured }: Driver, { place, owner, container }: Of): Promise<void> => {
  const known = configured()
  if (E.isLeft(known)) return
  const directory = `${known.right.config.state_dir}/${container}`
  const names = await attempt('look for what is left of execs', ports.reads(place).namesIn(directory))
  const left = E.isLeft(names) ? [] : names.right.filter(isExecName)
  if (left.length === 0) return
  const undos = left.flatMap((exec) => undosOfExec({ container, exec, directory }))
  void takeDown(ports, place, owner, undos).then((down) => {
    if (E.isLeft(down)) ports.log('warn', 'something of an exec is left', { container, execs: left.join(' ') })
  })
}
