import * as PluginConfig from '../../../src/core/decode/PluginConfig'
import { markIn } from '../../../src/core/domain/mark'
import { Driver } from '../../../src/driver/Driver'
import { encode, Handle } from '../../../src/driver/Handle'
import { reapWhile } from '../../../src/driver/reap'
import { recover } from '../../../src/driver/recover'
import { start, TaskDocuments } from '../../../src/driver/start'
import { Ports } from '../../../src/effects/ports/Ports'
import { rightOf } from '../../../src/testing/facts'
import { documentsOf, IMAGE, PLUGIN } from '../../fakes/Nomad'
import { World } from '../../fakes/World'
import { withoutShared } from '../../laws/world'

const LONG_MS = 60_000
const PERIOD_MS = 10_000
const GRACE_MS = 60_000
const NODE_ID = 'node-1'

const of = (id: string, ...program: ReadonlyArray<string>): TaskDocuments => {
  const { task, allocation } = documentsOf(id, program)
  return { task, allocation: { ...(allocation as object), nodeId: NODE_ID } }
}

const furnished = (): World => {
  const world = World({ latencyMs: () => 1 })
  world.state.registry.set(IMAGE, { digest: 'sha256:1', chainId: 'sha256:2', bytes: 1, takesMs: 0 })
  for (const alloc of ['a1', 'a2', 'a3']) for (const name of ['out', 'err']) {
    world.state.pipes.add(`/alloc/${alloc}/${name}`)
    world.state.readers.add(`/alloc/${alloc}/${name}`)
  }
  return world
}

const driverIn = (world: World, options: object = {}, log: Ports['log'] = () => undefined): Driver => {
  const document = { ...PLUGIN, dangling_containers: { period: '10s', creation_grace: '60s', ...options } }
  const driver = Driver({ ...world.incarnate().ports, log })
  driver.configure({ document, config: rightOf(PluginConfig.codec.decode(document)), mhzPerCore: 1000 })
  return driver
}

const started = async (world: World, driver: Driver, documents: TaskDocuments): Promise<Handle> =>
  rightOf(await world.clock.passUntil(start(driver, documents), LONG_MS))

/** A world in which a process of the driver started tasks and was killed. */
const afterKill = async (...all: ReadonlyArray<TaskDocuments>): Promise<{ readonly world: World; readonly handles: ReadonlyArray<Handle> }> => {
  const world = furnished()
  const first = world.incarnate()
  const driver = Driver(first.ports)
  driver.configure({ document: PLUGIN, config: rightOf(PluginConfig.codec.decode(PLUGIN)), mhzPerCore: 1000 })
  const handles: Array<Handle> = []
  for (const documents of all) handles.push(await started(world, driver, documents))
  first.kill()
  return { world, handles }
}

const owners = (world: World): ReadonlyArray<string> => [...new Set(withoutShared(world.things()).map(([, owner]) => owner))].sort()

const listening = (driver: Driver): AbortController => {
  const agent = new AbortController()
  void reapWhile(driver, agent.signal)
  return agent
}

describe('what tasks left that nobody asks for', () => {
  it('is taken away once the grace is over and not before, with all that was made for it', async () => {
    const { world } = await afterKill(of('a1/web/1', 'exit=3@10'))
    const driver = driverIn(world)
    listening(driver)
    await started(world, driver, of('a2/web/1'))
    await world.clock.pass(GRACE_MS - PERIOD_MS)
    expect(owners(world)).toEqual(['a1/web/1', 'a2/web/1'])
    await world.clock.pass(3 * PERIOD_MS)
    expect(owners(world)).toEqual(['a2/web/1'])
  })

  it('stays while nobody has said whose driver this is', async () => {
    const { world } = await afterKill(of('a1/web/1', 'exit=3@10'))
    listening(driverIn(world))
    await world.clock.pass(10 * GRACE_MS)
    expect(owners(world)).toEqual(['a1/web/1'])
    expect(world.calls.log).not.toContain('seen')
  })

  it('stays while no agent listens, as in a copy of the process that only validates, and after it went', async () => {
    const { world } = await afterKill(of('a1/web/1', 'exit=3@10'))
    const driver = driverIn(world)
    await started(world, driver, of('a2/web/1'))
    await world.clock.pass(10 * GRACE_MS)
    const agent = listening(driver)
    await world.clock.pass(GRACE_MS / 2)
    agent.abort()
    await world.clock.pass(10 * GRACE_MS)
    expect(owners(world)).toEqual(['a1/web/1', 'a2/web/1'])
    // The next one has the whole grace again.
    listening(driver)
    await world.clock.pass(GRACE_MS - PERIOD_MS)
    expect(owners(world)).toEqual(['a1/web/1', 'a2/web/1'])
    await world.clock.pass(3 * PERIOD_MS)
    expect(owners(world)).toEqual(['a2/web/1'])
  })

  it('stays when it is found again within the grace, with its exit', async () => {
    const { world, handles } = await afterKill(of('a1/web/1', 'exit=3@10'))
    const driver = driverIn(world)
    listening(driver)
    await started(world, driver, of('a2/web/1'))
    await world.clock.pass(GRACE_MS / 2)
    await world.clock.passUntil(recover(driver, { id: 'a1/web/1', name: 'web', handle: encode(handles[0] as Handle) }), LONG_MS)
    await world.clock.pass(10 * GRACE_MS)
    expect(owners(world)).toEqual(['a1/web/1', 'a2/web/1'])
    expect(driver.lives.get('a1/web/1')).toMatchObject({ _tag: 'Ended', end: { exit: { code: 3 } } })
  })

  it('stays while it runs, until its allocation is gone', async () => {
    const { world } = await afterKill(of('a1/web/1'))
    const driver = driverIn(world)
    listening(driver)
    await started(world, driver, of('a2/web/1'))
    await world.clock.pass(10 * GRACE_MS)
    expect(world.state.lived.map(({ process }) => process.signals())).toEqual([[], []])
    world.state.removed.add('/alloc/a1')
    await world.clock.pass(GRACE_MS + 3 * PERIOD_MS)
    expect(owners(world)).toEqual(['a2/web/1'])
    expect(world.state.lived.map(({ process }) => process.status())).toEqual(['stopped', 'running'])
  })

  it('is known by the recovered handle too, where no task is started', async () => {
    const { world, handles } = await afterKill(of('a1/web/1', 'exit=3@10'), of('a2/web/1'))
    const driver = driverIn(world)
    listening(driver)
    await world.clock.passUntil(recover(driver, { id: 'a2/web/1', name: 'web', nodeId: NODE_ID, handle: encode(handles[1] as Handle) }), LONG_MS)
    await world.clock.pass(GRACE_MS + 3 * PERIOD_MS)
    expect(owners(world)).toEqual(['a2/web/1'])
  })

  it('of another agent, or without a mark, stays for ever', async () => {
    const { world } = await afterKill(of('a1/web/1', 'exit=3@10'), documentsOf('a3/web/1', ['exit=3@10']))
    const driver = driverIn(world)
    listening(driver)
    const documents = of('a2/web/1')
    await started(world, driver, { ...documents, allocation: { ...(documents.allocation as object), nodeId: 'node-2' } })
    for (const alloc of ['a1', 'a3']) world.state.removed.add(`/alloc/${alloc}`)
    await world.clock.pass(10 * GRACE_MS)
    expect(owners(world)).toEqual(['a1/web/1', 'a2/web/1', 'a3/web/1'])
  })

  it('is taken away where only its directory, its snapshot or its lease is left', async () => {
    const { world } = await afterKill(of('a1/web/1', 'exit=3@10'))
    const [container = '', record] = [...world.state.containers][0] ?? []
    world.state.tasks.delete(container)
    world.state.containers.delete(container)
    world.state.leases.set('fetch-1', { owner: 'a1/web/1', expiresAtMs: Infinity, holds: new Set([`overlayfs ${container}`]) })
    expect(Object.keys(markIn(record?.labels ?? {}))).toHaveLength(2)
    const driver = driverIn(world)
    listening(driver)
    await started(world, driver, of('a2/web/1'))
    await world.clock.pass(GRACE_MS + 3 * PERIOD_MS)
    expect(owners(world)).toEqual(['a2/web/1'])
  })

  it('is only told where the operator wants that, once, and left alone where it is switched off', async () => {
    const { world } = await afterKill(of('a1/web/1', 'exit=3@10'))
    const said: Array<string> = []
    const driver = driverIn(world, { dry_run: true }, (_level, message, details) => { said.push(`${message}: ${details?.['thing'] ?? ''}`) })
    const agent = listening(driver)
    await started(world, driver, of('a2/web/1'))
    await world.clock.pass(10 * GRACE_MS)
    expect(said.filter((one) => one.startsWith('would be taken away'))).toHaveLength(1)
    agent.abort()
    const off = driverIn(world, { enabled: false })
    listening(off)
    await started(world, off, of('a3/web/1'))
    await world.clock.pass(10 * GRACE_MS)
    expect(owners(world)).toEqual(['a1/web/1', 'a2/web/1', 'a3/web/1'])
  })

  it('is tried again where it could not be taken away', async () => {
    const { world } = await afterKill(of('a1/web/1', 'exit=3@10'))
    const said: Array<string> = []
    const driver = driverIn(world, {}, (_level, message) => { said.push(message) })
    listening(driver)
    await started(world, driver, of('a2/web/1'))
    await world.clock.pass(GRACE_MS - PERIOD_MS)
    world.goDown()
    await world.clock.pass(5 * PERIOD_MS)
    world.comeUp(true)
    await world.clock.pass(3 * PERIOD_MS)
    expect(owners(world)).toEqual(['a2/web/1'])
  })

  it('of a task that is known and has ended goes once its allocation is gone: its destroy was given up', async () => {
    const world = furnished()
    const driver = driverIn(world)
    listening(driver)
    await started(world, driver, of('a1/web/1', 'exit=3@10'))
    await started(world, driver, of('a2/web/1'))
    await world.clock.pass(10 * GRACE_MS)
    expect(owners(world)).toEqual(['a1/web/1', 'a2/web/1'])
    world.state.removed.add('/alloc/a1')
    await world.clock.pass(GRACE_MS + 3 * PERIOD_MS)
    expect(owners(world)).toEqual(['a2/web/1'])
    expect([...driver.lives.keys()]).toEqual(['a2/web/1'])
  })
})
