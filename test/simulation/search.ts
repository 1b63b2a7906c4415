import * as fc from 'fast-check'

import { Broken, playAll, playSteps, sequences } from './sequence'
import { Plant } from './Sim'
import { Step } from './Step'

/** What a search found: which law was broken, by which seed, and the shortest sequence that breaks it. */
export interface Found {
  readonly law: string
  readonly seed: number
  readonly steps: ReadonlyArray<Step>
}

/** Plays random sequences until one breaks a law, which is made shorter then; undefined when none does. */
export const search = async (lives: number, seed: number, plant?: Plant): Promise<Found | undefined> => {
  const details = await fc.check(fc.asyncProperty(sequences, (commands) => playAll(commands, plant)), {
    numRuns: lives, seed, endOnFailure: false, interruptAfterTimeLimit: SHRINK_MS, markInterruptAsFailure: false
  })
  if (!details.failed || details.counterexample === null) return undefined
  const printed = String(details.counterexample[0]).replace(/\/\*.*\*\/$/s, '')
  return { seed, ...await shortest(JSON.parse(`[${printed}]`) as ReadonlyArray<Step>, plant) }
}

/** Leaves out every step without which a law is broken all the same: fast-check always keeps the last one. */
const shortest = async (steps: ReadonlyArray<Step>, plant: Plant | undefined): Promise<Pick<Found, 'law' | 'steps'>> => {
  for (const index of steps.keys()) {
    const fewer = steps.toSpliced(index, 1)
    if (await lawBrokenBy(fewer, plant) !== undefined) return shortest(fewer, plant)
  }
  return { law: await lawBrokenBy(steps, plant) ?? '', steps }
}

/** The law that a sequence breaks; undefined when it breaks none. */
export const lawBrokenBy = async (steps: ReadonlyArray<Step>, plant?: Plant): Promise<string | undefined> => {
  try {
    await playSteps(steps, plant)
    return undefined
  } catch (thrown) {
    if (thrown instanceof Broken) return thrown.message
    throw thrown
  }
}

const SHRINK_MS = 20 * 60_000

/** A find in words: how to play it again. */
export const foundText = ({ law, seed, steps }: Found): string =>
  `${law}\n\nseed ${String(seed)}: replay the search with SEED=${String(seed)} npm run simulate\nthe shortest sequence: replay it with\n  STEPS='${JSON.stringify(steps)}' npm run simulate`
