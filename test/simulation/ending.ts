import { IMAGE } from '../fakes/Nomad'
import { collect } from '../fakes/world/collect'
import { nothingLeft, vanish } from './execs'
import { look } from './laws'
import { allocDirOf, fifosOf, isStranger, missingImages, STRANGE_THINGS } from './nomad'
import { comeBack, play } from './play'
import * as rpcs from './rpcs'
import { Life, Process, say, Sim, thingsOf } from './Sim'
import { TASKS } from './Step'

const LONG_MS = 11 * 60_000
const A_DAY_MS = 25 * 60 * 60_000
const TRIES = 3

/**
 * All is well again: everybody is there, everything that was asked ends, all that the agent knows can be destroyed. Then it collects its
 * allocations, and what no start was answered of goes by itself: there is nothing.
 */
export const end = async (sim: Sim): Promise<void> => {
  const { world } = sim
  heal(sim)
  comeBack(sim)
  for (const { id } of sim.lives.values()) vanish(sim, id)
  await world.clock.pass(LONG_MS)
  look(sim)
  nothingLeft(sim)
  for (const { what, isPatient } of sim.asked) if (!isPatient) say(sim, 'every RPC but WaitTask comes to its end', what)
  for (const life of sim.lives.values()) waitsEnd(sim, life)
  for (const life of sim.lives.values()) isNoted(sim, life)
  // By it a driver that was told nothing yet learns whose it is.
  await play(sim, { _tag: 'Start', task: TASKS, program: [], ms: LONG_MS / 5 })
  for (const life of sim.lives.values()) if (sim.current.get(life.task) === life && life.handle !== undefined) await destroyed(sim, life)
  for (const { id } of sim.lives.values()) world.state.removed.add(allocDirOf(id))
  await world.clock.pass(LONG_MS)
  for (const life of sim.lives.values()) rpcs.forgotten(sim, sim.process as Process, life)
  await world.clock.settle()
  nobodysAreGone(sim)
  rpcs.hangUp(sim)
  await world.clock.pass(A_DAY_MS)
  collect(world.state)
  const left = ours(sim)
  if (left.length > 0) say(sim, 'a day later nothing is left', left.join(', '))
}

const ours = ({ world }: Sim): ReadonlyArray<string> =>
  world.things().filter(([, owner]) => owner !== 'shared' && !isStranger(owner)).map(([name]) => name)

const THEIRS = "what is another's, or says not whose it is, is not touched"

/** A driver that was never told whose it is takes nothing. */
const nobodysAreGone = (sim: Sim): void => {
  const theirs = sim.world.things().filter(([, owner]) => isStranger(owner)).length
  if (theirs !== STRANGE_THINGS) say(sim, THEIRS, `${String(theirs)} of ${String(STRANGE_THINGS)} are left`)
  const gone = missingImages(sim.world)
  if (gone.length > 0) say(sim, THEIRS, `${gone.join(', ')} is gone`)
  // All tasks are destroyed long since.
  if (sim.world.state.images.has(IMAGE)) say(sim, 'an image that nothing uses goes', IMAGE)
}

const heal = (sim: Sim): void => {
  const { state, calls } = sim.world
  calls.troubles.splice(0)
  if (!state.isUp) sim.world.comeUp(true)
  state.isFull = false
  for (const { id } of sim.lives.values()) for (const path of fifosOf(id)) state.readers.add(path)
}

const waitsEnd = (sim: Sim, life: Life): void => {
  if (life.lived?.process.ended() === undefined) return
  for (const { what, life: of } of sim.asked) if (of === life) say(sim, 'who waits for a task that has ended is told', what)
}

// Whoever destroys a task may delete it before its end was seen.
const isNoted = ({ world: { state }, broken }: Sim, { id, handle, lived, isOver, isDestroying, isShimDead }: Life): void => {
  if (isShimDead) return
  const record = state.containers.get(lived?.container ?? '')
  if (handle === undefined || isOver || isDestroying || record === undefined || lived?.process.ended() === undefined || lived.isForgotten) return
  if (record.exit === undefined) broken.push(`an exit is noted on its container: ${id}`)
}

const destroyed = async (sim: Sim, life: Life): Promise<void> => {
  const process = sim.process as Process
  for (let count = 0; count < TRIES && !life.isOver; count += 1) {
    rpcs.destroy(sim, process, life, true)
    await sim.world.clock.pass(LONG_MS / 5)
  }
  if (!life.isOver) say(sim, 'what is well again can be destroyed', `${life.id}: ${thingsOf(sim, life.id).join(', ')}`)
}
