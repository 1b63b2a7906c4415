import { setTimeout as sleep } from 'node:timers/promises'

import { Clock } from './Clock'

// A timer of Node's that is longer ends at once.
const LONGEST_MS = 2 ** 31 - 1

/** The time of this machine. */
export const systemClock: Clock = {
  now: () => Date.now(),
  sleep: async (ms, signal) => {
    let left = ms
    do {
      await sleep(Math.min(left, LONGEST_MS), undefined, signal === undefined ? {} : { signal }).catch(() => undefined)
      left -= LONGEST_MS
    } while (left > 0 && signal?.aborted !== true)
  }
}
