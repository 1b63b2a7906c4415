import { getEventListeners } from 'node:events'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

import * as E from 'fp-ts/Either'

import { Failure } from '../../../src/core/domain/Failure'
import { Reading } from '../../../src/core/watch/Reading'
import { statsOf } from '../../../src/core/watch/statsOf'
import { wait } from '../../../src/driver/inspect'
import { Once } from '../../../src/driver/Once'
import { Sampler } from '../../../src/driver/Sampler'
import { start } from '../../../src/driver/start'
import { stats } from '../../../src/driver/stats'
import { within } from '../../../src/effects/ports/Clock'
import { systemClock } from '../../../src/effects/ports/systemClock'
import { rightOf } from '../../../src/testing/facts'
import { configuredDriver, documentsOf, IMAGE } from '../../fakes/Nomad'
import { VirtualClock } from '../../fakes/VirtualClock'
import { World } from '../../fakes/World'

setFlagsFromString('--expose_gc')
const collect = runInNewContext('gc') as () => void

const ID = 'a1/web/1'

const NOTHING: Reading = {
  atMs: 0, cgroups: 'v2', cpuNs: 0, userNs: 0, systemNs: 0, throttledPeriods: 0, throttledNs: 0,
  rss: 0, cache: 0, swap: 0, usage: 0, maxUsage: 0, kernel: 0, kernelMax: undefined, oomKills: 0, processes: []
}

const running = async (): Promise<{ readonly world: World; readonly driver: ReturnType<typeof configuredDriver> }> => {
  const world = World()
  world.state.registry.set(IMAGE, { digest: 'sha256:1', chainId: 'sha256:2', bytes: 1, takesMs: 0 })
  for (const name of ['out', 'err']) {
    world.state.pipes.add(`/alloc/a1/${name}`)
    world.state.readers.add(`/alloc/a1/${name}`)
  }
  const driver = configuredDriver(world.incarnate().ports)
  const started = start(driver, documentsOf(ID, []))
  await world.clock.pass(1000)
  rightOf(await started)
  return { world, driver }
}

const SAMPLES = 200_000
const MANY = 2000

describe('a task that runs for days costs no memory', () => {
  it(`after ${String(SAMPLES)} samples of its statistics the heap is as it was`, async () => {
    const { world, driver } = await running()
    const abort = new AbortController()
    const seen = { samples: 0 }
    const streaming = stats(driver, { id: ID, everyMs: 1000 }, () => { seen.samples += 1 }, abort.signal)
    const heap = async (samples: number): Promise<number> => {
      await world.clock.pass((samples - seen.samples) * 1000)
      world.calls.log.splice(0)
      collect()
      return process.memoryUsage().heapUsed
    }
    const early = await heap(SAMPLES / 100)
    const late = await heap(SAMPLES)
    expect(seen.samples).toBeGreaterThanOrEqual(SAMPLES)
    // Half a kilobyte a sample, as it once was, is a hundred times more.
    expect(late - early).toBeLessThan(1024 * 1024)
    abort.abort()
    await world.clock.settle()
    expect(await streaming).toMatchObject({ _tag: 'Right' })
  })

  it('nor do a hundred tasks in an hour, each measured every second', async () => {
    const clock = VirtualClock()
    const sampler = Sampler(clock)
    const seen = { samples: 0 }
    const read = (atMs: number): Promise<E.Either<Failure, Reading>> => Promise.resolve(E.right({ ...NOTHING, atMs, cpuNs: atMs }))
    const stops = Array.from({ length: 100 }, () => sampler.add({
      everyMs: 1000, gauge: { read, close: () => undefined }, tell: (before, now) => { seen.samples += statsOf(before, now, 1).ticks >= 0 ? 1 : 0 }
    }))
    const heapAfter = async (minutes: number): Promise<number> => {
      await clock.pass(minutes * 60_000)
      collect()
      return process.memoryUsage().heapUsed
    }
    const early = await heapAfter(2)
    const late = await heapAfter(60)
    expect(seen.samples).toBe(100 * (62 * 60 + 1))
    expect(late - early).toBeLessThan(1024 * 1024)
    expect(clock.sleeping()).toBe(1)
    for (const stop of stops) stop()
  })

  it('a wait that was cancelled leaves nothing at the task, and one that ended leaves nothing at its caller', async () => {
    const { world, driver } = await running()
    const patient = new AbortController()
    const waiting = wait(driver, ID, patient.signal)
    for (let count = 0; count < MANY; count += 1) {
      const abort = new AbortController()
      const cancelled = wait(driver, ID, abort.signal)
      abort.abort()
      expect(await cancelled).toMatchObject({ right: undefined })
    }
    world.state.tasks.forEach(({ process: one }) => { one.signal(9) })
    await world.clock.pass(1000)
    expect(await waiting).toMatchObject({ right: { exit: { signal: 9 } } })
    expect(getEventListeners(patient.signal, 'abort')).toHaveLength(0)
  })
})

describe('nothing is left at a signal', () => {
  it('by a sleep of the system clock', async () => {
    const { signal } = new AbortController()
    for (let count = 0; count < MANY; count += 1) await systemClock.sleep(0, signal)
    expect(getEventListeners(signal, 'abort')).toHaveLength(0)
  })

  it('by a limit in time that has ended, and it fires with the outer signal or in time', async () => {
    const outer = new AbortController()
    for (let count = 0; count < MANY; count += 1) within(systemClock, 60_000, outer.signal).end()
    expect(getEventListeners(outer.signal, 'abort')).toHaveLength(0)
    const [cut, late] = [within(systemClock, 60_000, outer.signal), within(systemClock, 1)]
    outer.abort()
    await systemClock.sleep(20)
    expect([cut.signal.aborted, cut.isUp(), late.signal.aborted, late.isUp()]).toEqual([true, false, true, true])
    cut.end()
    late.end()
  })

  it('by a wait for something that became true', async () => {
    const once = Once<number>()
    const { signal } = new AbortController()
    const waits = Array.from({ length: MANY }, () => once.wait(signal))
    once.settle(7)
    once.settle(8)
    expect(new Set(await Promise.all(waits))).toEqual(new Set([7]))
    expect(getEventListeners(signal, 'abort')).toHaveLength(0)
    expect(await once.wait(AbortSignal.abort())).toBe(7)
    expect(await Once<number>().wait(AbortSignal.abort())).toBeUndefined()
  })
})
