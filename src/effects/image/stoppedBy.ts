import { setMaxListeners } from 'node:events'

/** A controller that is aborted when `signal` is. As many may listen to it as have work to end: Node warns of more than ten. */
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
