import { execFileSync } from 'node:child_process'
import * as fs from 'node:fs'
import * as path from 'node:path'

import { connect, Containerd } from '../../src/effects/containerd/Containerd'
import { ListContainersResponse } from '../../src/generated/containerd/containers'
import { StartTaskResponse, TaskHandle } from '../../src/generated/nomad/driver'
import { Allocation, makeAllocation } from './harness/allocation'
import { IMAGE, importBusybox } from './harness/busybox'
import { PrivateContainerd, startContainerd, VERSION } from './harness/containerd'
import { settled } from './harness/leftovers'
import { ask, launch, Plugin, refusal } from './harness/plugin'
import { sleep } from './harness/process'
import { killShim } from './harness/shim'

const NODE_ID = '44444444-4444-4444-8444-444444444444'
const NOT_FOUND = 5

let daemon: PrivateContainerd
let containerd: Containerd
let plugin: Plugin
const made: Array<Allocation> = []

const relaunch = async (): Promise<void> => {
  plugin = await launch({
    containerd_runtime: 'io.containerd.runc.v2', address: daemon.address, namespace: daemon.namespace, state_dir: path.join(daemon.directory, 'files'),
    dangling_containers: { period: '1s', creation_grace: '3s' }
  })
  const stream = plugin.driver.fingerprint({})
  stream.on('data', () => undefined)
  stream.on('error', () => undefined)
}

const task = (): Allocation => {
  const one = makeAllocation({ config: { image: IMAGE, command: 'sleep', args: ['1000'], extra_hosts: ['db:10.0.0.7'] }, readers: false })
  one.config.nodeId = NODE_ID
  made.push(one)
  return one
}

/** Nomad's log collector reads as long as the allocation is there. */
const open: Array<number> = []
const start = async ({ config: of }: Allocation): Promise<TaskHandle> => {
  open.push(...[of.stdoutPath, of.stderrPath].map((fifo) => fs.openSync(fifo, 'r+')))
  return (await ask<StartTaskResponse>((done) => plugin.driver.startTask({ task: of }, done))).handle as TaskHandle
}

const containers = async (): Promise<ReadonlyArray<string>> =>
  (await ask<ListContainersResponse>((done) => containerd.containers.list({ filters: [] }, containerd.headers(), done))).containers.map(({ id }) => id)

/** What a reboot takes: every process, every mount, all of /run. What containerd wrote on the disk is there after it. */
const reboot = async (): Promise<void> => {
  const running = await containers()
  await plugin.kill('SIGKILL')
  await daemon.halt('SIGKILL')
  for (const id of running) killShim(daemon.namespace, id)
  const files = path.join(daemon.directory, 'files')
  for (const id of running) execFileSync('sh', ['-c', `for one in $(cat /sys/fs/cgroup/memory/nomad/${id}/cgroup.procs /sys/fs/cgroup/nomad/${id}/cgroup.procs 2>/dev/null); do kill -9 $one; done; true`])
  await sleep(300)
  const mounts = fs.readFileSync('/proc/self/mounts', 'utf8').split('\n').map((line) => line.split(' ')[1] ?? '')
  for (const one of mounts.reverse()) if (one.startsWith(`${daemon.directory}/`)) execFileSync('umount', ['-l', one])
  for (const one of [path.join(daemon.directory, 'state'), files, `/run/containerd/runc/${daemon.namespace}`]) fs.rmSync(one, { recursive: true, force: true })
  await daemon.resume()
  await relaunch()
}

beforeAll(async () => {
  daemon = await startContainerd()
  containerd = connect(daemon.address, daemon.namespace)
  await importBusybox(containerd)
  await relaunch()
}, 60_000)

afterAll(async () => {
  for (const one of open) fs.closeSync(one)
  for (const one of made) one.remove()
  await plugin.kill()
  containerd.close()
  await daemon.stop()
})

it(`on containerd ${VERSION}, after a reboot a task is told as lost and starts afresh, and what nobody asks for goes`, async () => {
  const [asked, forgotten] = [task(), task()]
  const handle = await start(asked)
  await start(forgotten)
  await reboot()
  expect(await containers()).toHaveLength(2)
  expect((await refusal(ask((done) => plugin.driver.recoverTask({ taskId: '', handle }, done)))).code).toBe(NOT_FOUND)
  asked.config.id = `${asked.config.allocId}/web/aaaaaaaa`
  await start(asked)
  const until = Date.now() + 30_000
  while ((await containers()).length > 1 && Date.now() < until) await sleep(100)
  expect(await containers()).toHaveLength(1)
  await ask((done) => plugin.driver.destroyTask({ taskId: asked.config.id, force: true }, done))
  expect(await settled(containerd)).toEqual([])
}, 90_000)
