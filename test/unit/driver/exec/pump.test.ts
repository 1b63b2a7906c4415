import { drained, Pump, pump } from '../../../../src/driver/pump'
import { VirtualClock } from '../../../fakes/VirtualClock'
import { Pipe } from '../../../fakes/world/Pipe'

const SILENCE_MS = 2000
const never = new AbortController().signal

interface Drain {
  readonly clock: VirtualClock
  readonly pipe: Pipe
  readonly one: Pump
  /** How long it takes until nothing more is waited for. */
  readonly tookMs: () => Promise<number>
}

const Drain = (take: (bytes: Uint8Array) => Promise<void> = () => Promise.resolve()): Drain => {
  const [clock, pipe] = [VirtualClock(), Pipe()]
  const one = pump(pipe.bytes(), take)
  const before = clock.now()
  const tookMs = async (): Promise<number> => {
    await clock.passUntil(drained(clock, [one], SILENCE_MS, never), 100_000)
    return clock.now() - before
  }
  return { clock, pipe, one, tookMs }
}

/** Says a word every so often, so many times, and then nothing more. */
const talk = async ({ clock, pipe }: Drain, everyMs: number, times: number): Promise<void> => {
  for (let count = 0; count < times; count += 1) {
    await clock.sleep(everyMs)
    pipe.push('word')
  }
}

describe('what an ended process wrote is waited for', () => {
  it('to its end', async () => {
    const drain = Drain()
    void talk(drain, 700, 3).then(() => { drain.pipe.end() })
    expect(await drain.tookMs()).toBeLessThan(2200)
  })

  it('until nothing has come for a while, counted from the last byte', async () => {
    const drain = Drain()
    void talk(drain, 1500, 4)
    const tookMs = await drain.tookMs()
    expect(drain.one.bytes()).toBe(4 * 4)
    expect(tookMs).toBeGreaterThanOrEqual(4 * 1500 + SILENCE_MS)
    expect(tookMs).toBeLessThan(4 * 1500 + SILENCE_MS + 100)
  })

  it('and five times as long when something goes on talking', async () => {
    const drain = Drain()
    void talk(drain, 1000, 100)
    expect(await drain.tookMs()).toBeLessThan(5 * SILENCE_MS + 100)
  })

  it('no further than what pipes can hold', async () => {
    const drain = Drain()
    drain.pipe.push('x'.repeat(1024 * 1024))
    void talk(drain, 10, 1).then(() => { for (let count = 0; count < 5; count += 1) drain.pipe.push('x'.repeat(1024 * 1024)) })
    expect(await drain.tookMs()).toBeLessThan(100)
  })

  it('as long as a reader takes', async () => {
    const drain = Drain(() => drain.clock.sleep(30_000))
    drain.pipe.push('slow')
    const tookMs = await drain.tookMs()
    expect(tookMs).toBeGreaterThan(30_000)
    expect(tookMs).toBeLessThan(30_000 + SILENCE_MS + 100)
  })
})
