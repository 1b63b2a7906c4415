import { Ports } from '../../src/effects/ports/Ports'
import { TaskHandle } from '../../src/generated/nomad/driver'
import { Incarnation, World } from '../fakes/World'
import { Lived } from '../fakes/world/State'
import { Call, Wire } from './Wire'

/** A change of the ports of a process of the driver; `count` counts the processes from 1. Where a bug is planted. */
export type Plant = (ports: Ports, count: number) => Ports

/** One process of the driver, as Nomad speaks with it. */
export interface Process extends Incarnation {
  readonly wire: Wire
}

/** An RPC that Nomad has asked for and that is not answered. */
export interface Asked {
  readonly what: string
  readonly sinceMs: number
  /** WaitTask may take as long as the task, and so may streams. */
  readonly isPatient: boolean
  readonly life: Life | undefined
  readonly call: Call<unknown>
}

/** How a task ended, as it was told: `undefined` where it was said that nobody knows. */
export interface Told {
  readonly code: number
  readonly signal: number
  readonly oomKilled: boolean
}

/** One run of one task, from its StartTask to the DestroyTask that was answered. */
export interface Life {
  /** Nomad's id of the run: allocation, task, and which run of it. */
  readonly id: string
  readonly task: number
  readonly program: ReadonlyArray<string>
  /** What Nomad keeps of it once it was started. */
  handle: TaskHandle | undefined
  /** The process of the driver that started it or found it again. */
  knownBy: Process | undefined
  /** The process that is starting it. */
  startedBy: Process | undefined
  /** Its process in the world. */
  lived: Lived | undefined
  /** What there was of it when its start was answered. */
  things: ReadonlyArray<string>
  /** Whether somebody wanted it to end. */
  isEnding: boolean
  isDestroying: boolean
  isRemoved: boolean
  /** Whether its shim was killed. */
  isShimDead: boolean
  /** Whether somebody who ran a command in it went before that ended. */
  hasVanished: boolean
  /** The process that said that it cannot be found again. */
  goneBy: Process | undefined
  /** The process that answered a recovery with an error, whatever it was: Nomad starts the task anew then. */
  lostBy: Process | undefined
  isOver: boolean
  readonly told: Array<Told | 'unknown'>
}

export type Reached = Map<string, number>

/** A world, a driver in it, and what Nomad knows. */
export interface Sim {
  readonly world: World
  readonly plant: Plant
  /** Every run that there was, by Nomad's id. */
  readonly lives: Map<string, Life>
  /** The run of each task that Nomad knows of, by its number. */
  readonly current: Map<number, Life>
  readonly asked: Set<Asked>
  /** What was broken of the laws, in words. */
  readonly broken: Array<string>
  /** How often what came about: a law that is never tried proves nothing. */
  readonly reached: Reached
  process: Process | undefined
  processes: number
  /** How many commands were asked for. */
  commands: number
  /** Whether a call was refused in a way that is not tried again. */
  wasDenied: boolean
  isAgentHere: boolean
  /** How often something went wrong with the machine or the driver's process. */
  mishaps: number
}

/** What the ids of all runs of a task begin with. */
export const startOf = (task: number): string => `a${String(task)}/web/`

export const idOf = (task: number, run = 1): string => `${startOf(task)}${String(run)}`

/** What is there of a task. Leases are of fetches: they expire by themselves. */
export const thingsOf = ({ world }: Sim, id: string): ReadonlyArray<string> =>
  world.things().filter(([name, owner]) => owner === id && !name.startsWith('lease fetch-')).map(([name]) => name)

/** Whether nothing ever went wrong, so that nothing may fail. */
export const isCalm = ({ mishaps }: Sim): boolean => mishaps === 0

export const say = (sim: Sim, law: string, what: string): void => { sim.broken.push(`${law}: ${what}`) }

export const reach = ({ reached }: Sim, what: string): void => { reached.set(what, (reached.get(what) ?? 0) + 1) }
