import * as fc from 'fast-check'

import { end } from './ending'
import { look } from './laws'
import { furnishedWorld, launch } from './nomad'
import { canPlay, play } from './play'
import * as rpcs from './rpcs'
import { Plant, Reached, say, Sim } from './Sim'
import { Step, steps } from './Step'

/** A law that a sequence broke. */
export class Broken extends Error {}

const MOST_STEPS = 40

type Command = fc.AsyncCommand<Sim, Sim> & { readonly step: Step }

const Command = (step: Step): Command => ({
  step,
  check: (sim) => canPlay(sim, step),
  run: async (_model, sim) => {
    await play(sim, step)
    look(sim)
    judge(sim)
  },
  toString: () => JSON.stringify(step)
})

const judge = ({ broken }: Sim): void => { if (broken.length > 0) throw new Broken([...new Set(broken)].join('\n')) }

/** Any sequence of steps. */
export const sequences: fc.Arbitrary<Iterable<fc.AsyncCommand<Sim, Sim>>> =
  fc.commands(steps.map((step) => step.map(Command)), { maxCommands: MOST_STEPS, size: 'max' })

const unplanted: Plant = (ports) => ports

/** Plays a sequence in a world of its own, to its end. Rejects with `Broken` when a law does not hold. */
export const playAll = async (
  commands: Iterable<fc.AsyncCommand<Sim, Sim>>, plant: Plant = unplanted, reached: Reached = new Map()
): Promise<void> => {
  const sim: Sim = {
    world: furnishedWorld(), plant, lives: new Map(), current: new Map(), asked: new Set(), broken: [], reached,
    process: undefined, processes: 0, commands: 0, wasDenied: false, isAgentHere: true, mishaps: 0
  }
  const unhandled = (reason: unknown): void => { say(sim, 'no rejection is unhandled', String(reason)) }
  process.on('unhandledRejection', unhandled)
  try {
    rpcs.fingerprint(sim, launch(sim))
    await fc.asyncModelRun(() => ({ model: sim, real: sim }), commands)
    await end(sim)
    judge(sim)
  } finally {
    process.off('unhandledRejection', unhandled)
    sim.process?.kill()
  }
}

/** Plays the steps of a sequence that was printed. */
export const playSteps = (list: ReadonlyArray<Step>, plant?: Plant): Promise<void> => playAll(list.map(Command), plant)
