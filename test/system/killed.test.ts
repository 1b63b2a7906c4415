import * as fs from 'node:fs'
import * as path from 'node:path'

import { connect, Containerd } from '../../src/effects/containerd/Containerd'
import { StartTaskResponse, TaskHandle, WaitTaskResponse } from '../../src/generated/nomad/driver'
import { Allocation, makeAllocation } from './harness/allocation'
import { IMAGE, importBusybox } from './harness/busybox'
import { processesWith } from './harness/calls'
import { PrivateContainerd, startContainerd, VERSION } from './harness/containerd'
import { settled } from './harness/leftovers'
import { ask, launch, Plugin } from './harness/plugin'
import { sleep } from './harness/process'
import { killShim } from './harness/shim'

let daemon: PrivateContainerd
let containerd: Containerd
let plugin: Plugin
const made: Array<Allocation> = []
const open: Array<number> = []

const relaunch = async (): Promise<void> => {
  plugin = await launch({ containerd_runtime: 'io.containerd.runc.v2', address: daemon.address, namespace: daemon.namespace })
}

/** The plugin dies, and another takes its place. */
const killed = async (): Promise<void> => {
  await plugin.kill('SIGKILL')
  await relaunch()
}

const sh = (script: string): Allocation => {
  const one = makeAllocation({ config: { image: IMAGE, command: 'sh', args: ['-c', script] } })
  // Nomad's log collector goes on reading when a shim closes the pipes; `cat` does as long as somebody may write.
  open.push(...[one.config.stdoutPath, one.config.stderrPath].map((fifo) => fs.openSync(fifo, 'r+')))
  made.push(one)
  return one
}

const start = ({ config: task }: Allocation): Promise<StartTaskResponse> => ask((done) => plugin.driver.startTask({ task }, done))
const wait = ({ config: { id } }: Allocation): Promise<WaitTaskResponse> => ask((done) => plugin.driver.waitTask({ taskId: id }, done))
const recover = (handle: TaskHandle | undefined): Promise<object> => ask((done) => plugin.driver.recoverTask({ taskId: '', handle }, done))
const destroy = ({ config: { id } }: Allocation): Promise<object> => ask((done) => plugin.driver.destroyTask({ taskId: id, force: true }, done))
const stop = ({ config: { id } }: Allocation): Promise<object> =>
  ask((done) => plugin.driver.stopTask({ taskId: id, timeout: { seconds: 1n, nanos: 0 }, signal: '' }, done))

const containers = async (): Promise<ReadonlyArray<string>> =>
  (await ask<{ containers: Array<{ id: string }> }>((done) => containerd.containers.list({ filters: [] }, containerd.headers(), done))).containers.map(({ id }) => id)

const onlyContainer = async (): Promise<string> => {
  const found = await containers()
  expect(found).toHaveLength(1)
  return found[0] ?? ''
}

const bundles = (): ReadonlyArray<string> => {
  const directory = path.join(daemon.directory, 'state/io.containerd.runtime.v2.task', daemon.namespace)
  return fs.existsSync(directory) ? fs.readdirSync(directory) : []
}

const said = async (one: Allocation, text: string): Promise<void> => {
  for (let look = 0; !one.stdout().includes(text); look += 1) {
    if (look > 500) throw new Error(`the task has not said ${text}`)
    await sleep(20)
  }
}

beforeAll(async () => {
  daemon = await startContainerd()
  containerd = connect(daemon.address, daemon.namespace)
  await importBusybox(containerd)
  await relaunch()
}, 60_000)

afterEach(async () => {
  for (const one of made) await destroy(one)
  expect(await settled(containerd)).toEqual([])
  for (const one of made.splice(0)) one.remove()
  for (const one of open.splice(0)) fs.closeSync(one)
})

afterAll(async () => {
  await plugin.kill()
  containerd.close()
  await daemon.stop()
})

describe(`on containerd ${VERSION}, a plugin that is killed`, () => {
  it.each([0, 5, 12, 20, 28, 36, 44, 80])('%s ms after the bundle of a start appears starts the task when it is asked again', async (ms) => {
    const one = sh('echo here; sleep 1000')
    const lost = start(one).then(() => 'answered', () => 'lost')
    while (bundles().length === 0) await sleep(1)
    await sleep(ms)
    await killed()
    expect(['answered', 'lost']).toContain(await lost)
    const { handle } = await start(one)
    expect(handle?.config?.id).toBe(one.config.id)
    await said(one, 'here')
    expect(await containers()).toHaveLength(1)
    expect(bundles()).toHaveLength(1)
  })

  it('during a stop stops it when it is asked again', async () => {
    const one = sh('trap "" TERM; echo here; while true; do sleep 0.1; done')
    const { handle } = await start(one)
    await said(one, 'here')
    const lost = stop(one).catch(() => 'lost')
    await sleep(300)
    await killed()
    expect(await lost).toBe('lost')
    await recover(handle)
    await stop(one)
    expect((await wait(one)).result).toMatchObject({ exitCode: 137, signal: 9 })
  })

  it('during a recovery finds the task, and its real exit, at the next', async () => {
    const one = sh('echo here; sleep 1; exit 4')
    const { handle } = await start(one)
    await said(one, 'here')
    await killed()
    const lost = recover(handle).catch(() => 'lost')
    await killed()
    await lost
    await recover(handle)
    expect(await wait(one)).toMatchObject({ result: { exitCode: 4 }, err: '' })
  })
})

describe(`on containerd ${VERSION}`, () => {
  it('a shim that is killed is told as that, and nothing is left', async () => {
    const one = sh('echo here; sleep 1000')
    await start(one)
    await said(one, 'here')
    killShim(daemon.namespace, await onlyContainer())
    const { result, err } = await wait(one)
    expect(result).toEqual({ exitCode: 137, signal: 9, oomKilled: false })
    expect(err).toBe('its containerd shim died, and containerd killed the task')
  })

  it('a shim that is killed while a command runs: the command is answered, the task told, and nothing is left', async () => {
    const one = sh('echo here; exec sleep 1000')
    await start(one)
    await said(one, 'here')
    const command = ask((done) => plugin.driver.execTask({ taskId: one.config.id, command: ['sleep', '1021'], timeout: { seconds: 60n, nanos: 0 } }, done))
    const answer = command.then(() => 'ended', (thrown: unknown) => (thrown as Error).message)
    while (processesWith('1021').length === 0) await sleep(10)
    killShim(daemon.namespace, await onlyContainer())
    expect((await wait(one)).result).toEqual({ exitCode: 137, signal: 9, oomKilled: false })
    expect(await answer).not.toBe('')
    await destroy(one)
    for (const until = Date.now() + 5000; processesWith('1021').length > 0 && Date.now() < until;) await sleep(20)
    expect(processesWith('1021')).toEqual([])
  })

  it('a containerd that is killed takes no task along: it is watched and stopped as before', async () => {
    const one = sh('echo here; sleep 1000')
    await start(one)
    await said(one, 'here')
    await daemon.halt('SIGKILL')
    await daemon.resume()
    await sleep(500)
    await stop(one)
    expect((await wait(one)).result).toMatchObject({ exitCode: 137 })
  })

  it('a task that ends while containerd is down is told with its code, or that this is not known', async () => {
    const one = sh('echo here; sleep 1; exit 5')
    await start(one)
    await said(one, 'here')
    await daemon.halt('SIGKILL')
    await sleep(1500)
    await daemon.resume()
    const { result, err } = await wait(one)
    if (VERSION === '1.6') expect([result?.exitCode, err]).toEqual([5, ''])
    else expect(err).toBe('the task ended while containerd was down; its exit code is not known')
  })
})
