import * as E from 'fp-ts/Either'

import { Failure } from '../../../src/core/domain/Failure'
import { Reading } from '../../../src/core/watch/Reading'
import { Sampled, Sampler } from '../../../src/driver/Sampler'
import { Gauge } from '../../../src/effects/ports/Reads'
import { VirtualClock } from '../../fakes/VirtualClock'

const readingAt = (atMs: number): Reading => ({
  atMs, cgroups: 'v2', cpuNs: 0, userNs: 0, systemNs: 0, throttledPeriods: 0, throttledNs: 0,
  rss: 0, cache: 0, swap: 0, usage: 0, maxUsage: 0, kernel: 0, kernelMax: undefined, oomKills: 0, processes: []
})

type Seen = readonly [before: number | undefined, now: number]

interface Subject extends Sampled {
  readonly seen: Array<Seen>
  readonly closed: () => number
}

const subject = (everyMs: number, read: Gauge['read'] = (atMs) => Promise.resolve(E.right(readingAt(atMs)))): Subject => {
  const seen: Array<Seen> = []
  let closed = 0
  return {
    everyMs, seen, closed: () => closed,
    gauge: { read, close: () => { closed += 1 } },
    tell: (before, now) => { seen.push([before?.atMs, now.atMs]) }
  }
}

const START_MS = Date.UTC(2030, 0, 1)
const moments = ({ seen }: Subject): ReadonlyArray<number> => seen.map(([, atMs]) => atMs - START_MS)

it('each is measured at once and then as often as it says, on one timer', async () => {
  const clock = VirtualClock(START_MS)
  const sampler = Sampler(clock)
  const [fast, slow] = [subject(200), subject(3000)]
  const stops = [sampler.add(fast), sampler.add(slow)]
  await clock.pass(9000)
  expect(moments(fast)).toEqual(Array.from({ length: 46 }, (_, index) => index * 200))
  expect(moments(slow)).toEqual([0, 3000, 6000, 9000])
  expect(slow.seen[1]).toEqual([START_MS, START_MS + 3000])
  expect(clock.sleeping()).toBe(1)
  for (const stop of stops) stop()
  await clock.settle()
  expect([clock.sleeping(), fast.closed(), slow.closed()]).toEqual([0, 1, 1])
  expect(moments(fast)).toHaveLength(46)
})

it('a thousand need one timer, and as many readings as there are of them', async () => {
  const clock = VirtualClock(START_MS)
  const sampler = Sampler(clock)
  const all = Array.from({ length: 1000 }, () => subject(1000))
  for (const one of all) {
    sampler.add(one)
    await clock.pass(7)
  }
  const before = all.reduce((count, { seen }) => count + seen.length, 0)
  await clock.pass(10_000)
  expect(all.reduce((count, { seen }) => count + seen.length, 0) - before).toBe(10_000)
  expect(clock.sleeping()).toBe(1)
  // Those of one interval are due together, whenever they came.
  expect(new Set(all.map(({ seen }) => seen.at(-1)?.[1])).size).toBe(1)
})

it('one that came between two moments is not measured again right after', async () => {
  const clock = VirtualClock(START_MS + 990)
  const sampler = Sampler(clock)
  const one = subject(1000)
  sampler.add(one)
  await clock.pass(3000)
  expect(moments(one)).toEqual([990, 2000, 3000])
})

it('one that does not answer holds up nobody, and is asked once at a time', async () => {
  const clock = VirtualClock(START_MS)
  const sampler = Sampler(clock)
  let asked = 0
  const stuck = subject(1000, (atMs) => {
    asked += 1
    return clock.sleep(3500).then(() => E.right(readingAt(atMs)))
  })
  const other = subject(1000)
  sampler.add(stuck)
  sampler.add(other)
  await clock.pass(7000)
  expect([asked, moments(stuck), moments(other)]).toEqual([2, [0], [0, 1000, 2000, 3000, 4000, 5000, 6000, 7000]])
})

it('what cannot be read, or is a bug, is left out, and the next is told since the last that was', async () => {
  const clock = VirtualClock(START_MS)
  const sampler = Sampler(clock)
  let count = 0
  const one = subject(1000, (atMs) => {
    count += 1
    if (count === 2) return Promise.resolve(E.left(Failure('Unavailable', 'measure', 'containerd does not answer')))
    if (count === 3) throw new Error('a bug')
    return Promise.resolve(E.right(count === 4 ? undefined : readingAt(atMs)))
  })
  sampler.add(one)
  await clock.pass(4000)
  expect(one.seen).toEqual([[undefined, START_MS], [START_MS, START_MS + 4000]])
})

it('a clock that is set back an hour, or forward, makes nobody wait for more than two intervals', async () => {
  const clock = VirtualClock(START_MS)
  let offMs = 0
  const sampler = Sampler({ now: () => clock.now() + offMs, sleep: clock.sleep })
  const one = subject(1000)
  sampler.add(one)
  await clock.pass(2500)
  offMs = -3_600_000
  await clock.pass(10_000)
  offMs = 3_600_000
  await clock.pass(10_000)
  expect(one.seen.length).toBeGreaterThanOrEqual(20)
})

it('one that ends while it is measured is told nothing more to', async () => {
  const clock = VirtualClock(START_MS)
  const sampler = Sampler(clock)
  const one = subject(1000, (atMs) => clock.sleep(10).then(() => E.right(readingAt(atMs))))
  const stop = sampler.add(one)
  await clock.pass(5)
  stop()
  await clock.pass(5000)
  expect([one.seen, one.closed(), clock.sleeping()]).toEqual([[], 1, 0])
})
