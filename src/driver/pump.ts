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

// What goes on talking is no part of what was asked for.
const LONGEST = 5

// What a pipe, a named pipe and the copier between them hold at most (fs.pipe-max-size is 1 MiB).
const HELD_BYTES = 4 * 1024 * 1024

/**
 * Waits until all that an ended process wrote has come out. Something that it began may keep its output open: then no
 * longer than `silenceMs` without a byte, five times as long in all, and no more than pipes can have held. A slow
 * reader is waited for.
 */
export const drained = async (
  clock: Clock, pumps: ReadonlyArray<Pump>, silenceMs: number, signal: AbortSignal
): Promise<void> => {
  const over = new AbortController()
  const stop = (): void => { over.abort() }
  signal.addEventListener('abort', stop, { once: true })
  void Promise.all(pumps.map((one) => one.over)).then(stop, stop)
  const isTooMuch = moreThan(HELD_BYTES, pumps)
  let [silentMs, openMs, bytes] = [0, 0, bytesOf(pumps)]
  const isOver = (): boolean => silentMs >= silenceMs || openMs >= silenceMs * LONGEST || isTooMuch()
  while (!over.signal.aborted && !signal.aborted && !isOver()) {
    await clock.sleep(LOOK_EVERY_MS, over.signal)
    if (pumps.some((one) => one.isSending())) continue
    const now = bytesOf(pumps)
    silentMs = now === bytes ? silentMs + LOOK_EVERY_MS : 0
    openMs += LOOK_EVERY_MS
    bytes = now
  }
  signal.removeEventListener('abort', stop)
}

const bytesOf = (pumps: ReadonlyArray<Pump>): number => pumps.reduce((sum, one) => sum + one.bytes(), 0)

/** Tells whether one of them has moved more than so many bytes from now on. */
const moreThan = (most: number, pumps: ReadonlyArray<Pump>): (() => boolean) => {
  const before = pumps.map((one) => one.bytes())
  return () => pumps.some((one, index) => one.bytes() - (before[index] ?? 0) > most)
}
