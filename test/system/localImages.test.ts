import { execFile, execFileSync } from 'node:child_process'
import * as fs from 'node:fs'
import * as path from 'node:path'
import { promisify } from 'node:util'
import * as zlib from 'node:zlib'

import * as E from 'fp-ts/Either'

import { Failure } from '../../src/core/domain/Failure'
import { OWN_IMAGES } from '../../src/core/domain/labels'
import { NO_VERIFIER } from '../../src/core/plan/Verifier'
import { connect, Containerd } from '../../src/effects/containerd/Containerd'
import * as leases from '../../src/effects/containerd/leases'
import { ARCHITECTURE } from '../../src/effects/host/architecture'
import { loadImage } from '../../src/effects/image/loadImage'
import { GetImageResponse, ListImagesResponse } from '../../src/generated/containerd/images'
import { WaitTaskResponse } from '../../src/generated/nomad/driver'
import { Allocation, makeAllocation } from './harness/allocation'
import { PrivateContainerd, startContainerd } from './harness/containerd'
import { settled } from './harness/leftovers'
import { ask, launch, Plugin } from './harness/plugin'
import { digestOf, Entry, file, openShelf, Shelf, tarOf } from './harness/shelf'

// Images that a task brings along, as skopeo and `docker save` write them.

let daemon: PrivateContainerd
let containerd: Containerd
let plugin: Plugin
let shelf: Shelf
let scratch: string
const made: Array<Allocation> = []

const BUSYBOX: Entry = [{ name: 'bin/busybox', mode: 0o755 }, fs.readFileSync('/bin/busybox') as unknown as string]
const layers = (text: string): ReadonlyArray<ReadonlyArray<Entry>> => [[BUSYBOX], [file('said', `${text}\n`)]]
const config = { Entrypoint: ['/bin/busybox', 'cat', '/said'] }

// The registry is this very process: nothing here may wait without listening.
const skopeo = async (to: string, from = 'app:1', ...more: ReadonlyArray<string>): Promise<void> => {
  await promisify(execFile)('skopeo', ['--insecure-policy', 'copy', '--src-tls-verify=false', ...more, `docker://${shelf.host}/team/${from}`, to])
}

beforeAll(async () => {
  shelf = await openShelf()
  daemon = await startContainerd()
  scratch = path.join(daemon.directory, 'scratch')
  fs.mkdirSync(scratch)
  containerd = connect(daemon.address, daemon.namespace)
  plugin = await launch({ containerd_runtime: 'io.containerd.runc.v2', address: daemon.address, namespace: daemon.namespace, state_dir: path.join(daemon.directory, 'files') })
  await shelf.put('team/app:1', { layers: layers('app 1'), config, architecture: ARCHITECTURE })
  await shelf.put('team/app:2', { layers: layers('app 2'), config, architecture: ARCHITECTURE })
})

const images = async (): Promise<ReadonlyArray<string>> =>
  (await ask<ListImagesResponse>((done) => containerd.images.list({ filters: [] }, containerd.headers(), done))).images.map(({ name }) => name)

afterEach(async () => {
  for (const one of made) await ask((done) => plugin.driver.destroyTask({ taskId: one.config.id, force: true }, done))
  expect(await settled(containerd)).toEqual([])
  expect((await images()).filter((name) => name.startsWith(OWN_IMAGES))).toEqual([])
  for (const one of made.splice(0)) one.remove()
})

afterAll(async () => {
  await plugin.kill()
  containerd.close()
  await daemon.stop()
  await shelf.stop()
})

/** Runs a task with files of its own; resolves to what it said, or to why it did not start. */
const run = async (options: Readonly<Record<string, unknown>>, bring: (taskDir: string) => void): Promise<string> => {
  const one = makeAllocation({ config: options })
  made.push(one)
  bring(path.join(one.dir, 'web'))
  const asked = shelf.requests.length
  try {
    await ask((done) => plugin.driver.startTask({ task: one.config }, done))
  } catch (thrown) {
    return (thrown as Error).message
  }
  expect((await images()).filter((name) => name.startsWith(OWN_IMAGES))).not.toEqual([])
  await ask<WaitTaskResponse>((done) => plugin.driver.waitTask({ taskId: one.config.id }, done))
  await one.outputEnds
  // Nothing came from the registry while it was started.
  expect(shelf.requests.slice(asked)).toEqual([])
  return `${one.stdout()}${one.stderr()}`
}

const saved = async (name: string, transport: string, reference = '', from = 'app:1'): Promise<string> => {
  const at = path.join(scratch, name)
  if (!fs.existsSync(at)) await skopeo(`${transport}:${at}${reference}`, from)
  return at
}

const copied = (from: string, to: string) => (taskDir: string): void => {
  fs.cpSync(from, path.join(taskDir, to), { recursive: true })
}

const gzipped = (from: string, to: string) => (taskDir: string): void => {
  fs.writeFileSync(path.join(taskDir, to), zlib.gzipSync(fs.readFileSync(from)))
}

describe('load, as the docker driver has it', () => {
  const tar = (): Promise<string> => saved('docker.tar', 'docker-archive', ':team/app:1')

  it('runs what `docker save` wrote, plain and compressed, and takes it away with the task', async () => {
    expect(await run({ image: 'team/app:1', load: 'web.tar' }, copied(await tar(), 'local/web.tar'))).toBe('app 1\n')
    expect(await run({ image: 'docker.io/team/app:1', load: 'web.tar.gz' }, gzipped(await tar(), 'local/web.tar.gz'))).toBe('app 1\n')
  })

  it('runs an OCI layout as a tar', async () => {
    expect(await run({ image: 'app:1.0', load: 'oci.tar' }, copied(await saved('oci.tar', 'oci-archive', ':1.0'), 'local/oci.tar'))).toBe('app 1\n')
  })

  it('takes the place of no image that others run', async () => {
    const name = `${shelf.host}/team/app:2`
    expect(await run({ image: 'team/app:1', load: 'web.tar' }, copied(await tar(), 'local/web.tar'))).toBe('app 1\n')
    await promisify(execFile)('ctr', ['--address', daemon.address, '--namespace', daemon.namespace, 'images', 'pull', '--plain-http', name])
    const digest = async (): Promise<string | undefined> =>
      (await ask<GetImageResponse>((done) => containerd.images.get({ name }, containerd.headers(), done))).image?.target?.digest
    const before = await digest()
    await run({ image: name, load: 'web.tar' }, copied(await saved('named.tar', 'docker-archive', `:${shelf.host}/team/app:2`), 'local/web.tar'))
    expect(before).toMatch(/^sha256:/)
    expect(await digest()).toBe(before)
  })

  it('says which images the archive has, where it is not that one', async () => {
    expect(await run({ image: 'team/app:9', load: 'web.tar' }, copied(await tar(), 'local/web.tar'))).toContain('has no image docker.io/team/app:9; it has docker.io/team/app:1')
  })

  it('says what is not there, and follows no link', async () => {
    expect(await run({ image: 'team/app:1', load: 'web.tar' }, () => undefined)).toContain('there is nothing at')
    const there = await tar()
    const link = (taskDir: string): void => { fs.symlinkSync(there, path.join(taskDir, 'local/web.tar')) }
    expect(await run({ image: 'team/app:1', load: 'web.tar' }, link)).toContain('web.tar is a link')
    const above = (taskDir: string): void => { fs.symlinkSync(scratch, path.join(taskDir, 'local/more')) }
    expect(await run({ image: 'team/app:1', load: 'more/docker.tar' }, above)).toContain('more is a link')
    const pipe = (taskDir: string): void => { execFileSync('mkfifo', [path.join(taskDir, 'local/web.tar')]) }
    expect(await run({ image: 'team/app:1', load: 'web.tar' }, pipe)).toContain('is no file')
  })
})

describe('an image by its transport', () => {
  it('oci-archive: by its name, by the only one in it, and as a tag', async () => {
    const tar = await saved('oci.tar', 'oci-archive', ':1.0')
    expect(await run({ image: 'oci-archive:local/app.tar' }, copied(tar, 'local/app.tar'))).toBe('app 1\n')
    expect(await run({ image: 'oci-archive:/local/app.tar:1.0' }, copied(tar, 'local/app.tar'))).toBe('app 1\n')
    expect(await run({ image: 'oci-archive:local/app.tar:2.0' }, copied(tar, 'local/app.tar'))).toContain('has no image 2.0; it has 1.0')
    expect(await run({ image: 'docker-archive:local/app.tar' }, copied(tar, 'local/app.tar'))).toContain('has no manifest.json of `docker save`')
  })

  it('docker-archive', async () => {
    expect(await run({ image: 'docker-archive:local/app.tar' }, copied(await saved('docker.tar', 'docker-archive', ':team/app:1'), 'local/app.tar'))).toBe('app 1\n')
  })

  it('oci: a directory, with several images in it', async () => {
    const layout = path.join(scratch, 'layout')
    await skopeo(`oci:${layout}:one`)
    await skopeo(`oci:${layout}:two`, 'app:2')
    expect(await run({ image: 'oci:local/layout:two' }, copied(layout, 'local/layout'))).toBe('app 2\n')
    expect(await run({ image: 'oci:/alloc/data/layout:one' }, (dir) => { copied(layout, '../alloc/data/layout')(dir) })).toBe('app 1\n')
    expect(await run({ image: 'oci:local/layout' }, copied(layout, 'local/layout'))).toContain('has several images, one, two: name one')
  })

  it.each<readonly [string, string, (tar: Buffer) => Buffer]>([
    ['zstd', '+zstd', (tar) => execFileSync('zstd', ['-c'], { input: tar, maxBuffer: 2 ** 26, stdio: ['pipe', 'pipe', 'ignore'] })],
    ['gzip', '+gzip', (tar) => zlib.gzipSync(tar)], ['nothing', '', (tar) => tar]
  ])('layers that %s has compressed', async (_what, suffix, packed) => {
    const tars = await Promise.all([[BUSYBOX], [file('said', `packed${suffix}\n`)]].map((entries) => tarOf(entries)))
    const blobs = tars.map(packed)
    const blob = (bytes: Buffer, mediaType: string): { mediaType: string; digest: string; size: number } => ({ mediaType, digest: digestOf(bytes), size: bytes.length })
    const document = Buffer.from(JSON.stringify({ architecture: ARCHITECTURE, os: 'linux', config, rootfs: { type: 'layers', diff_ids: tars.map(digestOf) } }))
    const manifest = Buffer.from(JSON.stringify({
      schemaVersion: 2, mediaType: 'application/vnd.oci.image.manifest.v1+json', config: blob(document, 'application/vnd.oci.image.config.v1+json'),
      layers: blobs.map((one) => blob(one, `application/vnd.oci.image.layer.v1.tar${suffix}`))
    }))
    const index = JSON.stringify({ schemaVersion: 2, manifests: [blob(manifest, 'application/vnd.oci.image.manifest.v1+json')] })
    const entries = [...blobs, document, manifest].map((bytes): Entry => [{ name: `blobs/sha256/${digestOf(bytes).slice('sha256:'.length)}` }, bytes as unknown as string])
    const archive = await tarOf([file('oci-layout', '{"imageLayoutVersion":"1.0.0"}'), file('index.json', index), ...entries])
    const bring = (taskDir: string): void => { fs.writeFileSync(path.join(taskDir, 'local/made.tar'), archive) }
    expect(await run({ image: 'made:1', load: 'made.tar' }, bring)).toBe(`packed${suffix}\n`)
    expect(await run({ image: 'oci-archive:local/made.tar' }, bring)).toBe(`packed${suffix}\n`)
  })

  it('an archive for several platforms gives the one of this host', async () => {
    const one = await shelf.put('team/many:own', { layers: layers('own'), config, architecture: ARCHITECTURE })
    const other = await shelf.put('team/many:other', { layers: layers('other'), config, architecture: 's390x' })
    shelf.index('team/many:1', [other, one])
    await skopeo(`oci-archive:${scratch}/many.tar:1`, 'many:1', '--multi-arch', 'all')
    expect(await run({ image: 'oci-archive:local/many.tar' }, copied(path.join(scratch, 'many.tar'), 'local/many.tar'))).toBe('own\n')
  })
})

describe('an archive that is made to harm', () => {
  const load = async (entries: ReadonlyArray<Entry>, more: object = {}): Promise<Failure | undefined> => {
    const at = path.join(scratch, 'made.tar')
    fs.writeFileSync(at, await tarOf(entries))
    await leases.hold(containerd, 'load', 'test', 600)()
    const outcome = await loadImage(containerd, {
      _tag: 'LoadImage', image: `${OWN_IMAGES}x:own`, transport: 'archive', path: at, below: scratch, named: '', platform: '', lease: 'load',
      timeoutMs: 20_000, maxLayers: 3, maxBytes: 1_000_000, verifier: NO_VERIFIER, ...more
    }, { owner: 'test', signal: new AbortController().signal })()
    await leases.release(containerd, 'load', true)()
    return E.isLeft(outcome) ? outcome.left : undefined
  }
  const layer = Buffer.from('a layer')
  const json = (value: unknown): string => JSON.stringify(value)
  const configOf = (...diffIds: ReadonlyArray<string>): string => json({ architecture: ARCHITECTURE, os: 'linux', rootfs: { type: 'layers', diff_ids: diffIds } })
  const docker = (index: unknown, ...more: ReadonlyArray<Entry>): ReadonlyArray<Entry> => [file('manifest.json', json(index)), file('c.json', configOf(digestOf(layer))), file('l.tar', layer.toString()), ...more]

  it.each<readonly [string, ReadonlyArray<Entry>, string]>([
    ['no tar', [], 'has neither a manifest.json'],
    ['another document', docker({ a: 1 }), 'has a manifest.json that is none of `docker save`'],
    ['paths out of it', docker([{ Config: '../../etc/passwd', Layers: [] }]), 'names "../../etc/passwd", which it has not'],
    ['links out of it', docker([{ Config: 'c.json', Layers: ['out'] }], [{ name: 'out', type: 'symlink', linkname: '../../../etc/passwd' }]), 'names "out", which it has not'],
    ['links in a circle', docker([{ Config: 'c.json', Layers: ['a'] }], [{ name: 'a', type: 'symlink', linkname: 'a' }]), 'names "a", which it has not'],
    ['fewer layers than its config', docker([{ Config: 'c.json', Layers: [] }]), 'do not agree on the layers'],
    ['a layer of another content', [file('manifest.json', json([{ Config: 'c.json', Layers: ['l.tar'] }])), file('c.json', configOf(digestOf(Buffer.from('other')))), file('l.tar', 'a layer')], 'unexpected commit digest'],
    ['too many layers', [file('manifest.json', json([{ Config: 'c.json', Layers: ['l.tar', 'l.tar', 'l.tar', 'l.tar'] }])), file('c.json', configOf(...Array.from({ length: 4 }, () => digestOf(layer)))), file('l.tar', 'a layer')], '`images.max_layers`'],
    ['a blob whose name is another digest', [file('index.json', json({ manifests: [{ mediaType: 'application/vnd.oci.image.manifest.v1+json', digest: `sha256:${'a'.repeat(64)}`, size: 2 }] })), file(`blobs/sha256/${'a'.repeat(64)}`, '{}')], 'whose content is sha256:']
  ])('%s is refused in words', async (_what, entries, words) => {
    const failure = await load(entries)
    expect(failure).toMatchObject({ _tag: 'Invalid', doing: expect.stringContaining('load ') as string })
    expect(failure?.detail).toContain(words)
    expect((await images()).filter((name) => name.startsWith(OWN_IMAGES))).toEqual([])
  })

  it('too large: is refused before a layer is stored', async () => {
    expect(await load(docker([{ Config: 'c.json', Layers: ['l.tar'] }]), { maxBytes: 3 })).toMatchObject({ detail: expect.stringContaining('`images.max_size`') as string })
  })
})
