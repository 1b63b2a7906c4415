import { execFileSync, spawnSync } from 'node:child_process'
import * as fs from 'node:fs'
import * as path from 'node:path'

import { KEPT, NODE, PULLED } from '../../src/core/domain/labels'
import { connect, Containerd } from '../../src/effects/containerd/Containerd'
import { diskOfRoot } from '../../src/effects/containerd/diskOfRoot'
import { GetImageResponse } from '../../src/generated/containerd/images'
import { StartTaskResponse } from '../../src/generated/nomad/driver'
import { Allocation, makeAllocation } from './harness/allocation'
import { PrivateContainerd, startContainerd } from './harness/containerd'
import { ask, EXECUTABLE, launch, Plugin } from './harness/plugin'
import { sleep } from './harness/process'
import { pushBusybox, Registry, startRegistry } from './harness/registry'
import { right } from './harness/right'

const THIS = '11111111-1111-4111-8111-111111111111'
const DELAY_MS = 2000

let daemon: PrivateContainerd
let containerd: Containerd
let registry: Registry
let plugin: Plugin
let config: Readonly<Record<string, unknown>>
const made: Array<Allocation> = []

const imageOf = (name: string): string => `${registry.host}/team/${name}:1`

const ctr = (...args: ReadonlyArray<string>): string =>
  execFileSync('ctr', ['--address', daemon.address, '--namespace', daemon.namespace, ...args], { encoding: 'utf8' })

const start = async (name: string, options: object = {}): Promise<Allocation> => {
  const one = makeAllocation({ config: { image: imageOf(name), command: 'sh', args: ['-c', 'sleep 1000'], ...options } })
  one.config.nodeId = THIS
  made.push(one)
  await ask<StartTaskResponse>((done) => plugin.driver.startTask({ task: one.config }, done))
  return one
}

const destroy = async ({ config: { id: taskId } }: Allocation): Promise<void> => {
  await ask((done) => plugin.driver.destroyTask({ taskId, force: true }, done))
}

const images = async (): Promise<ReadonlyArray<string>> =>
  (await ask<{ images: Array<{ name: string }> }>((done) => containerd.images.list({ filters: [] }, containerd.headers(), done)))
    .images.map(({ name }) => name.replace(/^.*\/|:1$/g, '')).sort()

const lines = (text: string): number => text.trim().split('\n').length

const until = async (what: string, isSo: () => Promise<boolean>): Promise<void> => {
  const end = Date.now() + 30_000
  while (!(await isSo())) {
    if (Date.now() > end) throw new Error(`never came true: ${what}; the plugin said:\n${plugin.stderr()}`)
    await sleep(100)
  }
}

const cli = (...args: ReadonlyArray<string>): { readonly code: number | null; readonly out: string; readonly err: string } => {
  const { status, stdout, stderr } = spawnSync(EXECUTABLE, [...args, '--plugin', path.join(daemon.directory, 'plugin.json')], { encoding: 'utf8' })
  return { code: status, out: stdout, err: stderr }
}

interface Told {
  readonly image: string
  readonly bytes: number
  readonly pulled: boolean
  readonly users: ReadonlyArray<{ readonly task?: string; readonly container: string }>
  readonly gc: { readonly action: string; readonly reason: string }
}

const told = (): ReadonlyMap<string, Told> =>
  new Map((JSON.parse(cli('images', '--format', 'json').out) as ReadonlyArray<Told>).map((one) => [one.image, one]))

/** What the commands are told of gc: a delay that no slow machine ends, and then one that is over. */
const byHand = (gc: object): void => {
  fs.writeFileSync(path.join(daemon.directory, 'plugin.json'), JSON.stringify({ ...config, gc }))
}

/** Listens as the agent does. */
const listen = (): { readonly cancel: () => void } => {
  const stream = plugin.driver.fingerprint({})
  stream.on('data', () => undefined)
  stream.on('error', () => undefined)
  return stream
}

beforeAll(async () => {
  daemon = await startContainerd()
  containerd = connect(daemon.address, daemon.namespace)
  registry = await startRegistry()
  for (const name of ['gone', 'used', 'kept', 'theirs', 'raced']) pushBusybox(registry, `team/${name}:1`)
  config = {
    containerd_runtime: 'io.containerd.runc.v2', address: daemon.address, namespace: daemon.namespace,
    state_dir: path.join(daemon.directory, 'files'),
    gc: { image: true, image_delay: `${String(DELAY_MS)}ms`, keep: [`${registry.host}/team/kept`] }
  }
  byHand({ image: true, image_delay: '1h', keep: [`${registry.host}/team/kept`] })
  plugin = await launch(config)
}, 60_000)

afterAll(async () => {
  await plugin.kill()
  for (const one of made) one.remove()
  containerd.close()
  await registry.stop()
  await daemon.stop()
})

it('what nothing uses goes with its blobs and snapshots; what is in use, is kept, or was pulled by another stays', async () => {
  ctr('images', 'pull', '--plain-http', imageOf('theirs'))
  const tasks = new Map<string, Allocation>()
  for (const name of ['gone', 'used', 'kept', 'theirs']) tasks.set(name, await start(name))
  // Whoever tags an image copies its labels.
  ctr('images', 'tag', imageOf('gone'), 'docker.io/library/tagged:1')
  ctr('images', 'tag', imageOf('used'), 'docker.io/library/alias:1')
  for (const name of ['gone', 'kept', 'theirs']) await destroy(tasks.get(name) as Allocation)

  const before = told()
  const gone = before.get(imageOf('gone')) as Told
  expect(gone).toMatchObject({ pulled: true, users: [], gc: { action: 'keep', reason: 'Young' } })
  expect(gone.bytes).toBeGreaterThan(500_000)
  expect(before.get(imageOf('theirs'))).toMatchObject({ pulled: false, gc: { reason: 'NotPulled' } })
  expect(before.get(imageOf('kept'))).toMatchObject({ pulled: true, gc: { reason: 'Kept' } })
  expect(before.get(imageOf('used'))).toMatchObject({ users: [{ task: tasks.get('used')?.config.id }], gc: { reason: 'InUse' } })
  expect(before.get('docker.io/library/tagged:1')).toMatchObject({ pulled: false })
  // By what its name stands for.
  expect(before.get('docker.io/library/alias:1')?.users).toHaveLength(1)
  ctr('images', 'rm', 'docker.io/library/tagged:1')

  const blobs = lines(ctr('content', 'ls', '-q'))
  const snapshots = lines(ctr('snapshots', 'ls'))
  const agent = listen()
  await until('the unused image is gone', async () => !(await images()).includes('gone'))
  await sleep(2 * DELAY_MS)
  expect(await images()).toEqual(['alias', 'kept', 'theirs', 'used'])
  // With its name went a manifest, a config and a layer; its snapshot too. An index there is none.
  expect(lines(ctr('content', 'ls', '-q'))).toBe(blobs - 3)
  expect(lines(ctr('snapshots', 'ls'))).toBe(snapshots - 1)
  expect(plugin.stderr()).toContain('"because":"nothing has used it for `gc.image_delay`"')
  agent.cancel()
  await destroy(tasks.get('used') as Allocation)
}, 60_000)

it('another pull makes it another\'s: by ctr it is not ours any more, by us after ctr it never is', async () => {
  const labelsOf = async (name: string): Promise<Readonly<Record<string, string>>> =>
    (await ask<GetImageResponse>((done) => containerd.images.get({ name: imageOf(name) }, containerd.headers(), done))).image?.labels ?? {}
  await destroy(await start('raced'))
  expect(await labelsOf('raced')).toMatchObject({ [NODE]: THIS, [PULLED]: expect.stringContaining(`${imageOf('raced')}@sha256:`) as unknown })
  ctr('images', 'pull', '--plain-http', imageOf('raced'))
  expect(told().get(imageOf('raced'))).toMatchObject({ pulled: false })
  await destroy(await start('raced', { force_pull: true }))
  pushBusybox(registry, 'team/raced:1', ['true'])
  await destroy(await start('raced', { force_pull: true }))
  expect(told().get(imageOf('raced'))).toMatchObject({ pulled: false })
  expect(await labelsOf('raced')).not.toHaveProperty([PULLED])
  ctr('images', 'rm', '--sync', imageOf('raced'))
}, 60_000)

it('by hand it is told first; tasks that start again and again with an image that is removed meanwhile all start', async () => {
  await destroy(await start('raced'))
  byHand({ image_delay: '1ms' })
  expect(cli('gc', '--dry-run')).toMatchObject({ code: 0, out: expect.stringMatching(/raced:1 \(sha256:\w{12}, \d+\.\d MiB\): nothing has used it[^]*would be removed/) as unknown })
  expect(cli('gc', '--node', 'another').out).toBe('no image is to be removed\n')
  expect(await images()).toContain('raced')
  const agent = listen()
  for (let round = 0; round < 4; round += 1) {
    // A process of its own, which knows nothing of what the plugin is starting.
    const removing = new Promise<void>((resolve) => {
      setTimeout(() => { cli('gc'); resolve() }, round * 20)
    })
    const one = await start('raced')
    await removing
    await destroy(one)
  }
  agent.cancel()
  expect(cli('gc')).toMatchObject({ code: 0, err: '' })
}, 60_000)

it('the disk is the one that df shows for containerd\'s root', async () => {
  const { usedBytes, totalBytes } = right(await diskOfRoot(containerd)())
  const [used = 0, free = 0] = execFileSync('df', ['-B1', '--output=used,avail', path.join(daemon.directory, 'root')], { encoding: 'utf8' })
    .split('\n').slice(1).join(' ').trim().split(/\s+/).map(Number)
  // Somebody writes meanwhile.
  const some = 64 * 1024 * 1024
  expect(Math.abs(usedBytes - used)).toBeLessThan(some)
  expect(Math.abs(totalBytes - used - free)).toBeLessThan(some)
})

it('gc.container = false leaves the record and the root of a container, until its task is started again', async () => {
  const other = await launch({ ...config, gc: { container: false } })
  const leaves = async (): Promise<readonly [ReadonlyArray<string>, ReadonlyArray<string>]> => [
    ctr('containers', 'ls', '-q').trim().split('\n').filter((id) => id !== ''),
    ctr('snapshots', 'ls').split('\n').filter((line) => line.includes('Active')).map((line) => line.split(/\s+/)[0] ?? '')
  ]
  const run = async (beside?: Allocation): Promise<Allocation> => {
    const one = makeAllocation({
      config: { image: imageOf('kept'), command: 'sh', args: ['-c', 'sleep 1000'], extra_hosts: ['db:10.0.0.7'] },
      ...(beside === undefined ? {} : { beside })
    })
    made.push(one)
    await ask<StartTaskResponse>((done) => other.driver.startTask({ task: { ...one.config, nodeId: THIS } }, done))
    await ask((done) => other.driver.destroyTask({ taskId: one.config.id, force: true }, done))
    return one
  }
  const before = await run()
  const [[first], snapshots] = await leaves()
  expect(snapshots).toEqual([first])
  expect(ctr('tasks', 'ls', '-q')).toBe('')
  expect(fs.readdirSync(path.join(daemon.directory, 'files')).filter((name) => name !== '.pipes')).toEqual([])
  expect(JSON.stringify(JSON.parse(ctr('containers', 'info', first ?? '')))).toContain(KEPT)
  await run(before)
  const [all, roots] = await leaves()
  expect(all).toHaveLength(1)
  expect(all).not.toEqual([first])
  expect(roots).toEqual(all)
  await other.kill()
  ctr('containers', 'rm', all[0] ?? '')
  expect((await leaves())[1]).toEqual([])
}, 60_000)
