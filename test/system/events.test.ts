import { connect, Containerd } from '../../src/effects/containerd/Containerd'
import { ARCHITECTURE } from '../../src/effects/host/architecture'
import { DriverTaskEvent } from '../../src/generated/nomad/driver'
import { Allocation, makeAllocation } from './harness/allocation'
import { IMAGE, importBusybox } from './harness/busybox'
import { Calls, said } from './harness/calls'
import { PrivateContainerd, startContainerd } from './harness/containerd'
import { settled } from './harness/leftovers'
import { launch, Plugin } from './harness/plugin'
import { sleep } from './harness/process'
import { openShelf, Shelf, shellLayer } from './harness/shelf'

// What TaskEvents tells of a task, in the order in which it happens.

let daemon: PrivateContainerd
let containerd: Containerd
let plugin: Plugin
let shelf: Shelf
let events: Array<DriverTaskEvent> = []
const made: Array<Allocation> = []
const { start, wait, stop, destroy, stats } = Calls(() => plugin)

const sh = (script: string, image = IMAGE): Allocation => {
  const one = makeAllocation({ config: { image, command: 'sh', args: ['-c', script] }, memoryMb: 16 })
  made.push(one)
  return one
}

beforeAll(async () => {
  shelf = await openShelf()
  daemon = await startContainerd()
  containerd = connect(daemon.address, daemon.namespace)
  await importBusybox(containerd)
  plugin = await launch({ containerd_runtime: 'io.containerd.runc.v2', address: daemon.address, namespace: daemon.namespace })
  const stream = plugin.driver.taskEvents({})
  stream.on('data', (event: DriverTaskEvent) => { events.push(event) })
  stream.on('error', () => undefined)
}, 60_000)

afterEach(async () => {
  for (const { config } of made) await destroy(config.id)
  expect(await settled(containerd)).toEqual([])
  for (const one of made.splice(0)) one.remove()
  events = []
})

afterAll(async () => {
  await plugin.kill()
  containerd.close()
  await daemon.stop()
  await shelf.stop()
})

/** What was told of a task, once there is so much. */
const toldOf = async ({ config: { id, allocId, name } }: Allocation, count: number): Promise<ReadonlyArray<string>> => {
  const ours = (): ReadonlyArray<DriverTaskEvent> => events.filter(({ taskId }) => taskId === id)
  for (const until = Date.now() + 20_000; ours().length < count && Date.now() < until;) await sleep(20)
  for (const event of ours()) expect([event.allocId, event.taskName]).toEqual([allocId, name])
  return ours().map(({ message }) => message)
}

const CREATED = expect.stringMatching(/^Created container /) as string
const MORE = 'To give it more, raise memory or memory_max in its resources'
const EATS = 'x=a; while true; do x=$x$x; done'

it('the image comes, is here, and the container is made', async () => {
  await shelf.put('events/app:1', { layers: [shellLayer()], architecture: ARCHITECTURE })
  const image = `${shelf.host}/events/app:1`
  const one = sh('exit 0', image)
  await start(one.config)
  expect(await toldOf(one, 3)).toEqual([
    `Downloading image ${image}`, expect.stringMatching(/^Downloaded image \S+ in \d+\.\d s$/), CREATED
  ])
  expect(Math.abs(Date.now() - Number(events[0]?.timestamp))).toBeLessThan(20_000)
})

it('the kernel killed the task', async () => {
  const one = sh(EATS)
  await start(one.config)
  expect((await wait(one.config.id)).result?.oomKilled).toBe(true)
  expect(await toldOf(one, 2)).toEqual([CREATED, `Out of memory: the kernel killed this task (OOM). ${MORE}`])
})

it('the kernel killed a child of a task that goes on: told while it does, and once', async () => {
  const one = sh(`sh -c '${EATS}'; echo lost; trap "exit 0" TERM; while true; do sleep 0.1; done`)
  await start(one.config)
  await said(one, 'lost')
  await stats(one.config.id)
  expect(await toldOf(one, 2)).toEqual([CREATED, `Out of memory: the kernel killed a child of this task (OOM); the task goes on. ${MORE}`])
  await stop(one.config.id, 10)
  expect((await wait(one.config.id)).result).toEqual({ exitCode: 0, signal: 0, oomKilled: false })
  await sleep(500)
  expect(await toldOf(one, 2)).toHaveLength(2)
}, 60_000)

it('containerd is away, and back', async () => {
  const one = sh('exec sleep 1000')
  await start(one.config)
  await daemon.halt('SIGKILL')
  await sleep(1200)
  await daemon.resume()
  expect(await toldOf(one, 3)).toEqual([
    CREATED, 'containerd does not answer; the task goes on without it, and is watched again once it does',
    expect.stringMatching(/^containerd answers again, after \d+ s$/)
  ])
  await stop(one.config.id, 1)
  expect((await wait(one.config.id)).result?.exitCode).toBe(137)
})
