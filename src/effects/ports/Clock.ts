/** Time: what it is, in milliseconds since 1970, and a wait that leaves nothing behind when it is over. */
export interface Clock {
  readonly now: () => number
  /** Resolves after `ms`, or earlier when the signal fires. Never rejects. */
  readonly sleep: (ms: number, signal?: AbortSignal) => Promise<void>
}

const TIME_IS_UP = 'TimeoutError'

/** Whether a signal fired because a time was up, and not because somebody stopped something. */
export const isTimeUp = ({ aborted, reason }: AbortSignal): boolean =>
  aborted && reason instanceof DOMException && reason.name === TIME_IS_UP

/** A signal that fires when a time is up, or with `outer`. `end` forgets both: always call it. */
export interface Limit {
  readonly signal: AbortSignal
  readonly isUp: () => boolean
  readonly end: () => void
}

/** A limit of `ms` from now. */
export const within = (clock: Clock, ms: number, outer?: AbortSignal): Limit => {
  const fired = new AbortController()
  const over = new AbortController()
  const state = { isUp: false }
  const cut = (): void => { fired.abort(outer?.reason) }
  if (outer?.aborted === true) cut()
  else outer?.addEventListener('abort', cut)
  const end = (): void => {
    outer?.removeEventListener('abort', cut)
    over.abort()
  }
  void clock.sleep(ms, over.signal).then(() => {
    if (over.signal.aborted) return
    state.isUp = true
    fired.abort(new DOMException(`${String(ms)} ms are over`, TIME_IS_UP))
  })
  return { signal: fired.signal, isUp: () => state.isUp, end }
}
