import { setMaxListeners } from 'node:events'

import { Failure } from '../../core/domain/Failure'
import { isTimeUp } from './Clock'

/**
 * A controller that is aborted when `signal` is. As many may listen to it as have work to end: Node warns of more than
 * ten.
 */
export const stoppedBy = (signal: AbortSignal): AbortController => {
  const stop = new AbortController()
  setMaxListeners(0, stop.signal)
  const end = (): void => { stop.abort(signal.reason) }
  if (signal.aborted) end()
  else {
    signal.addEventListener('abort', end, { once: true })
    stop.signal.addEventListener('abort', () => { signal.removeEventListener('abort', end) }, { once: true })
  }
  return stop
}

/** Why a fetch was cut off by a signal that has fired: its time was up, or somebody stopped it. */
export const whyStopped = (signal: AbortSignal, doing: string, timeoutMs: number): Failure =>
  isTimeUp(signal)
    ? Failure('TimedOut', doing, `took longer than image_pull_timeout (${String(timeoutMs)} ms)`)
    : Failure('Cancelled', doing, 'was stopped while it was under way')
