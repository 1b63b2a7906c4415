import { Clock } from '../effects/ports/Clock'
import { Once } from './Once'

const SOON_MS = 1000

/** Waits for something that usually is over in a moment, and a second at most: it goes on by itself. */
export const soon = async (clock: Clock, something: Promise<unknown>): Promise<void> => {
  const over = new AbortController()
  const stop = (): void => { over.abort() }
  void something.then(stop, stop)
  await clock.sleep(SOON_MS, over.signal)
}

/**
 * What comes of something; undefined when it is not over a second after the signal has fired. It goes on by itself.
 */
export const unlessLate = async <A>(
  clock: Clock, something: Promise<A>, signal: AbortSignal
): Promise<A | undefined> => {
  const over = Once<true>()
  const settle = (): void => { over.settle(true) }
  void something.then(settle, settle)
  await over.wait(signal)
  await soon(clock, over.wait())
  return over.value() === undefined ? undefined : something
}
