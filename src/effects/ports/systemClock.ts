import { setTimeout as sleep } from 'node:timers/promises'

import { Clock } from './Clock'

/** The time of this machine. */
export const systemClock: Clock = {
  now: () => Date.now(),
  sleep: (ms, signal) => sleep(ms, undefined, signal === undefined ? {} : { signal }).catch(() => undefined)
}
