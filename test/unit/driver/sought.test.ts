import * as E from 'fp-ts/Either'

import { destroy } from '../../../src/driver/destroy'
import { Driver } from '../../../src/driver/Driver'
import { encode, Handle } from '../../../src/driver/Handle'
import { recover } from '../../../src/driver/recover'
import { start } from '../../../src/driver/start'
import { stop } from '../../../src/driver/stop'
import { rightOf } from '../../../src/testing/facts'
import { configuredDriver, documentsOf, IMAGE } from '../../fakes/Nomad'
import { World } from '../../fakes/World'
import { withoutShared } from '../../laws/world'

const ID = 'a1/web/1'
const LONG_MS = 60_000

/** A task that runs, and a process of the driver that has never heard of it. */
const stranger = async (...program: ReadonlyArray<string>): Promise<{ readonly world: World; readonly driver: Driver; readonly handle: Handle }> => {
  const world = World({ latencyMs: () => 5 })
  world.state.registry.set(IMAGE, { digest: 'sha256:1', chainId: 'sha256:2', bytes: 1, takesMs: 0 })
  for (const name of ['out', 'err']) {
    world.state.pipes.add(`/alloc/a1/${name}`)
    world.state.readers.add(`/alloc/a1/${name}`)
  }
  const first = world.incarnate()
  const handle = rightOf(await world.clock.passUntil(start(configuredDriver(first.ports), documentsOf(ID, program)), LONG_MS))
  first.kill()
  return { world, driver: configuredDriver(world.incarnate().ports), handle }
}

describe('a task that this process looks for is asked about by one at a time', () => {
  it('two recoveries find it once', async () => {
    const { world, driver, handle } = await stranger()
    const kept = { id: ID, name: 'web', handle: encode(handle) }
    const before = world.calls.log.filter((one) => one.startsWith('exit ')).length
    const both = await world.clock.passUntil(Promise.all([recover(driver, kept), recover(driver, kept)]), LONG_MS)
    expect(both.every(E.isRight)).toBe(true)
    await world.clock.pass(1000)
    expect(world.calls.log.filter((one) => one.startsWith('exit ')).length - before).toBe(1)
  })

  it('a destroy waits for the recovery before it, and then knows that the task runs', async () => {
    const { world, driver, handle } = await stranger()
    const recovering = recover(driver, { id: ID, name: 'web', handle: encode(handle) })
    const destroyed = await world.clock.passUntil(destroy(driver, ID, false), LONG_MS)
    expect(destroyed).toEqual(E.left({ _tag: 'StillRuns' }))
    expect(driver.lives.get(ID)?._tag).toBe('Running')
    expect(E.isRight(await recovering)).toBe(true)
  })

  it('a start waits until what was there is destroyed, and what it starts stays', async () => {
    const { world, driver } = await stranger('hang=5000')
    const destroying = destroy(driver, ID, true)
    const started = await world.clock.passUntil(start(driver, documentsOf(ID, [])), LONG_MS)
    expect([E.isRight(await destroying), E.isRight(started)]).toEqual([true, true])
    await world.clock.pass(LONG_MS)
    expect(driver.lives.get(ID)?._tag).toBe('Running')
    expect(world.state.lived.map(({ process }) => process.status())).toEqual(['stopped', 'running'])
  })

  it('a stop and a destroy of it end it once, and leave nothing', async () => {
    const { world, driver } = await stranger('ignore')
    const stopping = stop(driver, ID, { withinMs: 5000, signal: undefined })
    const destroyed = await world.clock.passUntil(destroy(driver, ID, false), LONG_MS)
    expect([E.isRight(await stopping), E.isRight(destroyed)]).toEqual([true, true])
    expect(driver.lives.size).toBe(0)
    expect(withoutShared(world.things())).toEqual([])
  })
})
