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

/** Which driver is searched, and for which law; any when it is left out. */
export interface Sought {
  readonly plant?: Plant | undefined
  readonly law?: string
}

/** Plays random sequences until one breaks a law, which is made shorter then; undefined when none does. */
export const search = async (lives: number, seed: number, { plant, law = '' }: Sought = {}): Promise<Found | undefined> => {
  const played = fc.asyncProperty(sequences, async (commands) => {
    const broken = await lawBroken(() => playAll(commands, plant))
    if (broken?.includes(law) === true) throw new Broken(broken)
  })
  const details = await fc.check(played, {
    numRuns: lives, seed, endOnFailure: false, interruptAfterTimeLimit: SHRINK_MS, markInterruptAsFailure: false
  })
  if (!details.failed || details.counterexample === null) return undefined
  // Commands print themselves, each as JSON.
  const printed = (details.counterexample[0] as { readonly toString: () => string }).toString().replace(/\/\*.*\*\/$/s, '')
  return { seed, ...await shortest(JSON.parse(`[${printed}]`) as ReadonlyArray<Step>, { plant, law }) }
}

/** Leaves out every step without which a law is broken all the same: fast-check always keeps the last one. */
const shortest = async (steps: ReadonlyArray<Step>, sought: Sought & { readonly law: string }): Promise<Pick<Found, 'law' | 'steps'>> => {
  for (const fewer of [...steps.keys()].flatMap((index) => [steps.toSpliced(index, 1), withoutStep(steps, index)])) {
    if ((await lawBrokenBy(fewer, sought.plant))?.includes(sought.law) === true) return shortest(fewer, sought)
  }
  return { law: await lawBrokenBy(steps, sought.plant) ?? '', steps }
}

/** Without a step, and with its time: the step before takes so much longer. */
const withoutStep = (steps: ReadonlyArray<Step>, index: number): ReadonlyArray<Step> =>
  steps.map((step, at) => (at === index - 1 ? { ...step, ms: step.ms + (steps[index]?.ms ?? 0) } : step)).toSpliced(index, 1)

/** The law that a sequence breaks; undefined when it breaks none. */
export const lawBrokenBy = (steps: ReadonlyArray<Step>, plant?: Plant): Promise<string | undefined> => lawBroken(() => playSteps(steps, plant))

const lawBroken = async (played: () => Promise<void>): Promise<string | undefined> => {
  try {
    await played()
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
