import { SIGKILL } from '../../src/core/domain/Signal'
import { forgetTask } from '../fakes/world/shims'
import { exec, vanish } from './execs'
import { allocDirOf, fifosOf, launch } from './nomad'
import * as rpcs from './rpcs'
import { idOf, Life, Process, Sim, startOf } from './Sim'
import { Step } from './Step'

const RPCS: ReadonlyArray<Step['_tag']> = ['Start', 'Stop', 'Destroy', 'Signal', 'Wait', 'Inspect', 'Stats', 'Recover', 'Fingerprint', 'Exec']

/** The process of the driver with which Nomad speaks now. */
const spoken = ({ process, isAgentHere }: Sim): Process | undefined => (isAgentHere ? process : undefined)

/** Whether a step can happen now. */
export const canPlay = (sim: Sim, step: Step): boolean => {
  const { state } = sim.world
  if (RPCS.includes(step._tag) && spoken(sim) === undefined) return false
  const life = 'task' in step ? sim.current.get(step.task) : undefined
  switch (step._tag) {
    case 'Start':
      // Nomad starts no task that it has a handle of, unless that could not be found again; of one that this process knows it is refused.
      return life?.handle === undefined || life.isOver || isLost(sim, life) || (life.knownBy === sim.process && !life.isDestroying)
    case 'Recover':
      return life?.handle !== undefined && !life.isOver
    case 'Stop': case 'Signal':
      return life !== undefined
    case 'Wait': case 'Inspect': case 'Stats': case 'Exec':
      return life?.handle !== undefined
    case 'Destroy':
      // Of a task without a container only the handle tells what there is: Nomad recovers before it destroys.
      return life !== undefined && (!life.isRemoved || [life.knownBy, life.goneBy].includes(sim.process))
    case 'Remove':
      return life?.handle !== undefined && !life.isOver && state.isUp
    case 'Vanish':
      return life !== undefined
    case 'KillShim':
      return life?.handle !== undefined && !life.isOver && !life.isRemoved
    case 'Kill':
      return sim.process !== undefined
    case 'Leave':
      return sim.isAgentHere
    case 'Return':
      return !sim.isAgentHere || sim.process === undefined
    case 'GoDown': case 'Cut': case 'Restart':
      return state.isUp
    case 'ComeUp':
      return !state.isUp
    case 'Collect':
      return life === undefined || life.isOver || (life.handle === undefined && !isUnderWay(sim, life))
    case 'Fill':
      return !state.isFull
    case 'Free':
      return state.isFull
    case 'Pass': case 'Trouble': case 'Fingerprint': case 'Read': case 'Unread':
      return true
  }
}

const MISHAPS: ReadonlyArray<Step['_tag']> = ['Trouble', 'Kill', 'Leave', 'GoDown', 'Restart', 'Cut', 'Fill', 'Remove', 'Unread']

/** Lets a step happen; what it started goes on. */
export const play = async (sim: Sim, step: Step): Promise<void> => {
  const { world } = sim
  if (MISHAPS.includes(step._tag)) sim.mishaps += 1
  if (RPCS.includes(step._tag)) playRpc(sim, spoken(sim) as Process, step)
  else mishap(sim, step)
  await world.clock.pass(step.ms)
  await world.clock.settle()
  if (step._tag === 'Restart') world.comeUp(step.remembers)
  if (sim.process?.isDead() === true) bury(sim)
}

const playRpc = (sim: Sim, process: Process, step: Step): void => {
  const life = 'task' in step ? lifeFor(sim, step) : undefined
  if (step._tag === 'Fingerprint') rpcs.fingerprint(sim, process)
  if (life === undefined) return
  // eslint-disable-next-line @typescript-eslint/switch-exhaustiveness-check -- the rest is no RPC
  switch (step._tag) {
    case 'Start':
      rpcs.start(sim, process, life)
      return
    case 'Stop':
      rpcs.stop(sim, process, life, step.withinMs, step.signal)
      return
    case 'Destroy':
      rpcs.destroy(sim, process, life, step.force)
      return
    case 'Signal':
      rpcs.signal(sim, process, life, step.signal)
      return
    case 'Wait':
      rpcs.wait(sim, process, life)
      return
    case 'Inspect':
      rpcs.inspect(sim, process, life)
      return
    case 'Stats':
      rpcs.stats(sim, process, life)
      return
    case 'Recover':
      rpcs.recover(sim, process, life)
      return
    case 'Exec':
      exec(sim, process, life, step)
  }
}

/** The life that a step is about: a start begins one when the last is over, was never answered, or could not be found again. */
const lifeFor = (sim: Sim, step: Step & { readonly task: number }): Life | undefined => {
  const last = sim.current.get(step.task)
  if (step._tag !== 'Start') return last
  const isKnown = last !== undefined && (last.handle !== undefined || isUnderWay(sim, last)) && !isLost(sim, last)
  return last !== undefined && !last.isOver && isKnown ? last : nextLife(sim, step, last)
}

const isUnderWay = (sim: Sim, of: Life): boolean => [...sim.asked].some(({ life, what }) => life === of && what.startsWith('startTask'))

// Of one that was removed from outside only the handle tells what there is.
const isLost = ({ process }: Sim, { lostBy, isRemoved }: Life): boolean => lostBy === process && !isRemoved

/** Nomad gives every run another id; whoever starts one a second time under the same id is served too. */
const nextLife = (sim: Sim, { task, program, isSameId = false }: Step & { readonly _tag: 'Start' }, last: Life | undefined): Life => {
  if (last !== undefined && !last.isOver) giveUp(last)
  const runs = [...sim.lives.keys()].filter((id) => id.startsWith(startOf(task))).length
  const id = last !== undefined && isSameId ? last.id : idOf(task, runs + 1)
  // What was asked of the last life may reach this one.
  const isEnding = [...sim.asked].some(({ life, what }) => life?.id === id && /^(stop|destroy|signal)Task/.test(what))
  const life: Life = {
    id, task, program, handle: undefined, knownBy: undefined, startedBy: undefined, lived: undefined, things: [],
    isEnding, isDestroying: isEnding, isRemoved: false, isShimDead: false, hasVanished: false, goneBy: undefined, lostBy: undefined, isOver: false, told: []
  }
  sim.lives.set(id, life)
  sim.current.set(task, life)
  return life
}

/** Another run takes the place of this one, which may be taken back then. */
const giveUp = (life: Life): void => {
  life.isEnding = true
  life.isDestroying = true
}

/** The process is gone: whoever asked hears nothing. */
const bury = (sim: Sim): void => {
  sim.asked.clear()
  for (const life of sim.lives.values()) if (life.startedBy === sim.process) life.startedBy = undefined
  sim.process = undefined
}

const mishap = (sim: Sim, step: Step): void => {
  const { world } = sim
  // eslint-disable-next-line @typescript-eslint/switch-exhaustiveness-check -- the rest is RPCs
  switch (step._tag) {
    case 'Trouble':
      world.calls.troubles.push({ ...step.wrong, step: world.calls.count + step.inCalls })
      if (step.wrong._tag === 'Refuse' && ['Denied', 'Invalid'].includes(step.wrong.failure)) sim.wasDenied = true
      return
    case 'Kill':
      sim.process?.kill()
      return
    case 'Leave':
      rpcs.hangUp(sim)
      sim.isAgentHere = false
      return
    case 'Return':
      comeBack(sim)
      return
    case 'GoDown':
    case 'Restart':
      world.goDown()
      return
    case 'ComeUp':
      world.comeUp(step.remembers)
      return
    case 'Cut':
      world.hangUp()
      return
    case 'Fill':
    case 'Free':
      world.state.isFull = step._tag === 'Fill'
      return
    case 'Remove':
      remove(sim, sim.current.get(step.task)?.id ?? '')
      return
    case 'Collect':
      world.state.removed.add(allocDirOf(idOf(step.task)))
      return
    case 'Vanish':
      vanish(sim, sim.current.get(step.task)?.id ?? '')
      return
    case 'KillShim':
      breakShim(sim, sim.current.get(step.task)?.id ?? '')
      return
    case 'Unread':
      for (const path of fifosOf(idOf(step.task))) world.state.readers.delete(path)
      return
    case 'Read':
      for (const path of fifosOf(idOf(step.task))) world.state.readers.add(path)
  }
}

/** The agent is there again: it starts the driver when that is gone, and recovers what it has handles of. */
export const comeBack = (sim: Sim): void => {
  sim.isAgentHere = true
  const process = sim.process ?? launch(sim)
  rpcs.fingerprint(sim, process)
  for (const life of sim.current.values()) if (life.handle !== undefined && !life.isOver) rpcs.recover(sim, process, life)
}

const breakShim = (sim: Sim, id: string): void => {
  const life = sim.lives.get(id)
  if (life?.lived === undefined) return
  life.isShimDead = true
  sim.world.killShim(life.lived.container)
}

const remove = (sim: Sim, id: string): void => {
  const { state } = sim.world
  const life = sim.lives.get(id)
  for (const [container, record] of state.containers) {
    const process = state.tasks.get(container)?.process
    if (record.owner !== id) continue
    process?.signal(SIGKILL)
    // containerd deletes no task that still runs.
    if (process !== undefined && process.ended() === undefined) continue
    forgetTask(state, container)
    state.containers.delete(container)
    state.snapshots.delete(`${record.snapshotter} ${record.key}`)
  }
  if (life !== undefined) life.isRemoved = true
}
