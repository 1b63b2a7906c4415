import * as E from 'fp-ts/Either'

import { recoverOf } from '../core/watch/recoverOf'
import { attempt } from '../effects/ports/attempt'
import { clearExecs } from './clearExecs'
import { Driver, keep, learn } from './Driver'
import { commandsOf } from './Execution'
import { decode } from './Handle'
import { Task } from './Life'
import { Answer } from './Refused'
import { seek } from './seek'
import { takeDown } from './takeDown'
import { Telling } from './Telling'
import { Known, over, watched } from './watch'

/** What Nomad kept of a task. */
export interface Kept {
  readonly id: string
  readonly name: string
  /** The id of the agent's node, where it says so. */
  readonly nodeId?: string
  readonly handle: string
}

/**
 * Finds a task again from its handle. One that ended meanwhile is found too, with its exit. Of one whose container is
 * gone what is left is taken back: nothing but the handle leads to it.
 */
export const recover = async (driver: Driver, kept: Kept): Promise<Answer<void>> => {
  const life = driver.lives.get(kept.id)
  if (life?._tag === 'Sought' || life?._tag === 'Starting') {
    await life.over.wait()
    return recover(driver, kept)
  }
  // Nomad may ask twice.
  if (life !== undefined) return E.right(undefined)
  const handle = decode(kept.handle)
  if (E.isLeft(handle)) return E.left({ _tag: 'ForeignHandle', ...handle.left })
  learn(driver, kept.nodeId ?? '')
  return seek(driver, kept.id, () => find(driver, { id: kept.id, name: kept.name, handle: handle.right }))
}

const find = async (driver: Driver, known: Known): Promise<Answer<void>> => {
  const { ports } = driver
  const { id, handle } = known
  const observed = await attempt(`look for ${handle.containerId}`, ports.reads(handle).observe(handle.containerId))
  if (E.isLeft(observed)) return E.left({ _tag: 'Failed', failure: observed.left })
  const recovery = recoverOf(id, observed.right)
  const telling = Telling(driver.events, ports.clock, { id, name: known.name, isFound: true })
  switch (recovery._tag) {
    case 'Adopt':
      keep(driver, await withoutOldCommands(driver, watched(ports, known, telling)))
      return E.right(undefined)
    case 'Exited':
      keep(driver, await withoutOldCommands(driver, over(ports, known, recovery.exit, telling)))
      return E.right(undefined)
    case 'Gone': {
      const isAbsent = observed.right._tag === 'Absent'
      const down = isAbsent ? await takeDown(ports, handle, id, handle.undos) : E.right(undefined)
      const { containerId: container, stateDirectory } = handle
      const commands = { place: handle, owner: id, container, stateDirectory, isOver: () => true }
      // No command runs in a task that is gone; those of another's are another's.
      const isOurs = observed.right._tag === 'Absent' || observed.right.owner === id
      if (isOurs) await (await clearExecs(driver, commands)).over
      return E.isLeft(down) ? down : E.left({ _tag: 'Gone', because: recovery.because })
    }
  }
}

const withoutOldCommands = async (driver: Driver, task: Task): Promise<Task> => {
  await clearExecs(driver, commandsOf(task))
  return task
}
