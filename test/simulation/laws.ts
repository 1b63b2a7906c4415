import { IMAGE } from '../fakes/Nomad'
import { Life, say, Sim, startOf, thingsOf } from './Sim'
import { TASKS } from './Step'

const BOUND_MS = 10 * 60_000

/** What is true at every moment. */
export const look = (sim: Sim): void => {
  for (let task = 0; task < TASKS; task += 1) atMostOne(sim, startOf(task))
  for (const life of sim.lives.values()) untouched(sim, life)
  for (const life of sim.lives.values()) hasItsImage(sim, life)
  for (const { what, sinceMs, isPatient, life } of sim.asked) {
    const forMs = sim.world.clock.now() - sinceMs
    if (!isPatient && forMs > BOUND_MS) say(sim, 'every RPC but WaitTask comes to its end', `${what} has taken ${String(forMs)} ms`)
    if (life?.isOver === true && what.startsWith('waitTask')) say(sim, 'a task that is destroyed is waited for by nobody', what)
  }
}

/** Whatever Nomad calls its runs: of a task of an allocation one runs. */
const atMostOne = (sim: Sim, start: string): void => {
  const running = sim.world.state.lived.filter(({ owner, process }) => owner.startsWith(start) && process.status() === 'running')
  if (running.length > 1) say(sim, 'a task runs once', `${start} runs in ${running.map(({ container }) => container).join(' and ')}`)
}

/** A running task that Nomad has a handle of is left alone until somebody wants it to end. */
const untouched = (sim: Sim, life: Life): void => {
  const { lived, handle, isEnding, isOver, isRemoved, isShimDead, id } = life
  if (lived === undefined || handle === undefined || isEnding || isOver || isRemoved || isShimDead) return
  const [signal] = lived.process.signals()
  if (signal !== undefined) say(sim, 'a task that Nomad can recover is not touched', `${id} was sent signal ${String(signal)}`)
  if (lived.process.ended() !== undefined) return
  const now = new Set(thingsOf(sim, id))
  const gone = life.things.filter((thing) => !now.has(thing))
  if (gone.length > 0) say(sim, 'a task that Nomad can recover is not touched', `${id} lost ${gone.join(', ')}`)
}

/** What a container that Nomad can recover was made from is there, by its name and with its layers. */
const hasItsImage = (sim: Sim, { lived, handle, isDestroying, isOver, isRemoved, id }: Life): void => {
  const { containers, images, snapshots } = sim.world.state
  const record = containers.get(lived?.container ?? '')
  if (record === undefined || handle === undefined || isDestroying || isOver || isRemoved) return
  const image = images.get(IMAGE)
  const isWhole = image !== undefined && snapshots.has(`${record.snapshotter} ${image.chainId}`)
  if (!isWhole) say(sim, 'an image that a task uses is not removed', id)
}
