import { closeSync, existsSync, openSync } from 'node:fs'
import * as net from 'node:net'
import { join } from 'node:path'

import { credentials } from '@grpc/grpc-js'

import { containerIdOf } from '../../src/core/wanted/identity'
import { connect, Containerd } from '../../src/effects/containerd/Containerd'
import * as containers from '../../src/effects/containerd/containers'
import { DriverClient } from '../../src/generated/nomad/driver'
import { Allocation, makeAllocation, Wanted } from './harness/allocation'
import { IMAGE, importBusybox } from './harness/busybox'
import { PrivateContainerd, startContainerd } from './harness/containerd'
import { settled } from './harness/leftovers'
import { ask, launch, Plugin, refusal } from './harness/plugin'
import { sleep } from './harness/process'
import { right } from './harness/right'

let daemon: PrivateContainerd
let containerd: Containerd
let plugin: Plugin
const made: Array<Allocation> = []
const open: Array<number> = []

const config = (): Readonly<Record<string, unknown>> => ({
  containerd_runtime: 'io.containerd.runc.v2', address: daemon.address, namespace: daemon.namespace
})

const allocation = (wanted: Wanted): Allocation => {
  const one = makeAllocation(wanted)
  // Nomad's log collector goes on reading when a shim closes the pipes; `cat` does as long as somebody may write.
  open.push(...[one.config.stdoutPath, one.config.stderrPath].map((fifo) => openSync(fifo, 'r+')))
  made.push(one)
  return one
}

const sleeping = (more: Omit<Wanted, 'config'> = {}): Allocation =>
  allocation({ ...more, config: { image: IMAGE, command: 'sleep', args: ['1000'], extra_hosts: ['db:10.0.0.7'] } })

/** The same task of the same allocation, as Nomad starts it anew: under another id. */
const again = (beside: Allocation): Allocation => sleeping({ beside, name: beside.config.name })

const start = ({ config: task }: Allocation, by = plugin.driver): Promise<object> => ask((done) => by.startTask({ task }, done))
const idOf = ({ config: { id, name, allocId } }: Allocation): string => containerIdOf({ id, name, allocId } as never)

const running = async (): Promise<ReadonlyArray<string>> => {
  const { tasks } = await ask<{ tasks: Array<{ containerId: string; id: string }> }>((done) => containerd.tasks.list({ filter: '' }, containerd.headers(), done))
  return tasks.map(({ id }) => id).sort()
}

beforeAll(async () => {
  daemon = await startContainerd()
  containerd = connect(daemon.address, daemon.namespace)
  await importBusybox(containerd)
  plugin = await launch(config())
}, 60_000)

afterEach(async () => {
  for (const one of made) await ask((done) => plugin.driver.destroyTask({ taskId: one.config.id, force: true }, done))
  expect(await settled(containerd)).toEqual([])
  for (const one of open.splice(0)) closeSync(one)
  for (const one of made.splice(0)) one.remove()
})

afterAll(async () => {
  await plugin.kill()
  containerd.close()
  await daemon.stop()
})

jest.setTimeout(120_000)

/** The plugin looks for a containerd that was away after a pause. */
const answering = async (): Promise<void> => {
  const stranger = { taskId: 'nobody/at/all', force: true }
  while (await ask((done) => plugin.driver.destroyTask(stranger, done)).then(() => false, () => true)) await sleep(50)
}

/** A client whose connection can be cut, as when the agent is killed. */
const cuttable = async (): Promise<{ readonly driver: DriverClient; readonly cut: () => void }> => {
  const path = join(daemon.directory, `cut-${String(Date.now())}.sock`)
  const sockets = new Set<net.Socket>()
  const server = net.createServer((near) => {
    const far = net.connect((plugin.handshake.split('|')[3] ?? ''))
    for (const one of [near, far]) sockets.add(one.on('error', () => undefined))
    near.pipe(far)
    far.pipe(near)
  })
  await new Promise<void>((resolve) => server.listen(path, resolve))
  const driver = new DriverClient(`unix://${path}`, credentials.createInsecure(), { 'grpc.default_authority': 'unused' })
  return {
    driver,
    cut: () => {
      server.close()
      for (const one of sockets) one.destroy()
      driver.close()
    }
  }
}

describe('of a task of an allocation one run is there', () => {
  it('a start takes back what runs under another id of the same task, and nothing else', async () => {
    const first = sleeping()
    const [beside, elsewhere] = [sleeping({ beside: first, name: 'sidecar' }), sleeping()]
    for (const one of [first, beside, elsewhere]) await start(one)
    const next = again(first)
    await start(next)
    expect(await running()).toEqual([next, beside, elsewhere].map(idOf).sort())
    const { details } = await refusal(ask((done) => plugin.driver.inspectTask({ taskId: first.config.id }, done)))
    expect(details).toBe('task not found for given id')
  })

  it('one that an earlier process of the driver started is taken back too', async () => {
    const first = sleeping()
    await start(first)
    await plugin.kill('SIGKILL')
    plugin = await launch(config())
    const next = again(first)
    await start(next)
    expect(await running()).toEqual([idOf(next)])
  })

  it('a start that could not take it back is refused, and Nomad may try again', async () => {
    const first = sleeping()
    await start(first)
    await daemon.halt()
    const wrong = await refusal(start(again(first)))
    await daemon.resume()
    await answering()
    expect([wrong.code, wrong.metadata.get('grpc-status-details-bin')]).toEqual([9, [expect.anything()]])
    expect(await running()).toEqual([idOf(first)])
  })
})

describe('a start whose connection is cut is taken back', () => {
  const bundleOf = (one: Allocation): string => join(daemon.directory, 'state/io.containerd.runtime.v2.task', daemon.namespace, idOf(one))

  it.each([0, 5, 12, 25, 40, 60, 90])('%i ms after the bundle appeared; the next start is alone', async (ms) => {
    const first = sleeping()
    const { driver, cut } = await cuttable()
    start(first, driver).catch(() => undefined)
    while (!existsSync(bundleOf(first))) await sleep(1)
    await sleep(ms)
    cut()
    const next = again(first)
    await start(next)
    expect(await running()).toEqual([idOf(next)])
  })

  it.each([0, 20, 60])('%i ms after the container was made; without another start nothing is left', async (ms) => {
    const first = sleeping()
    const { driver, cut } = await cuttable()
    const answered = { value: false }
    start(first, driver).then(() => { answered.value = true }, () => undefined)
    while (right(await containers.get(containerd, idOf(first))()) === undefined) await sleep(1)
    await sleep(ms)
    cut()
    // An answer that was written is one that Nomad may have.
    expect(answered.value ? [] : await settled(containerd)).toEqual([])
  })

  it('while its image is pulled', async () => {
    const silent = net.createServer()
    await new Promise<void>((resolve) => { silent.listen(0, '127.0.0.1', resolve) })
    const { port } = silent.address() as net.AddressInfo
    const first = allocation({ config: { image: `127.0.0.1:${String(port)}/shop/web:1` } })
    const { driver, cut } = await cuttable()
    const pulling = new Promise((resolve) => { silent.once('connection', resolve) })
    start(first, driver).catch(() => undefined)
    await pulling
    cut()
    const next = again(first)
    await start(next)
    expect(await running()).toEqual([idOf(next)])
    silent.close()
  })
})
