import { spawnSync } from 'node:child_process'
import * as fs from 'node:fs'
import * as os from 'node:os'
import * as path from 'node:path'
import * as zlib from 'node:zlib'

import { disk } from '../../src/cli/load/Files'
import { readLock } from '../../src/cli/load/readLock'
import { factsCommand } from '../../src/cli/machine/facts/facts'
import { lockCommand, LockOptions } from '../../src/cli/machine/lock/lock'
import * as Lock from '../../src/core/lock/Lock'
import { connect, Containerd } from '../../src/effects/containerd/Containerd'
import * as leases from '../../src/effects/containerd/leases'
import { pull } from '../../src/effects/image/pull'
import { unpackImage } from '../../src/effects/image/unpack'
import { BOUNDS } from './harness/bounds'
import { PrivateContainerd, startContainerd } from './harness/containerd'
import { EXECUTABLE } from './harness/plugin'
import { pushBusybox, Registry, startRegistry } from './harness/registry'
import { right } from './harness/right'
import { secured, SecureRegistry } from './harness/secureRegistry'
import { Entry, file, openShelf, Shelf } from './harness/shelf'

let shelf: Shelf
let registry: Registry
let door: SecureRegistry
const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'lock-test-'))

const LOGIN = { username: 'me', password: 'hunter2' }

beforeAll(async () => {
  shelf = await openShelf()
  registry = await startRegistry()
  pushBusybox(registry, 'team/app:1')
  door = await secured(registry.host, { tls: false, login: { ...LOGIN, scheme: 'bearer' } })
}, 60_000)

afterAll(async () => {
  await shelf.stop()
  await door.stop()
  await registry.stop()
  fs.rmSync(dir, { recursive: true })
})

beforeEach(() => {
  shelf.instead.clear()
  shelf.requests.length = 0
})

interface TaskOf {
  readonly image: string
  readonly [option: string]: unknown
}

const job = (name: string, ...configs: ReadonlyArray<TaskOf>): string => {
  const Tasks = configs.map((Config, index) => ({ Name: `t${String(index)}`, Driver: 'containerd-driver', Config: { command: 'true', ...Config } }))
  const at = path.join(dir, `${name}.json`)
  fs.writeFileSync(at, JSON.stringify({ Job: { ID: name, TaskGroups: [{ Name: 'g', Tasks }] } }))
  return at
}

let counter = 0
const fresh = (): string => path.join(dir, `${String(counter += 1)}.lock.json`)

const lockOf = (at: string): Lock.Lock => right(readLock(disk, at))

const ok = async (jobs: ReadonlyArray<string>, options: LockOptions): Promise<string> => {
  const { exitCode, stderr, stdout } = await lockCommand(jobs, options)
  expect([exitCode, stderr]).toEqual([0, ''])
  return stdout
}

const APP: ReadonlyArray<Entry> = [file('etc/passwd', 'root:x:0:0::/:/bin/sh\napp:x:7:7::/:/bin/sh\n'), file('etc/group', 'root:x:0:\napp:x:7:\n')]

describe('a lock', () => {
  it('says what the registry of docker says, and stays as it is', async () => {
    const lock = fresh()
    const image = `${registry.host}/team/app:1`
    const one = job('busybox', { image }, { image })
    expect(await ok([one], { lock })).toMatch(new RegExp(`^\\+ ${image} sha256:[0-9a-f]{64}\n.*: 1 image, written\n$`))
    const { images, platform } = lockOf(lock)
    expect([platform, Object.keys(images)]).toEqual(['linux/amd64', [image]])
    expect(images[image]).toMatchObject({
      config: { cmd: ['sh'], env: ['PATH=/bin'] }, passwd: 'root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/:/bin/false\n', group: 'root:x:0:\nnogroup:x:65534:\n'
    })
    const before = fs.statSync(lock)
    expect(await ok([one], { lock })).toMatch(/: 1 image, unchanged\n$/)
    expect(fs.statSync(lock).ino).toBe(before.ino)
    expect(fs.readdirSync(dir).filter((name) => name.startsWith('.'))).toEqual([])
    expect(await ok([one], { lock, check: true })).toMatch(/1 image as locked\n$/)
  })

  it('keeps a digest until --upgrade, and --check tells what has moved, is missing and is unused', async () => {
    const lock = fresh()
    const first = await shelf.put('team/web:1', { layers: [APP] })
    await shelf.put('team/db:1', { layers: [APP] })
    const [web, db] = [`${shelf.host}/team/web:1`, `${shelf.host}/team/db:1`]
    const [one, both, none] = [job('web', { image: web }), job('both', { image: web }, { image: db }), job('db', { image: db })]
    await ok([one], { lock })
    const second = await shelf.put('team/web:1', { layers: [APP, [file('etc/version', '2')]] })
    expect(await lockCommand([one], { lock, check: true })).toEqual({
      exitCode: 1, stdout: `moved: ${web} ${first.digest} → ${second.digest}\n`,
      stderr: `${lock}: is not what the jobs and registries say; to take it: containerd-driver lock --upgrade JOB…\n`
    })
    expect(await ok([both], { lock })).toMatch(/^\+ .*team\/db:1 .*\n.*: 2 images, written\n$/)
    expect(lockOf(lock).images[web]?.digest).toBe(first.digest)
    expect(await ok([both], { lock, upgrade: true })).toContain(`~ ${web} ${first.digest} → ${second.digest}\n`)
    expect(await lockCommand([none], { lock, check: true })).toMatchObject({ exitCode: 1, stdout: `unused: ${web}\n` })
    expect(await ok([none], { lock, check: true, keep: true })).toContain('as locked')
    expect(await ok([none], { lock, keep: true })).toContain('2 images, unchanged')
    expect(await ok([none], { lock })).toContain(`- ${web} is used by none of the jobs\n`)
    expect(await lockCommand([both], { lock, check: true })).toMatchObject({ exitCode: 1, stdout: `missing: ${web} (now ${second.digest})\n` })
  })

  it('asks nothing about a name with a digest once it is locked', async () => {
    const lock = fresh()
    const { digest } = await shelf.put('team/pinned:1', { layers: [APP], config: { User: 'app' } })
    const one = job('pinned', { image: `${shelf.host}/team/pinned@${digest}` })
    await ok([one], { lock })
    expect(lockOf(lock).images[`${shelf.host}/team/pinned@${digest}`]).toMatchObject({ digest, config: { user: 'app' } })
    shelf.requests.length = 0
    await ok([one], { lock })
    await ok([one], { lock, check: true })
    expect(shelf.requests).toEqual([])
  })

  it('holds the same image for two platforms, and one for tasks that name none', async () => {
    const lock = fresh()
    const made = await Promise.all([['amd64'], ['arm64'], ['arm', 'v7'], ['arm', 'v6']].map(([architecture = '', variant], index) =>
      shelf.put(`team/multi:x${String(index)}`, { architecture, ...(variant === undefined ? {} : { variant }), layers: [[file('etc/passwd', `${architecture}${variant ?? ''}`)]] })))
    const digest = shelf.index('team/multi:1', made)
    const name = `${shelf.host}/team/multi:1`
    const one = job('multi', { image: name }, { image: name, platform: 'linux/arm64' }, { image: name, platform: 'linux/arm/v6' })
    await ok([one], { lock })
    const found = lockOf(lock)
    expect(Object.keys(found.images)).toEqual([name, `${name} linux/arm/v6`, `${name} linux/arm64`])
    expect(Object.values(found.images).map((image) => [image.digest, image.passwd, image.platform])).toEqual([
      [digest, 'amd64', undefined], [digest, 'armv6', 'linux/arm/v6'], [digest, 'arm64', 'linux/arm64']
    ])
    expect(['', 'linux/arm64', 'linux/s390x'].map((platform) => Lock.factsOf(found, platform).images[name]?.passwd)).toEqual(['amd64', 'arm64', undefined])
    expect(await ok([one], { lock, platform: 'linux/arm64' })).toContain(`~ ${name} completed at the same digest\n`)
    expect([lockOf(lock).platform, lockOf(lock).images[name]?.passwd]).toEqual(['linux/arm64', 'arm64'])
    await ok([one], { lock })
    expect(lockOf(lock).platform).toBe('linux/arm64')
    expect(await lockCommand([job('s390', { image: name, platform: 'linux/s390x' })], { lock: fresh() })).toMatchObject({
      exitCode: 2, stderr: `lock ${name} for linux/s390x: has no image for linux/s390x; it offers linux/amd64, linux/arm64, linux/arm/v7, linux/arm/v6\n`
    })
  })

  it('reads no layer without accounts, and completes the entry later at the locked digest', async () => {
    const lock = fresh()
    const { layers, digest } = await shelf.put('team/bare:1', { layers: [APP] })
    const one = job('bare', { image: `${shelf.host}/team/bare:1` })
    await ok([one], { lock, accounts: false })
    expect(shelf.requests).not.toContain(`team/bare/blobs/${layers[0] ?? ''}`)
    expect(Object.keys(lockOf(lock).images[`${shelf.host}/team/bare:1`] ?? {}).sort()).toEqual(['chainId', 'config', 'digest'])
    await shelf.put('team/bare:1', { layers: [[file('etc/passwd', 'moved')]] })
    await ok([one], { lock })
    expect(lockOf(lock).images[`${shelf.host}/team/bare:1`]).toMatchObject({ digest, passwd: APP[0]?.[1] })
  })

  it('an opaque directory hides what lower layers have', async () => {
    const lock = fresh()
    await shelf.put('team/opaque:1', { layers: [APP, [file('etc/.wh..wh..opq', ''), file('etc/group', 'g:x:1:\n')]] })
    await ok([job('opaque', { image: `${shelf.host}/team/opaque:1` })], { lock })
    expect(lockOf(lock).images[`${shelf.host}/team/opaque:1`]).toMatchObject({ passwd: '', group: 'g:x:1:\n' })
  })

  it('says what to do when a registry has the locked digest no more', async () => {
    const lock = fresh()
    const { digest } = await shelf.put('team/gone:1', { layers: [APP] })
    const one = job('gone', { image: `${shelf.host}/team/gone:1` })
    await ok([one], { lock, accounts: false })
    shelf.instead.set(`team/gone/manifests/${digest}`, { status: 404 })
    expect(await lockCommand([one], { lock })).toMatchObject({
      exitCode: 2, stderr: `lock ${shelf.host}/team/gone:1: the registry has no ${digest} any more, which is locked; --upgrade takes what the name stands for now\n`
    })
  })

  it('is written by anybody, through the executable, into the file that a link names', () => {
    const [lock, link] = [path.join(dir, 'open', 'real.json'), path.join(dir, 'open', 'link.json')]
    fs.mkdirSync(path.dirname(lock))
    fs.symlinkSync('real.json', link)
    fs.writeFileSync(lock, Lock.encode(Lock.empty('linux/amd64')))
    const one = job('anybody', { image: `${registry.host}/team/app:1`, privileged: true })
    for (const open of [dir, path.dirname(lock)]) fs.chmodSync(open, 0o777)
    fs.chmodSync(lock, 0o666)
    const run = (...args: ReadonlyArray<string>): readonly [number | null, string, string] => {
      const { status, stdout, stderr } = spawnSync('setpriv', ['--reuid', '65534', '--regid', '65534', '--clear-groups', process.execPath, EXECUTABLE, 'lock', one, ...args], { encoding: 'utf8' })
      return [status, stdout, stderr]
    }
    expect(run('--lock', link)).toEqual([0, expect.stringMatching(/1 image, written\n$/) as string, ''])
    expect([fs.lstatSync(link).isSymbolicLink(), Object.keys(lockOf(lock).images)]).toEqual([true, [`${registry.host}/team/app:1`]])
    expect(run('-o', link, '--check')).toEqual([0, expect.stringMatching(/as locked\n$/) as string, ''])
    expect(run('-o', link, '--chek')).toMatchObject([2, '', expect.stringContaining('--check')])
  })

  it('asks for no layer below the one that decides', async () => {
    const { layers } = await shelf.put('team/deep:1', { layers: [[file('big', 'x')], APP, [file('srv/data', 'y')]] })
    await ok([job('deep', { image: `${shelf.host}/team/deep:1` })], { lock: fresh() })
    expect(layers.map((digest) => shelf.requests.includes(`team/deep/blobs/${digest}`))).toEqual([false, true, true])
  })

  it("logs in with the task's login, else the operator's, and passes by one that only a client knows", async () => {
    const image = `${door.host}/team/app:1`
    const plugin = path.join(dir, 'plugin.json')
    fs.writeFileSync(plugin, JSON.stringify({ containerd_runtime: 'io.containerd.runc.v2', auth: { ...LOGIN, server_address: door.host } }))
    const unknown = { username: 'me', password: '${REGISTRY_PASSWORD}' }
    expect(await ok([job('own', { image, auth: LOGIN })], { lock: fresh() })).toContain('1 image')
    expect(await ok([job('operators', { image, auth: unknown })], { lock: fresh(), plugin })).toContain('1 image')
    const refused = await lockCommand([job('nobody', { image, auth: { username: 'me', password: 'wrong' } })], { lock: fresh() })
    expect(refused).toMatchObject({ exitCode: 2, stderr: `lock ${image}: registry ${door.host} refuses the login of me\n` })
    const without = await lockCommand([job('without', { image })], { lock: fresh() })
    expect(without.stderr).toContain(`registry ${door.host} asks for a login: set \`auth { username, password }\``)
  })
})

describe('a registry that answers wrongly', () => {
  const name = (): string => `${shelf.host}/team/odd:1`
  const told = async (): Promise<string> => {
    const lock = fresh()
    const { exitCode, stdout, stderr } = await lockCommand([job('odd', { image: name() })], { lock })
    expect([exitCode, stdout, fs.existsSync(lock)]).toEqual([2, '', false])
    expect(stderr).not.toMatch(/^\s+at /m)
    return stderr
  }
  const put = (): ReturnType<Shelf['put']> => shelf.put('team/odd:1', { layers: [APP] })
  const sizeOf = async (digest: string): Promise<number> =>
    (await (await fetch(`http://${shelf.host}/v2/team/odd/blobs/${digest}`)).arrayBuffer()).byteLength

  it('a manifest with another digest than the one asked for', async () => {
    const made = await put()
    const index = shelf.index('team/odd:1', [made])
    shelf.instead.set(`team/odd/manifests/${made.digest}`, { status: 200, type: 'application/vnd.oci.image.manifest.v1+json', body: Buffer.from('{}') })
    expect(await told()).toMatch(new RegExp(`^lock ${name()}: registry ${shelf.host} answered a manifest with digest sha256:.* for ${made.digest}\n$`))
    expect(index).not.toBe(made.digest)
  })

  it('a config with another digest', async () => {
    const { configDigest } = await put()
    shelf.instead.set(`team/odd/blobs/${configDigest}`, { status: 200, body: Buffer.alloc(await sizeOf(configDigest)) })
    expect(await told()).toMatch(new RegExp(`^lock ${name()}: the registry answered a blob with digest sha256:.* for ${configDigest}\n$`))
  })

  it('a layer with another digest, a longer one, and one that goes on after its end', async () => {
    const { layers: [layer = ''] } = await put()
    const [right, size] = [zlib.gzipSync(Buffer.alloc(1024)), await sizeOf(layer)]
    shelf.instead.set(`team/odd/blobs/${layer}`, { status: 200, body: Buffer.concat([right, Buffer.alloc(size - right.length)]) })
    expect(await told()).toContain(`the registry answered a blob with digest sha256:`)
    shelf.instead.set(`team/odd/blobs/${layer}`, { status: 200, body: right })
    expect(await told()).toContain(`registry ${shelf.host} answers ${String(right.length)} bytes for blob ${layer}, which has ${String(size)} by its manifest`)
    shelf.instead.set(`team/odd/blobs/${layer}`, { status: 200, body: Buffer.concat([right, Buffer.alloc(100_000, 1)]) })
    expect(await told()).toContain(layer)
    shelf.instead.set(`team/odd/blobs/${layer}`, { status: 200, body: Buffer.from('no layer at all') })
    expect(await told()).toContain(`lock ${name()}: `)
  })

  it.each([
    ['nothing of this name', 404, undefined, 'has no such image: check the name and the tag'],
    ['a wish for a login', 401, undefined, 'asks for a login'],
    ['a refusal', 403, undefined, 'forbids it, asked without a login'],
    ['a schema 1 manifest', 200, ['application/vnd.docker.distribution.manifest.v1+prettyjws', '{"schemaVersion":1}'], 'answered an image of Docker\'s schema 1'],
    ['a web page', 200, ['text/html', '<html>'], 'answered a text/html, which is no image'],
    ['a manifest that is no JSON', 200, ['application/vnd.oci.image.manifest.v1+json', '{'], 'is no JSON'],
    ['a manifest of another shape', 200, ['application/vnd.oci.image.manifest.v1+json', '[]'], 'is no image manifest'],
    ['a huge manifest', 200, ['application/vnd.oci.image.manifest.v1+json', ' '.repeat(5 * 1024 * 1024)], 'answers more than 4194304 bytes']
  ] as const)('%s', async (_what, status, document, text) => {
    await put()
    shelf.instead.set('team/odd/manifests/1', { status, ...(document === undefined ? {} : { type: document[0], body: Buffer.from(document[1]) }) })
    const said = await told()
    expect(said).toContain(`lock ${name()}: `)
    expect(said).toContain(text)
  })

  it('one that hangs up in the middle of a layer', async () => {
    const { layers: [layer = ''] } = await put()
    shelf.instead.set(`team/odd/blobs/${layer}`, { status: 200, body: Buffer.alloc(await sizeOf(layer)), broken: true })
    expect(await told()).toMatch(new RegExp(`^registry ${shelf.host} broke off blob ${layer} after \\d+ of \\d+ bytes: .*; needed for ${name()}\n$`))
  })

  it('one that cannot be reached is told once, with all that it is needed for', async () => {
    const lock = fresh()
    const images = ['a:1', 'b:1'].map((image) => `127.0.0.1:1/team/${image}`)
    const said = await lockCommand([job('away', ...images.map((image) => ({ image })))], { lock })
    expect([said.exitCode, said.stdout]).toEqual([2, ''])
    expect(said.stderr).toMatch(new RegExp(`^registry 127.0.0.1:1 cannot be reached: .*connect ECONNREFUSED 127.0.0.1:1; needed for ${images.join(', ')}\n$`))
    fs.writeFileSync(lock, Lock.encode(Lock.empty('linux/amd64')))
    expect(await lockCommand([job('away', { image: images[0] ?? '' })], { lock, check: true })).toMatchObject({ exitCode: 2 })
  })
})

describe('input that is wrong', () => {
  it.each<readonly [string, (lock: string) => [ReadonlyArray<string>, LockOptions], string | RegExp]>([
    ['a lock that is not there', (lock) => [[job('x', { image: 'redis:7' })], { lock, check: true }], 'no such file; write it with: containerd-driver lock'],
    ['a lock of another version', (lock) => { fs.writeFileSync(lock, '{"version":2}'); return [[job('x', { image: 'redis:7' })], { lock }] }, 'lock.version = 2: is not 1'],
    ['a lock that is no JSON', (lock) => { fs.writeFileSync(lock, '{'); return [[job('x', { image: 'redis:7' })], { lock }] }, 'is no JSON'],
    ['a platform that is none', (lock) => [[job('x', { image: 'redis:7' })], { lock, platform: 'arm64' }], '--platform arm64: must be linux/<architecture>'],
    ['an image that only a client knows', (lock) => [[job('x', { image: '${attr.image}' })], { lock }], 'x.json g/t0:\ntask.image = "${attr.image}": '],
    ['a job that is not there', (lock) => [['/nope.json', '/nope2.json'], { lock }], '/nope.json: no such file\n/nope2.json: no such file\n'],
    ['jobs without a task of this driver', (lock) => [[job('x')], { lock }], 'is left as it is: none of the jobs has a task of this driver'],
    ['a directory where nobody can write', (lock) => [[job('x')], { keep: true, lock: `${lock}/deeper/x.json` }], /cannot be written: there is no directory/]
  ])('%s', async (_what, made, text) => {
    const [inputs, options] = made(fresh())
    const said = await lockCommand(inputs, options)
    expect([said.exitCode, said.stdout]).toEqual([2, ''])
    expect(said.stderr).toEqual(typeof text === 'string' ? expect.stringContaining(text) : expect.stringMatching(text))
  })
})

describe('the lock and containerd', () => {
  let daemon: PrivateContainerd
  let containerd: Containerd
  const plugin = path.join(dir, 'containerd.json')

  beforeAll(async () => {
    daemon = await startContainerd()
    containerd = connect(daemon.address, daemon.namespace)
    fs.writeFileSync(plugin, JSON.stringify({ containerd_runtime: 'io.containerd.runc.v2', address: daemon.address, namespace: daemon.namespace }))
  }, 60_000)

  afterAll(async () => {
    containerd.close()
    await daemon.stop()
  })

  const link = (name: string, to: string, type: 'link' | 'symlink' = 'symlink'): Entry => [{ name, type, linkname: to }]
  const directory = (name: string): Entry => [{ name, type: 'directory' }]
  const BASE: ReadonlyArray<Entry> = [directory('etc'), ...APP, directory('usr'), directory('usr/share'), file('usr/share/other', 'other:x:9:9::/:/bin/sh\n')]

  it.each<readonly [string, ReadonlyArray<ReadonlyArray<Entry>>]>([
    ['one layer', [BASE]],
    ['an upper layer that replaces a file', [BASE, [directory('etc'), file('etc/passwd', 'new:x:1:1::/:/bin/sh\n')]]],
    ['a whiteout', [BASE, [directory('etc'), file('etc/.wh.group', '')]]],
    ['a whiteout of the directory, and a new one', [BASE, [file('.wh.etc', '')], [directory('etc'), file('etc/group', 'g:x:1:\n')]]],
    ['a symbolic link in the place of a file', [BASE, [directory('etc'), link('etc/passwd', '/usr/share/other')]]],
    ['a symbolic link in the place of the directory', [BASE, [link('etc', 'usr/share')]]],
    ['a hard link in the same layer', [BASE, [directory('usr'), directory('usr/share'), file('usr/share/third', 'third:x:3:3::/:/bin/sh\n'), directory('etc'), link('etc/passwd', 'usr/share/third', 'link')]]],
    ['no accounts', [[directory('srv')]]]
  ])('agree on the accounts: %s', async (what, layers) => {
    const repository = `team/i${String(what.length)}x${String(layers.length)}${what.replace(/[^a-z]/g, '')}`
    await shelf.put(`${repository}:1`, { layers, config: { Cmd: ['sh'], User: '0', StopSignal: 'SIGQUIT' } })
    const name = `${shelf.host}/${repository}:1`
    const lock = fresh()
    const one = job('agree', { image: name })
    await ok([one], { lock })
    right(await leases.hold(containerd, 'test', 'test', 600)())
    right(await pull(containerd, { ...BOUNDS, name, lease: 'test', timeoutMs: 30_000, logins: {} })())
    right(await unpackImage(containerd, { ...BOUNDS, name, snapshotter: 'overlayfs', lease: 'test' })())
    const facts = await factsCommand(one, { plugin })
    expect([facts.exitCode, facts.stderr]).toEqual([0, ''])
    // What the image's links make of places is known only where it is unpacked.
    const { images } = JSON.parse(facts.stdout, (key, value: unknown) => (key === 'places' ? undefined : value)) as { readonly images: unknown }
    expect((JSON.parse(fs.readFileSync(lock, 'utf8')) as { readonly images: unknown }).images).toEqual(images)
  })
})
