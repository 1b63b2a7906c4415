import { Clock } from '../effects/ports/Clock'

/** Bytes on their way from a process to whoever reads them. */
export interface Pump {
  /** Resolves when the stream has ended and all of it was taken. */
  readonly over: Promise<void>
  /** Whether the reader is waited for, and not the process. */
  readonly isSending: () => boolean
  readonly bytes: () => number
}

/** Moves a stream, chunk by chunk: the next one is read once the last was taken. */
export const pump = (from: AsyncIterable<Uint8Array>, take: (bytes: Uint8Array) => Promise<void>): Pump => {
  const state = { isSending: false, bytes: 0 }
  const run = async (): Promise<void> => {
    for await (const chunk of from) {
      state.isSending = true
      state.bytes += chunk.length
      await take(chunk)
      state.isSending = false
    }
  }
  return { over: run(), isSending: () => state.isSending, bytes: () => state.bytes }
}

const LOOK_EVERY_MS = 20

// What a pipe, a named pipe and the copier between them hold at most (fs.pipe-max-size is 1 MiB).
const HELD_BYTES = 4 * 1024 * 1024

/**
 * Waits until all that an ended process wrote has come out. Something that it began may keep its output open: then no
 * longer than `withinMs` of silence, and no more than pipes can have held. A reader that is slow is waited for.
 */
export const drained = async (
  clock: Clock, pumps: ReadonlyArray<Pump>, withinMs: number, signal: AbortSignal
): Promise<void> => {
  const over = new AbortController()
  const stop = (): void => { over.abort() }
  signal.addEventListener('abort', stop, { once: true })
  void Promise.all(pumps.map((one) => one.over)).then(stop, stop)
  const before = pumps.map((one) => one.bytes())
  const isTooMuch = (): boolean => pumps.some((one, index) => one.bytes() - (before[index] ?? 0) > HELD_BYTES)
  for (let silentMs = 0; silentMs < withinMs && !over.signal.aborted && !signal.aborted && !isTooMuch();) {
    await clock.sleep(LOOK_EVERY_MS, over.signal)
    if (!pumps.some((one) => one.isSending())) silentMs += LOOK_EVERY_MS
  }
  signal.removeEventListener('abort', stop)
}
