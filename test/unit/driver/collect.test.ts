import * as E from 'fp-ts/Either'

import * as PluginConfig from '../../../src/core/decode/PluginConfig'
import { KEPT } from '../../../src/core/domain/labels'
import { collectWhile } from '../../../src/driver/collect'
import { destroy } from '../../../src/driver/destroy'
import { Driver } from '../../../src/driver/Driver'
import { reapWhile } from '../../../src/driver/reap'
import { start, TaskDocuments } from '../../../src/driver/start'
import { Ports } from '../../../src/effects/ports/Ports'
import { rightOf } from '../../../src/testing/facts'
import { documentsOf, IMAGE, PLUGIN } from '../../fakes/Nomad'
import { World } from '../../fakes/World'

const LONG_MS = 60_000
const DELAY_MS = 180_000
const NODE_ID = 'node-1'
const OTHER = 'docker.io/library/other:1'

const of = (id: string, image = IMAGE, ...program: ReadonlyArray<string>): TaskDocuments => {
  const { task, allocation } = documentsOf(id, program)
  return { task: { ...(task as object), image }, allocation: { ...(allocation as object), nodeId: NODE_ID } }
}

const furnished = (latencyMs = 1): World => {
  const world = World({ latencyMs: () => latencyMs })
  world.state.registry.set(IMAGE, { digest: 'sha256:1', chainId: 'sha256:2', bytes: 30, takesMs: 0 })
  world.state.registry.set(OTHER, { digest: 'sha256:3', chainId: 'sha256:4', bytes: 30, takesMs: 0 })
  for (const alloc of ['a1', 'a2', 'a3']) for (const name of ['out', 'err']) {
    world.state.pipes.add(`/alloc/${alloc}/${name}`)
    world.state.readers.add(`/alloc/${alloc}/${name}`)
  }
  return world
}

const driverIn = (world: World, gc: object = {}, change: (ports: Ports) => Ports = (ports) => ports): Driver => {
  const document = { ...PLUGIN, dangling_containers: { period: '10s', creation_grace: '60s' }, gc: { image: true, image_delay: '3m', ...gc } }
  const driver = Driver(change(world.incarnate().ports))
  driver.configure({ document, config: rightOf(PluginConfig.codec.decode(document)), mhzPerCore: 1000 })
  return driver
}

const started = async (world: World, driver: Driver, documents: TaskDocuments): Promise<void> => {
  rightOf(await world.clock.passUntil(start(driver, documents), LONG_MS))
}

const destroyed = async (world: World, driver: Driver, id: string): Promise<void> => {
  rightOf(await world.clock.passUntil(destroy(driver, id, true), LONG_MS))
}

const listening = (driver: Driver): AbortController => {
  const agent = new AbortController()
  void collectWhile(driver, agent.signal)
  return agent
}

const images = (world: World): ReadonlyArray<string> => [...world.state.images.keys()].sort()

/** A task ran with an image, and is gone. */
const used = async (world: World, driver: Driver, id = 'a1/web/1', image = IMAGE): Promise<void> => {
  await started(world, driver, of(id, image))
  await destroyed(world, driver, id)
}

describe('an image that a task\'s start pulled', () => {
  it('goes once nothing has used it for the delay, with its content and its layers, and not before', async () => {
    const world = furnished()
    const driver = driverIn(world)
    listening(driver)
    await started(world, driver, of('a1/web/1'))
    await world.clock.pass(10 * DELAY_MS)
    expect(images(world)).toEqual([IMAGE])
    await destroyed(world, driver, 'a1/web/1')
    await world.clock.pass(DELAY_MS - 1000)
    expect(images(world)).toEqual([IMAGE])
    await world.clock.pass(2 * 60_000 + 1000)
    expect(images(world)).toEqual([])
    expect([...world.state.content.keys(), ...world.state.snapshots.keys()]).toEqual([])
    // The next start pulls it again.
    await started(world, driver, of('a2/web/1'))
    expect(images(world)).toEqual([IMAGE])
  })

  it('stays where gc.image is left out, where keep names it, where somebody else pulled it, where another agent did', async () => {
    const stays = async (gc: object, change: (world: World) => void = () => undefined): Promise<void> => {
      const world = furnished()
      const driver = driverIn(world, gc)
      listening(driver)
      change(world)
      await used(world, driver)
      await world.clock.pass(10 * DELAY_MS)
      expect(images(world)).toEqual([IMAGE])
    }
    await stays({ image: false })
    await stays({ keep: ['docker.io/library/sim'] })
    const here = { digest: 'sha256:1', chainId: 'sha256:2', bytes: 30 }
    await stays({}, ({ state }) => state.images.set(IMAGE, here))
    await stays({}, ({ state }) => state.images.set(IMAGE, { ...here, pulled: { node: 'node-2', usedAtMs: 0 } }))
  })

  it('is not removed while no agent listens, nor while nobody has said whose driver this is', async () => {
    const world = furnished()
    world.state.images.set(OTHER, { digest: 'sha256:3', chainId: 'sha256:4', bytes: 1, pulled: { node: NODE_ID, usedAtMs: 0 } })
    const driver = driverIn(world)
    const agent = listening(driver)
    await world.clock.pass(10 * DELAY_MS)
    expect(images(world)).toEqual([OTHER])
    agent.abort()
    await used(world, driver)
    await world.clock.pass(10 * DELAY_MS)
    expect(images(world)).toEqual([OTHER, IMAGE].sort())
    listening(driver)
    await world.clock.pass(60_000)
    expect(images(world)).toEqual([])
  })

  it('has its whole delay after a restart of the driver: when it was in use is known', async () => {
    const world = furnished()
    const first = world.incarnate()
    const before = driverIn(world, {}, () => first.ports)
    listening(before)
    await started(world, before, of('a1/web/1'))
    await world.clock.pass(10 * DELAY_MS)
    await destroyed(world, before, 'a1/web/1')
    await world.clock.pass(61_000)
    first.kill()
    const after = driverIn(world)
    listening(after)
    await started(world, after, of('a2/web/1', OTHER))
    await world.clock.pass(DELAY_MS - 2 * 61_000)
    expect(images(world)).toEqual([OTHER, IMAGE].sort())
    await world.clock.pass(3 * 61_000)
    expect(images(world)).toEqual([OTHER])
  })

  it('goes before its delay where the disk is full, and not while a start may have pulled it', async () => {
    const world = furnished()
    const driver = driverIn(world, { image_delay: '24h', disk_high: 90, disk_low: 60 })
    listening(driver)
    await used(world, driver)
    await used(world, driver, 'a2/web/1', OTHER)
    await started(world, driver, of('a2/web/2', OTHER))
    await world.clock.pass(2 * DELAY_MS)
    expect(images(world)).toEqual([OTHER, IMAGE].sort())
    world.state.isFull = true
    await world.clock.pass(61_000)
    expect(images(world)).toEqual([OTHER])
  })

  it('is tried again where it could not be removed', async () => {
    const world = furnished()
    const driver = driverIn(world)
    listening(driver)
    await used(world, driver)
    await world.clock.pass(DELAY_MS - 1000)
    world.goDown()
    await world.clock.pass(10 * DELAY_MS)
    world.comeUp(true)
    await world.clock.pass(61_000)
    expect(images(world)).toEqual([])
  })
})

describe('a start', () => {
  it('waits for a removal of its image that is under way, and pulls it again', async () => {
    const world = furnished(500)
    const driver = driverIn(world)
    listening(driver)
    await used(world, driver)
    while (!world.calls.log.some((one) => one.includes('CollectImage'))) await world.clock.pass(100)
    await started(world, driver, of('a2/web/1'))
    expect(images(world)).toEqual([IMAGE])
    expect(driver.lives.get('a2/web/1')?._tag).toBe('Running')
  })

  it('is done again where another process removes its image in the midst of it', async () => {
    const world = furnished()
    const driver = driverIn(world)
    await used(world, driver)
    const theirs = world.incarnate().ports
    const begun = start(driverIn(world, {}, (ports) => ({
      ...ports,
      machine: (place) => ({
        ...ports.machine(place),
        perform: (act, how) => async () => {
          // Before the container is there, nothing shows that the image is needed.
          if (act._tag === 'CreateContainer')
            await theirs.machine(place).perform({ _tag: 'CollectImage', image: IMAGE, digest: 'sha256:1', node: NODE_ID }, { ...how, owner: NODE_ID })()
          return ports.machine(place).perform(act, how)()
        }
      })
    })), of('a2/web/1'))
    // Twice removed is too much: one start is done again once.
    expect(E.isLeft(await world.clock.passUntil(begun, LONG_MS))).toBe(true)
    let count = 0
    const once = start(driverIn(world, {}, (ports) => ({
      ...ports,
      machine: (place) => ({
        ...ports.machine(place),
        perform: (act, how) => async () => {
          if (act._tag === 'CreateContainer' && (count += 1) === 1)
            await theirs.machine(place).perform({ _tag: 'CollectImage', image: IMAGE, digest: 'sha256:1', node: NODE_ID }, { ...how, owner: NODE_ID })()
          return ports.machine(place).perform(act, how)()
        }
      })
    })), of('a3/web/1'))
    rightOf(await world.clock.passUntil(once, LONG_MS))
    expect(count).toBe(2)
  })
})

describe('gc.container = false', () => {
  const kept = (world: World): ReadonlyArray<string> => [...world.state.containers].filter(([, one]) => one.labels[KEPT] !== undefined).map(([, one]) => one.owner)
  const left = (world: World): ReadonlyArray<string> => world.things().filter(([, owner]) => owner.startsWith('a')).map(([thing]) => thing.split(' ')[0] ?? '').sort()

  it('leaves the record and the root of a container, and nothing else; its image stays with it', async () => {
    const world = furnished()
    const driver = driverIn(world, { container: false })
    listening(driver)
    await used(world, driver)
    await world.clock.pass(10 * DELAY_MS)
    expect(left(world)).toEqual(['container', 'snapshot'])
    expect(kept(world)).toEqual(['a1/web/1'])
    expect(images(world)).toEqual([IMAGE])
    expect(driver.lives.size).toBe(0)
  })

  it('leaves it also where its allocation is gone, until the same task is started again', async () => {
    const world = furnished()
    const driver = driverIn(world, { container: false })
    void reapWhile(driver, new AbortController().signal)
    await used(world, driver)
    await started(world, driver, of('a2/web/1'))
    world.state.removed.add('/alloc/a1')
    await world.clock.pass(10 * DELAY_MS)
    expect(kept(world)).toEqual(['a1/web/1'])
    await started(world, driver, of('a1/web/2'))
    expect(kept(world)).toEqual([])
    await destroyed(world, driver, 'a1/web/2')
    expect(kept(world)).toEqual(['a1/web/2'])
  })

  it('is no matter where it is left out: all of a task goes', async () => {
    const world = furnished()
    const driver = driverIn(world)
    await used(world, driver)
    expect(left(world)).toEqual([])
  })
})
