import * as fc from 'fast-check'

import { Plant } from './Sim'
import { playAll, sequences } from './sequence'

/** What a search found: which law was broken, by which seed, and the shortest sequence that breaks it, as JSON. */
export interface Found {
  readonly law: string
  readonly seed: number
  readonly steps: string
}

/** Plays random sequences until one breaks a law, which is made shorter then; undefined when none does. */
export const search = async (lives: number, seed: number, plant?: Plant): Promise<Found | undefined> => {
  const details = await fc.check(fc.asyncProperty(sequences, (commands) => playAll(commands, plant)), {
    numRuns: lives, seed, endOnFailure: false, interruptAfterTimeLimit: SHRINK_MS, markInterruptAsFailure: false
  })
  if (!details.failed || details.counterexample === null) return undefined
  const [commands] = details.counterexample
  return { law: messageOf(details.errorInstance), seed, steps: `[${String(commands).replace(/\/\*.*\*\/$/s, '')}]` }
}

const SHRINK_MS = 20 * 60_000

const messageOf = (thrown: unknown): string => (thrown instanceof Error ? thrown.message : String(thrown))

/** A find in words: how to play it again. */
export const foundText = ({ law, seed, steps }: Found): string =>
  `${law}\n\nseed ${String(seed)}: replay the search with SEED=${String(seed)} npm run simulate\nthe shortest sequence: replay it with\n  STEPS='${steps}' npm run simulate`
