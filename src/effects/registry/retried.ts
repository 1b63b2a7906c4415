import { setTimeout as pause } from 'node:timers/promises'

import { Failure } from '../../core/domain/Failure'
import { messageOf, Thrown } from '../ports/Thrown'
import { Stalled } from './flowing'
import { Astray } from './Home'
import { Answer, drop } from './request'

/** For which image of which registry something is asked, and how long. */
export interface Patience {
  readonly doing: string
  /** The registry, or a mirror of it, as messages name it. */
  readonly place: string
  readonly signal: AbortSignal
  /** When the time of the pull is up, in milliseconds since 1970: what would take longer is not waited for. */
  readonly untilMs: number
}

const BUSY: ReadonlyArray<number> = [408, 429, 500, 502, 503, 504]
const TRIES = 5
// What cannot even be connected to is hardly there again in a moment: Nomad tries later.
const TRIES_TO_CONNECT = 3

/**
 * Asks again, after pauses that double from a quarter of a second, what was answered that a registry is busy or broken,
 * as late as it says itself (Retry-After). The last answer is given as it is. Throws `Thrown` (Unavailable) where
 * nothing answers.
 */
export const retried = async (patience: Patience, ask: () => Promise<Answer>): Promise<Answer> => {
  for (let tries = 1; ; tries += 1) {
    const outcome = await attempted(patience, ask, tries)
    if (outcome !== undefined && (!BUSY.includes(outcome.status) || tries >= TRIES)) return outcome
    const waitMs = Math.max(pauseMs(tries), toldMs(outcome) ?? 0)
    if (outcome !== undefined && Date.now() + waitMs >= patience.untilMs) return outcome
    if (outcome !== undefined) drop(outcome)
    await pause(waitMs, undefined, { signal: patience.signal })
  }
}

/** The pause after so many tries in a row that failed; each is a little different, so that many do not come at once. */
export const pauseMs = (tries: number): number => 250 * 2 ** (tries - 1) * (1 + Math.random() / 4)

/** An answer; undefined where there was none and another try may have one. */
const attempted = async (
  { doing, place, signal }: Patience, ask: () => Promise<Answer>, tries: number
): Promise<Answer | undefined> => {
  try {
    return await ask()
  } catch (thrown) {
    if (signal.aborted || thrown instanceof Astray || thrown instanceof Thrown) throw thrown
    if (thrown instanceof Stalled)
      throw new Thrown(Failure('Unavailable', doing, `${place} is silent: ${thrown.message}`))
    if (tries < TRIES_TO_CONNECT) return undefined
    throw new Thrown(Failure('Unavailable', doing, `${place} cannot be reached: ${messageOf(thrown)}`))
  }
}

/** How long a server says that it is to be left alone (Retry-After: seconds, or a date), in milliseconds. */
export const toldMs = (answer: Pick<Answer, 'headers'> | undefined): number | undefined => {
  const text = answer?.headers['retry-after']?.trim() ?? ''
  if (/^\d{1,9}$/.test(text)) return Number(text) * 1000
  const date = text === '' ? NaN : Date.parse(text)
  return Number.isNaN(date) ? undefined : Math.max(0, date - Date.now())
}
