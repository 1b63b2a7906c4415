import { systemClock } from '../../../src/effects/ports/systemClock'

const DAY_MS = 24 * 60 * 60_000

const moment = (ms: number): Promise<string> => new Promise((resolve) => { setTimeout(() => { resolve('a moment') }, ms) })

it.each([24, 25, 30, 365, 100_000])('a wait of %s days is no wait of a moment, and ends when it is told to', async (days) => {
  const abort = new AbortController()
  const over = systemClock.sleep(days * DAY_MS, abort.signal).then(() => 'over')
  expect(await Promise.race([over, moment(50)])).toBe('a moment')
  abort.abort()
  expect(await Promise.race([over, moment(1000)])).toBe('over')
})

it('a wait without end is none either', async () => {
  const abort = new AbortController()
  const over = systemClock.sleep(Number.MAX_SAFE_INTEGER, abort.signal).then(() => 'over')
  expect(await Promise.race([over, moment(50)])).toBe('a moment')
  abort.abort()
  expect(await over).toBe('over')
})

it('a wait that is told to end before it begins does not begin', async () => {
  expect(await Promise.race([systemClock.sleep(DAY_MS, AbortSignal.abort()).then(() => 'over'), moment(1000)])).toBe('over')
})
