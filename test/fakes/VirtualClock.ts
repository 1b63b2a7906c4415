import { Clock } from '../../src/effects/ports/Clock'

/** Time that passes only when it is told to. */
export interface VirtualClock extends Clock {
  /** Lets this many milliseconds pass: whatever wakes meanwhile is done before the next wakes. */
  readonly pass: (ms: number) => Promise<void>
  /** Lets as much time pass as something takes: what it resolves with. Throws when it is not over within `ms`. */
  readonly passUntil: <A>(over: Promise<A>, ms: number) => Promise<A>
  /** Lets everything be done that can be done now. */
  readonly settle: () => Promise<void>
  /** How many sleep. */
  readonly sleeping: () => number
}

interface Sleeper {
  readonly atMs: number
  readonly order: number
  readonly wake: () => void
}

const EPOCH_MS = Date.UTC(2030, 0, 1)

export const VirtualClock = (startMs = EPOCH_MS): VirtualClock => {
  const sleepers = new Set<Sleeper>()
  let nowMs = startMs
  let order = 0
  const settle = (): Promise<void> => new Promise((resolve) => { setImmediate(resolve) })
  const next = (untilMs: number): Sleeper | undefined => {
    let first: Sleeper | undefined
    for (const one of sleepers) {
      if (one.atMs > untilMs) continue
      if (first === undefined || one.atMs < first.atMs || (one.atMs === first.atMs && one.order < first.order)) first = one
    }
    return first
  }
  const pass = async (ms: number): Promise<void> => {
    const untilMs = nowMs + ms
    await settle()
    for (let one = next(untilMs); one !== undefined; one = next(untilMs)) {
      nowMs = Math.max(nowMs, one.atMs)
      one.wake()
      await settle()
    }
    nowMs = untilMs
  }
  const passUntil = async <A>(over: Promise<A>, ms: number): Promise<A> => {
    const untilMs = nowMs + ms
    const state = { isOver: false }
    void over.then(() => { state.isOver = true }, () => { state.isOver = true })
    await settle()
    for (let one = next(untilMs); !state.isOver && one !== undefined; one = next(untilMs)) {
      nowMs = Math.max(nowMs, one.atMs)
      one.wake()
      await settle()
    }
    if (!state.isOver) throw new Error(`not over after ${String(ms)} ms`)
    return over
  }
  return {
    now: () => nowMs,
    pass,
    passUntil,
    settle,
    sleeping: () => sleepers.size,
    sleep: (ms, signal) => new Promise((resolve) => {
      if (signal?.aborted === true) { resolve(); return }
      order += 1
      const wake = (): void => {
        sleepers.delete(one)
        signal?.removeEventListener('abort', wake)
        resolve()
      }
      const one = { atMs: nowMs + Math.max(0, ms), order, wake }
      sleepers.add(one)
      signal?.addEventListener('abort', wake, { once: true })
    })
  }
}
