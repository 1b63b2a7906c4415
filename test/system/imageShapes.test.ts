import { execFileSync } from 'node:child_process'
import * as fs from 'node:fs'
import * as path from 'node:path'

import { connect, Containerd } from '../../src/effects/containerd/Containerd'
import * as leases from '../../src/effects/containerd/leases'
import { ARCHITECTURE } from '../../src/effects/host/architecture'
import { WaitTaskResponse } from '../../src/generated/nomad/driver'
import { Report } from '../laws/kernel/Report'
import { Allocation, makeAllocation } from './harness/allocation'
import { PrivateContainerd, startContainerd } from './harness/containerd'
import { lookAround } from './harness/host'
import { settled } from './harness/leftovers'
import { ask, launch, Plugin } from './harness/plugin'
import { Entry, file, openShelf, Shelf } from './harness/shelf'

// What images of well-known programs expect to find, as shapes of images that are made here.

const SCRIPT = path.join(__dirname, '../../scripts/build-probe.sh')
const BUILD_MS = 300_000

let daemon: PrivateContainerd
let containerd: Containerd
let plugin: Plugin
let hardened: Plugin
let shelf: Shelf
let probe: string
let counter = 0
const made: Array<{ readonly by: Plugin; readonly one: Allocation }> = []

beforeAll(async () => {
  probe = execFileSync('bash', [SCRIPT], { encoding: 'utf8' }).trim()
  shelf = await openShelf()
  daemon = await startContainerd()
  containerd = connect(daemon.address, daemon.namespace)
  const options = { containerd_runtime: 'io.containerd.runc.v2', address: daemon.address, namespace: daemon.namespace, state_dir: path.join(daemon.directory, 'files') }
  plugin = await launch(options)
  hardened = await launch({ ...options, hardened: true, volumes: { enabled: true, allowed_paths: ['/sys'] } })
}, BUILD_MS)

afterEach(async () => {
  for (const { by, one } of made) await ask((done) => by.driver.destroyTask({ taskId: one.config.id, force: true }, done))
  expect(await settled(containerd)).toEqual([])
  for (const { one } of made.splice(0)) one.remove()
})

afterAll(async () => {
  await plugin.kill()
  await hardened.kill()
  containerd.close()
  await daemon.stop()
  await shelf.stop()
})

const directory = (name: string, uid = 0): Entry => [{ name, type: 'directory', uid, gid: uid, mode: 0o755 }]
const link = (name: string, linkname: string): Entry => [{ name, type: 'symlink', linkname }]
const program = (name: string, source: string): Entry => [{ name, mode: 0o755 }, fs.readFileSync(source) as unknown as string]
const SHELL: ReadonlyArray<Entry> = [directory('bin'), program('bin/busybox', '/bin/busybox'), link('bin/sh', 'busybox'), link('bin/mkdir', 'busybox')]

interface Given {
  readonly by?: Plugin
  readonly config?: Readonly<Record<string, unknown>>
  readonly user?: string
  readonly memoryMb?: number
}

interface Said {
  readonly code: number | undefined
  readonly stdout: string
  readonly stderr: string
}

/** Runs an image with its own entrypoint to its end. */
const run = async (entries: ReadonlyArray<Entry>, image: object, { by = plugin, config = {}, user = '', memoryMb = 64 }: Given = {}): Promise<Said> => {
  counter += 1
  await shelf.put(`shapes/app:${String(counter)}`, { layers: [entries], config: image, architecture: ARCHITECTURE })
  const one = makeAllocation({ config: { image: `${shelf.host}/shapes/app:${String(counter)}`, ...config }, user, memoryMb })
  made.push({ by, one })
  await ask((done) => by.driver.startTask({ task: one.config }, done))
  const { result } = await ask<WaitTaskResponse>((done) => by.driver.waitTask({ taskId: one.config.id }, done))
  await one.outputEnds
  return { code: result?.exitCode, stdout: one.stdout(), stderr: one.stderr() }
}

// A JVM, .NET and Go's automaxprocs look for their limits in this way; without them they take those of the host.
describe('a runtime that sizes itself by the limits of its cgroup', () => {
  const { version } = lookAround()
  const limitsOf = async (given: Given = {}): Promise<Report> => {
    const { stdout, stderr } = await run([directory('app'), program('app/probe', probe)], { Entrypoint: ['/app/probe', '{}'] }, given)
    expect(stderr).toBe('')
    return JSON.parse(stdout) as Report
  }
  const memory = { v1: 'memory.limit_in_bytes', v2: 'memory.max' }[version]
  const MIB = 1024 * 1024

  it.each<readonly [string, () => Given]>([
    ['as it is', () => ({})], ['as another user', () => ({ user: '1000' })], ['with a read-only root', () => ({ config: { readonly_rootfs: true } })],
    ['on a hardened host', () => ({ by: hardened })], ['on a hardened host with a read-only root', () => ({ by: hardened, config: { readonly_rootfs: true } })],
    ['on the network of the host', () => ({ config: { host_network: true } })], ['in a cgroup namespace of its own', () => ({ config: { cgroupns: 'private' } })]
  ])('finds those of its task, and cannot change them: %s', async (_, given) => {
    const report = await limitsOf({ memoryMb: 96, ...given(), config: { pids_limit: 77, ...given().config } })
    expect(report.ownCgroup).toMatchObject({ [memory]: String(96 * MIB), 'pids.max': '77' })
    expect(report.mounts.filter(({ type, options }) => type.startsWith('cgroup') && !options.includes('ro'))).toEqual([])
  })

  it('finds those of the host where its job binds the host\'s /sys, as cAdvisor has it', async () => {
    const parent = { v1: '/sys/fs/cgroup/memory', v2: '/sys/fs/cgroup' }[version]
    const list = async (config: NonNullable<Given['config']>): Promise<string> => (await run(SHELL, { Entrypoint: ['/bin/busybox', 'ls', parent] }, { by: hardened, config })).stdout
    expect((await list({ volumes: ['/sys:/sys:ro'] })).split('\n')).toContain('nomad')
    expect((await list({})).split('\n')).not.toContain('nomad')
  })

  const LOWER = { v1: `echo ${String(32 * MIB)} > /sys/fs/cgroup/memory/memory.limit_in_bytes`, v2: 'mkdir /sys/fs/cgroup/child' }[version]
  it('writes them where `writable_cgroups` or `privileged` lets it, and not otherwise', async () => {
    const wrote = async (config: object): Promise<number | undefined> => (await run(SHELL, { Entrypoint: ['/bin/sh', '-c', LOWER], Env: ['PATH=/bin'] }, { config: { ...config } })).code
    expect(await wrote({})).not.toBe(0)
    expect(await wrote({ writable_cgroups: true })).toBe(0)
    expect(await wrote({ privileged: true })).toBe(0)
    expect(await wrote({ privileged: true, writable_cgroups: false })).not.toBe(0)
  })
})

describe('a server that puts its socket below /run', () => {
  const server = (): ReadonlyArray<Entry> => [directory('app'), program('app/probe', probe)]
  const serves = (socket: string, more: object = {}): object => ({ Entrypoint: ['/app/probe', 'serve', socket], ...more })
  const MYSQLD = '/run/mysqld/mysqld.sock'

  it.each<readonly [string, () => Given]>([
    ['anywhere', () => ({})], ['on a hardened host', () => ({ by: hardened })], ['on the network of the host', () => ({ config: { host_network: true } })]
  ])('finds the directory that its image has there, with its owner: %s', async (_, given) => {
    const entries = [...server(), directory('run'), directory('run/mysqld', 999)]
    expect(await run(entries, serves(MYSQLD, { User: '999' }), given())).toEqual({ code: 0, stdout: `served by ${MYSQLD}\n`, stderr: '' })
  })

  // As mysql and mariadb have it.
  it('finds it through /var/run, a link', async () => {
    const entries = [...server(), directory('run'), directory('run/dbd', 999), directory('var'), link('var/run', '../run')]
    expect(await run(entries, serves('/var/run/dbd/dbd.sock', { User: '999' }))).toEqual({ code: 0, stdout: 'served by /var/run/dbd/dbd.sock\n', stderr: '' })
  })

  it('finds files that the image has in /run', async () => {
    const { stdout } = await run([...SHELL, directory('run'), file('run/motd', 'hello\n')], { Entrypoint: ['/bin/busybox', 'cat', '/run/motd'] }, { by: hardened })
    expect(stdout).toBe('hello\n')
  })

  it('cannot put it there with a read-only root, as in Docker, and can into a tmpfs of the job', async () => {
    const entries = [...server(), directory('run'), directory('run/mysqld')]
    const readonly = { readonly_rootfs: true }
    for (const by of [plugin, hardened]) {
      expect(await run(entries, serves(MYSQLD), { by, config: readonly })).toMatchObject({ code: 70, stderr: expect.stringContaining('read-only file system') as string })
      expect(await run(entries, serves(MYSQLD), { by, config: { ...readonly, tmpfs: ['/run/mysqld'] } })).toMatchObject({ code: 0 })
    }
  })
})

describe('images that Docker runs', () => {
  const hello = (text: string): object => ({ Entrypoint: ['/bin/busybox', 'echo', text] })

  it('behind an index in an index, as builders nest them: pulled, unpacked, kept, and found again', async () => {
    const own = await shelf.put('shapes/nested:own', { layers: [SHELL], config: hello('own'), architecture: ARCHITECTURE })
    const other = await shelf.put('shapes/nested:other', { layers: [SHELL], config: hello('other'), architecture: 's390x' })
    const entry = ({ digest, size, platform }: typeof own): Parameters<Shelf['nest']>[1][number] => ({ digest, size, platform, mediaType: 'application/vnd.oci.image.manifest.v1+json' })
    const inner = shelf.nest('shapes/nested:inner', [entry(other), entry(own)])
    const middle = shelf.nest('shapes/nested:middle', [inner])
    const attestations = shelf.nest('shapes/nested:attestations', [{ ...entry(other), platform: { os: 'unknown', architecture: 'unknown' } }])
    shelf.nest('shapes/nested:1', [attestations, middle])
    for (const time of [1, 2]) {
      const one = makeAllocation({ config: { image: `${shelf.host}/shapes/nested:1` } })
      made.push({ by: plugin, one })
      const before = shelf.requests.length
      await ask((done) => plugin.driver.startTask({ task: one.config }, done))
      await ask<WaitTaskResponse>((done) => plugin.driver.waitTask({ taskId: one.config.id }, done))
      await one.outputEnds
      expect(one.stdout()).toBe('own\n')
      if (time === 2) expect(shelf.requests.slice(before)).toEqual([])
      // A collection: what no reference holds goes now, and the second start would ask the registry.
      await leases.hold(containerd, 'collect', 'test', 60)()
      await leases.release(containerd, 'collect', true)()
    }
  })

  it('with odd words in their config: a directory that is not clean, a command as one text, a signal that is none', async () => {
    const { code, stdout } = await run([...SHELL, directory('srv'), link('bin/pwd', 'busybox')], { Entrypoint: '/bin/pwd', WorkingDir: '/bin/..//srv/.', StopSignal: 'SIGNOPE', Env: ['A=b', null], User: null, Labels: 7 })
    expect({ code, stdout }).toEqual({ code: 0, stdout: '/srv\n' })
  })

  it('with words that their job overrides', async () => {
    const { code, stdout } = await run(SHELL, { Entrypoint: ['no\u0000'], Cmd: ['x\u0000'], WorkingDir: '/proc/self', User: 'nosuch' }, { user: '0:0', config: { entrypoint: ['/bin/busybox'], command: 'echo', args: ['own'], cwd: '/' } })
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'own\n' })
  })

  it('for another machine: told before the start, with both architectures', async () => {
    const other = ARCHITECTURE === 'amd64' ? 's390x' : 'amd64'
    await shelf.put('shapes/foreign:1', { layers: [SHELL], config: hello('runs'), architecture: other })
    const one = makeAllocation({ config: { image: `${shelf.host}/shapes/foreign:1` } })
    made.push({ by: plugin, one })
    const said: Array<string> = []
    const events = plugin.driver.taskEvents({})
    events.on('data', ({ message }: { readonly message: string }) => { said.push(message) })
    events.on('error', () => undefined)
    await ask((done) => plugin.driver.startTask({ task: one.config }, done))
    await ask<WaitTaskResponse>((done) => plugin.driver.waitTask({ taskId: one.config.id }, done))
    await one.outputEnds
    events.cancel()
    const word = said.findIndex((message) => message.includes(`is ${other}, and this host is ${ARCHITECTURE}`))
    expect(word).toBeGreaterThanOrEqual(0)
    expect(word).toBeLessThan(said.findIndex((message) => message.startsWith('Created container')))
  })
})
