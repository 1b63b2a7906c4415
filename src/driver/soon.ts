import { Clock } from '../effects/ports/Clock'

const SOON_MS = 1000

/** Waits for something that usually is over in a moment, and a second at most: it goes on by itself. */
export const soon = async (clock: Clock, something: Promise<void>): Promise<void> => {
  const over = new AbortController()
  const stop = (): void => { over.abort() }
  void something.then(stop, stop)
  await clock.sleep(SOON_MS, over.signal)
}
