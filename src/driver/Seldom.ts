import { Clock } from '../effects/ports/Clock'

/**
 * Whether it is time to tell something again: Nomad keeps the last ten events of a task, and writes each to its disk.
 * Each pause is twice the one before. `isDueNow` where the first is told at once.
 */
export const Seldom = (clock: Clock, firstMs: number, isDueNow: boolean): (() => boolean) => {
  let pauseMs = firstMs
  let lastMs = isDueNow ? -Infinity : clock.now()
  return () => {
    const nowMs = clock.now()
    // A clock that was set back makes nobody silent.
    if (nowMs >= lastMs && nowMs < lastMs + pauseMs) return false
    pauseMs *= lastMs === -Infinity ? 1 : 2
    lastMs = nowMs
    return true
  }
}
