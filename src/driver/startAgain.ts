import { Report,RolledBack } from '../core/report/Report'
import { Clock } from '../effects/ports/Clock'
import { FIRST_PAUSE_MS, longer } from './pauses'

/** A start, and how it is begun anew: what is left of the last try is taken back. */
export interface Trying {
  readonly clock: Clock
  readonly signal: AbortSignal
  readonly run: () => Promise<Report>
  readonly clear: () => Promise<unknown>
}

const TRIES = 8

// containerd has no code of its own for a bundle that is there already. What it made for a client that is gone it takes
// away itself.
const isInTheWay = ({ cause: { _tag } }: RolledBack): boolean => _tag === 'Unknown' || _tag === 'AlreadyExists'

/**
 * Starts a task of which an earlier start was cut off with its process. What containerd had half made for that is gone
 * in a moment, and in the way until then: the start is tried again, for about twenty seconds.
 */
export const startAgain = async ({ clock, signal, run, clear }: Trying): Promise<Report> => {
  let report = await run()
  for (let [count, pauseMs] = [1, FIRST_PAUSE_MS]; count < TRIES; [count, pauseMs] = [count + 1, longer(pauseMs)]) {
    if (report._tag !== 'RolledBack' || !isInTheWay(report) || signal.aborted) return report
    await clock.sleep(pauseMs, signal)
    await clear()
    report = await run()
  }
  return report
}
