import { spawnSync } from 'node:child_process'
import * as fs from 'node:fs'
import * as path from 'node:path'

import { connect, Containerd } from '../../src/effects/containerd/Containerd'
import { GetResponse } from '../../src/generated/containerd/tasks'
import { StartTaskResponse, TaskHandle } from '../../src/generated/nomad/driver'
import { Allocation, makeAllocation } from './harness/allocation'
import { IMAGE, importBusybox } from './harness/busybox'
import { PrivateContainerd, startContainerd } from './harness/containerd'
import { settled } from './harness/leftovers'
import { ask, EXECUTABLE, launch, Plugin } from './harness/plugin'
import { sleep } from './harness/process'

const THIS = '11111111-1111-4111-8111-111111111111'
const OTHER = '22222222-2222-4222-8222-222222222222'
const GRACE_MS = 3000

let daemon: PrivateContainerd
let containerd: Containerd
let plugin: Plugin
let state: string
let config: Readonly<Record<string, unknown>>
const made: Array<Allocation> = []

const task = (nodeId: string, script: string): Allocation => {
  const one = makeAllocation({ config: { image: IMAGE, command: 'sh', args: ['-c', script], extra_hosts: ['db:10.0.0.7'] } })
  one.config.nodeId = nodeId
  made.push(one)
  return one
}

const start = async ({ config: of }: Allocation): Promise<TaskHandle> =>
  (await ask<StartTaskResponse>((done) => plugin.driver.startTask({ task: of }, done))).handle as TaskHandle
const containerOf = ({ driverState }: TaskHandle): string => (JSON.parse(Buffer.from(driverState).toString()) as { readonly containerId: string }).containerId
const containers = async (): Promise<ReadonlyArray<string>> =>
  (await ask<{ containers: Array<{ id: string }> }>((done) => containerd.containers.list({ filters: [] }, containerd.headers(), done))).containers.map(({ id }) => id).sort()
const pidOf = async (containerId: string): Promise<number | undefined> =>
  (await ask<GetResponse>((done) => containerd.tasks.get({ containerId, execId: '' }, containerd.headers(), done))).process?.pid

const removed = async (id: string): Promise<void> => {
  const headers = containerd.headers()
  await ask((done) => containerd.tasks.kill({ containerId: id, execId: '', signal: 9, all: true }, headers, done))
  await ask((done) => containerd.tasks.wait({ containerId: id, execId: '' }, headers, done))
  await ask((done) => containerd.tasks.delete({ containerId: id }, headers, done))
  await ask((done) => containerd.containers.delete({ id }, headers, done))
}

const until = async (what: string, isSo: () => Promise<boolean>): Promise<void> => {
  const end = Date.now() + 30_000
  while (!(await isSo())) {
    if (Date.now() > end) throw new Error(`never came true: ${what}; the plugin said:\n${plugin.stderr()}`)
    await sleep(100)
  }
}

const cli = (...args: ReadonlyArray<string>): { readonly code: number | null; readonly out: string; readonly err: string } => {
  const { status, stdout, stderr } = spawnSync(EXECUTABLE, ['reap', '--plugin', path.join(daemon.directory, 'plugin.json'), ...args], { encoding: 'utf8' })
  return { code: status, out: stdout, err: stderr }
}

beforeAll(async () => {
  daemon = await startContainerd()
  containerd = connect(daemon.address, daemon.namespace)
  await importBusybox(containerd)
  state = path.join(daemon.directory, 'files')
  config = {
    containerd_runtime: 'io.containerd.runc.v2', address: daemon.address, namespace: daemon.namespace, state_dir: state,
    dangling_containers: { period: '1s', creation_grace: `${String(GRACE_MS)}ms` }
  }
  fs.writeFileSync(path.join(daemon.directory, 'plugin.json'), JSON.stringify(config))
  plugin = await launch(config)
}, 60_000)

afterAll(async () => {
  for (const one of made) one.remove()
  await plugin.kill()
  containerd.close()
  await daemon.stop()
})

it('what a killed plugin left goes after the grace; what Nomad finds again, another agent\'s and what has no mark stand', async () => {
  const kept = task(THIS, 'sleep 1000')
  const ended = task(THIS, 'exit 3')
  const collected = task(THIS, 'sleep 1000')
  const waiting = task(THIS, 'sleep 1000')
  const lost = task(THIS, 'sleep 1000')
  const theirs = task(OTHER, 'sleep 1000')
  const old = task('', 'sleep 1000')
  const all = [kept, ended, collected, waiting, lost, theirs, old]
  const handles = new Map<Allocation, TaskHandle>()
  for (const one of all) handles.set(one, await start(one))
  const id = (one: Allocation): string => containerOf(handles.get(one) as TaskHandle)
  const pid = await pidOf(id(kept))
  await plugin.kill('SIGKILL')
  await removed(id(lost))
  for (const one of [collected, theirs, old]) fs.rmSync(one.config.allocDir, { recursive: true })

  // No process has a number above the kernel's highest.
  const [dead, alive] = [`${String(2 ** 22 + 1)}-1-0`, `${String(process.pid)}-1-0`].map((name) => path.join(state, '.pipes', name)) as [string, string]
  fs.mkdirSync(path.join(state, '.pipes'), { recursive: true, mode: 0o700 })
  spawnSync('mkfifo', [dead, alive])
  plugin = await launch(config)
  await ask((done) => plugin.driver.recoverTask({ taskId: '', handle: handles.get(kept) }, done))
  await sleep(GRACE_MS)
  // Nobody listens: so it is in a copy that only validates.
  expect(await containers()).toEqual([kept, ended, collected, waiting, theirs, old].map(id).sort())
  const stream = plugin.driver.fingerprint({})
  stream.on('data', () => undefined)
  stream.on('error', () => undefined)
  await sleep(GRACE_MS - 1000)
  expect(await containers()).toContain(id(ended))
  expect([dead, alive].map((one) => fs.existsSync(one))).toEqual([true, true])
  await until('the pipe of a process that is gone is too', () => Promise.resolve(!fs.existsSync(dead)))
  await until('the ended and the collected one are gone', async () => (await containers()).length === 4)
  expect(await containers()).toEqual([kept, waiting, theirs, old].map(id).sort())
  await until('the directory of the lost one is gone', () => Promise.resolve(!fs.existsSync(path.join(state, id(lost)))))
  for (const one of [ended, collected]) expect(fs.existsSync(path.join(state, id(one)))).toBe(false)
  for (const one of [kept, waiting, theirs, old]) expect(fs.existsSync(path.join(state, id(one), 'hosts'))).toBe(true)
  expect(await pidOf(id(kept))).toBe(pid)
  expect(fs.existsSync(alive)).toBe(true)
  expect(plugin.stderr()).toContain(`"thing":"container ${id(ended)}","because":"its task does not run, and Nomad has not asked for it again"`)

  // By hand: another agent's, whose allocation is gone.
  expect(cli('--dry-run')).toMatchObject({ code: 2, err: expect.stringContaining('name one with --node') as unknown })
  const shown = cli('--dry-run', '--node', OTHER)
  expect(shown.out).toContain(`container ${id(theirs)} of task ${theirs.config.id}: the directory of its allocation is gone\n  KillTask, DeleteTask, RemoveSnapshot, RemoveFile`)
  expect(await containers()).toContain(id(theirs))
  expect(cli('--node', OTHER)).toMatchObject({ code: 0, out: expect.stringContaining('1 thing taken away') as unknown, err: '' })
  expect(cli('--node', OTHER).out).toBe('nothing is left of tasks whose allocations are gone\n')
  expect(await containers()).toEqual([kept, waiting, old].map(id).sort())

  for (const one of [kept, waiting, old]) await ask((done) => plugin.driver.destroyTask({ taskId: one.config.id, force: true }, done))
  stream.cancel()
  expect(await settled(containerd)).toEqual([])
  expect(fs.readdirSync(state).filter((name) => name !== '.pipes')).toEqual([])
}, 90_000)
