import { execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import * as path from 'node:path'
import * as zlib from 'node:zlib'

import { Plan } from '../../src/core/plan/Plan'
import { ImageLimits, planFetch } from '../../src/core/plan/plans'
import * as explain from '../../src/core/report/explain'
import { connect, Containerd } from '../../src/effects/containerd/Containerd'
import { machine } from '../../src/effects/machine'
import { execute, Workshop } from '../../src/effects/ports/execute'
import { systemClock } from '../../src/effects/ports/systemClock'
import { PrivateContainerd, startContainerd } from '../system/harness/containerd'
import { sleep } from '../system/harness/process'
import { tarOf } from '../system/harness/shelf'
import { digestOf, endless, GZIP, Hostile, hostile, image, INDEX, Layer, layer, MANIFEST, TAR } from './harness/hostile'

let daemon: PrivateContainerd
let containerd: Containerd
let registry: Hostile
const warnings: Array<string> = []
const warned = (warning: Error): void => { warnings.push(warning.name) }

beforeAll(async () => {
  process.on('warning', warned)
  daemon = await startContainerd()
  containerd = connect(daemon.address, daemon.namespace)
})

afterAll(async () => {
  process.off('warning', warned)
  containerd.close()
  await daemon.stop()
})

beforeEach(async () => { registry = await hostile() })

afterEach(async () => {
  await registry.stop()
  forget()
})

/** Removes what is recorded as an image, and with it all that it kept. */
const forget = (): void => { for (const name of ctr('images', 'list', '-q').split('\n')) if (name !== '') ctr('images', 'remove', '--sync', name) }

const LIMITS: ImageLimits = { maxLayers: 128, maxBytes: 2 ** 35, maxUnpackedBytes: 2 ** 37, parallelDownloads: 6, parallelUnpacks: 6 }

const MB = 1024 * 1024

const planOf = (limits: Partial<ImageLimits> = {}, timeoutMs = 60_000): Plan =>
  planFetch({ owner: 'attack', name: `${registry.host}/team/app:1`, platform: '', snapshotter: 'overlayfs', hosts: '', silenceMs: 60_000, timeoutMs }, { ...LIMITS, ...limits }, 'always')

/** Fetches the image as a start does; its end in words. */
const fetched = async (limits: Partial<ImageLimits> = {}, timeoutMs?: number): Promise<string> => {
  const plan = planOf(limits, timeoutMs)
  return explain.report(await execute(workshop(), plan, { signal: AbortSignal.timeout(timeoutMs ?? 60_000) }))
}

const workshop = (): Workshop => ({ machine: machine(containerd), clock: systemClock })

const ctr = (...args: ReadonlyArray<string>): string =>
  execFileSync('ctr', ['--address', daemon.address, '--namespace', daemon.namespace, ...args], { encoding: 'utf8' })

/** The names in a table without its head. */
const rows = (text: string): ReadonlyArray<string> => text.trim().split('\n').slice(1).map((row) => row.split(/\s/)[0] ?? '')

/** What a fetch that was taken back leaves: nothing, once containerd has collected. */
const remains = async (): Promise<ReadonlyArray<string>> => {
  for (let tries = 0; ; tries += 1) {
    const found = [
      ...rows(ctr('content', 'active')).map((one) => `ingest ${one}`), ...rows(ctr('leases', 'list')).map((one) => `lease ${one}`),
      ...rows(ctr('snapshots', 'list')).map((one) => `snapshot ${one}`), ...rows(ctr('content', 'list')).map((one) => `blob ${one}`)
    ]
    if (found.length === 0 || tries > 40) return found
    // A collection is due when something was deleted: this is the something.
    ctr('leases', 'create', '--id', 'nudge')
    ctr('leases', 'delete', '--sync', 'nudge')
    await sleep(100)
  }
}

const blobs = (): number => registry.seen.filter(({ path: at }) => at.includes('/blobs/')).length

/** Bytes on disk below one of containerd's directories. */
const stored = (store: string): number =>
  Number(execFileSync('du', ['-s', '--block-size=1', path.join(daemon.directory, 'root', store)], { encoding: 'utf8' }).split('\t')[0])

const random = (length: number): Layer => layer(registry, randomBytes(length))

const hangs = (digest: string, size?: number): void => { registry.on.set(`/v2/team/app/blobs/${digest}`, endless(size)) }

const diffs = (count: number): ReadonlyArray<string> => Array.from({ length: count }, (_, index) => digestOf(String(index)))

describe('a registry that answers 404 for one layer and an endless body for another', () => {
  it('ends the whole pull: nothing is downloaded or written any more, nothing is left, and the next pull works', async () => {
    const layers = [random(1000), ...Array.from({ length: 4 }, () => random(50 * MB))] as const
    image(registry, '1', layers, diffs(5))
    // The 404 comes when the others are well on their way.
    registry.on.set(`/v2/team/app/blobs/${layers[0].digest}`, (_request, response) => { setTimeout(() => { response.writeHead(404).end() }, 150) })
    for (const { digest, size } of layers.slice(1)) {
      registry.on.set(`/v2/team/app/blobs/${digest}`, (_request, response) => {
        response.writeHead(200, { 'content-length': size })
        const drip = setInterval(() => { response.write(Buffer.alloc(100)) }, 10)
        response.once('close', () => { clearInterval(drip) })
      })
    }
    const start = Date.now()
    const said = await fetched()
    expect(said).toBe(`pull ${registry.host}/team/app:1: registry ${registry.host} has no blob ${layers[0].digest}, which its manifest names`)
    expect(Date.now() - start).toBeLessThan(10_000)
    await sleep(100)
    expect(registry.running()).toBe(0)
    expect(await remains()).toEqual([])
    registry.on.clear()
    const tar = await tarOf([[{ name: 'a' }, 'b']])
    image(registry, '1', [layer(registry, tar)], [digestOf(tar)])
    expect(await fetched()).toBe('completed')
  })

  it('also when the time is up in the midst of it', async () => {
    const layers = [random(50 * MB), random(50 * MB)]
    image(registry, '1', layers, diffs(2))
    for (const { digest } of layers) registry.on.set(`/v2/team/app/blobs/${digest}`, (_request, response) => { response.writeHead(200).write('x') })
    expect(await fetched({}, 700)).toBe(`pull ${registry.host}/team/app:1: took longer than image_pull_timeout (700 ms)`)
    await sleep(100)
    expect(registry.running()).toBe(0)
    expect(await remains()).toEqual([])
  })

  it('and the same blob can be written at once by the next pull: no lock is kept', async () => {
    const tar = await tarOf([[{ name: 'big' }, 'x'.repeat(3 * MB)]])
    const [one, missing] = [layer(registry, tar), random(10)]
    image(registry, '1', [one, missing], [digestOf(tar), digestOf('')])
    registry.on.set(`/v2/team/app/blobs/${one.digest}`, (_request, response) => { response.writeHead(200, { 'content-length': tar.length }).write(tar.subarray(0, 2 * MB)) })
    registry.on.set(`/v2/team/app/blobs/${missing.digest}`, (_request, response) => { setTimeout(() => { response.writeHead(404).end() }, 200) })
    expect(await fetched()).toContain('has no blob')
    registry.on.clear()
    image(registry, '1', [one], [digestOf(tar)])
    const start = Date.now()
    expect(await fetched()).toBe('completed')
    expect(Date.now() - start).toBeLessThan(5000)
  })
})

describe('a registry that sends more than the manifest says', () => {
  it('is cut at the size: nothing above it is stored, and the connection is closed', async () => {
    const one = random(1000)
    image(registry, '1', [one], diffs(1))
    hangs(one.digest)
    const before = stored('io.containerd.content.v1.content')
    expect(await fetched()).toBe(
      `pull ${registry.host}/team/app:1: registry ${registry.host} answers more bytes for blob ${one.digest}, which has 1000 by its manifest`)
    expect(stored('io.containerd.content.v1.content') - before).toBeLessThan(MB)
    await sleep(100)
    expect(registry.running()).toBe(0)
    expect(await remains()).toEqual([])
  })

  it('or announces more: is refused before a byte is read', async () => {
    const one = random(1000)
    image(registry, '1', [one], diffs(1))
    hangs(one.digest, 10 ** 12)
    expect(await fetched()).toContain(`answers ${String(10 ** 12)} bytes for blob ${one.digest}, which has 1000 by its manifest`)
    await sleep(100)
    expect(registry.running()).toBe(0)
  })

  it('or less: can be tried again', async () => {
    const one = random(1000)
    image(registry, '1', [one], diffs(1))
    registry.on.set(`/v2/team/app/blobs/${one.digest}`, (_request, response) => { response.writeHead(200).end('x') })
    const report = await execute(workshop(), planOf())
    expect(report).toMatchObject({ cause: { _tag: 'Unavailable', detail: `registry ${registry.host} broke off blob ${one.digest} after 1 of 1000 bytes: it ended` } })
    expect(await remains()).toEqual([])
  })

  it('or others than their digest says: nothing is kept', async () => {
    const one = random(1000)
    image(registry, '1', [one], diffs(1))
    registry.on.set(`/v2/team/app/blobs/${one.digest}`, (_request, response) => { response.writeHead(200).end(Buffer.alloc(1000)) })
    expect(await fetched()).toMatch(new RegExp(`^pull ${registry.host}/team/app:1: write blob ${one.digest}: .*digest`))
    expect(await remains()).toEqual([])
  })
})

describe('an image that is too much', () => {
  it('in layers: one blob listed 2,000 times is refused before any blob is asked for', async () => {
    const one = random(1000)
    image(registry, '1', Array.from({ length: 2000 }, () => one), diffs(2000))
    expect(await fetched()).toBe(`pull ${registry.host}/team/app:1: it has 2000 layers, and the plugin option \`images.max_layers\` allows 128`)
    expect(blobs()).toBe(0)
    expect(await remains()).toEqual([])
  })

  it('in layers that are all different: 10,000 of them are refused before any blob is asked for', async () => {
    const layers = Array.from({ length: 10_000 }, (_none, index) => ({ mediaType: TAR, digest: digestOf(String(index)), size: 1000 }))
    const body = Buffer.from(JSON.stringify({ schemaVersion: 2, mediaType: MANIFEST, config: random(5), layers }))
    registry.manifests.set('1', { type: MANIFEST, body })
    const began = Date.now()
    expect(await fetched()).toBe(`pull ${registry.host}/team/app:1: it has 10000 layers, and the plugin option \`images.max_layers\` allows 128`)
    expect(Date.now() - began).toBeLessThan(3000)
    expect(blobs()).toBe(0)
    expect(await remains()).toEqual([])
  })

  it('in its index, which leads to itself because the registry answers another document than its digest says', async () => {
    const digest = digestOf('anything')
    const body = Buffer.from(JSON.stringify({ schemaVersion: 2, manifests: [{ mediaType: INDEX, digest, size: 1 }] }))
    const circle = Buffer.from(JSON.stringify({ schemaVersion: 2, manifests: [{ mediaType: INDEX, digest, size: body.length }] }))
    for (const name of ['1', digest]) registry.manifests.set(name, { type: INDEX, body: circle })
    registry.seen.length = 0
    expect(await fetched()).toContain(`sha256:`)
    expect(registry.seen.length).toBeLessThan(10)
    expect(await remains()).toEqual([])
  })

  it('in bytes: is refused before any blob is asked for; what is listed twice counts once', async () => {
    const one = random(600)
    image(registry, '1', [one, one], diffs(2))
    expect(await fetched({ maxBytes: 599 })).toBe(`pull ${registry.host}/team/app:1: its layers have 600 bytes, and the plugin option \`images.max_size\` allows 599`)
    expect(blobs()).toBe(0)
    expect(await fetched({ maxBytes: 600 })).not.toContain('images.max_size')
  })

  it.each<readonly [string, () => object, RegExp]>([
    ['a size below zero', () => ({ layers: [{ ...random(5), size: -5 }] }), /is no image manifest/],
    ['a size that no number holds', () => ({ layers: [{ ...random(5), size: 1e300 }] }), /is no image manifest/],
    ['a digest that is a path', () => ({ layers: [{ ...random(5), digest: '../../../../_catalog' }] }), /is no image manifest/],
    ['two sizes of one blob', () => { const one = random(5); return { layers: [one, { ...one, size: 6 }] } }, /says two sizes of blob/],
    ['a config of 1 GB', () => ({ config: { ...random(5), size: 10 ** 9 } }), /has a config of 1000000000 bytes/]
  ])('in what its manifest says: %s', async (_name, parts, words) => {
    const body = Buffer.from(JSON.stringify({ schemaVersion: 2, mediaType: MANIFEST, config: random(5), layers: [], ...parts() }))
    registry.manifests.set('1', { type: MANIFEST, body })
    expect(await fetched()).toMatch(words)
    expect(blobs()).toBe(0)
  })

  it('in its manifest: more than 4 MiB are not read, announced or not', async () => {
    for (const length of [10 ** 9, undefined]) {
      registry.on.set('/v2/team/app/manifests/1', (request, response) => {
        response.setHeader('content-type', MANIFEST)
        endless(length)(request, response)
      })
      expect(await fetched()).toContain(`registry ${registry.host} answers more than 4194304 bytes at ${registry.host}`)
      await sleep(100)
      expect(registry.running()).toBe(0)
    }
  })

  it('in its index: more than 1,000 entries are refused; one that names itself leads nowhere', async () => {
    const entry = { mediaType: MANIFEST, digest: digestOf('x'), size: 1, platform: { os: 'linux', architecture: 'amd64' } }
    registry.manifests.set('1', { type: INDEX, body: Buffer.from(JSON.stringify({ manifests: Array.from({ length: 1001 }, () => entry) })) })
    expect(await fetched()).toContain('is an index of 1001 images, more than 1000')
    const inner = Buffer.from(JSON.stringify({ manifests: [entry] }))
    registry.manifests.set(digestOf(inner), { type: INDEX, body: inner })
    registry.manifests.set('1', { type: INDEX, body: Buffer.from(JSON.stringify({ manifests: [{ ...entry, mediaType: INDEX, digest: digestOf(inner), size: inner.length }] })) })
    expect(await fetched()).toContain('has no such image')
    expect(registry.seen.length).toBeLessThan(10)
    registry.seen.length = 0
    const body = (below: Buffer | undefined): Buffer => Buffer.from(JSON.stringify({ manifests: below === undefined ? [] : [{ mediaType: INDEX, digest: digestOf(below), size: below.length }] }))
    let top = body(undefined)
    for (let deep = 0; deep < 30; deep += 1) {
      registry.manifests.set(digestOf(top), { type: INDEX, body: top })
      top = body(top)
    }
    registry.manifests.set('1', { type: INDEX, body: top })
    expect(await fetched()).toContain('leads through more than 16 indexes')
    expect(registry.seen.length).toBeLessThan(25)
  })
})

describe('an image of many layers', () => {
  it('is downloaded a few at a time, each blob once, and Node warns of nothing', async () => {
    const tars = await Promise.all(Array.from({ length: 40 }, (_, index) => tarOf([[{ name: `f${String(index)}` }, 'x'.repeat(1000)]])))
    const layers = tars.map((tar) => layer(registry, tar))
    const asked: Array<number> = []
    let now = 0
    for (const { digest } of layers) {
      registry.on.set(`/v2/team/app/blobs/${digest}`, (_request, response) => {
        now += 1
        asked.push(now)
        setTimeout(() => { now -= 1; response.end(registry.blobs.get(digest)) }, 200)
      })
    }
    image(registry, '1', [...layers, ...layers.slice(0, 5)], [...tars, ...tars.slice(0, 5)].map(digestOf))
    expect(await fetched()).toBe('completed')
    expect(Math.max(...asked)).toBe(6)
    expect(blobs()).toBe(41)
    expect(warnings).toEqual([])
  })
})

/** A layer of one file of zeros, `chunks` times 64 MiB of them in a few KB each. */
const bombOf = (chunks: number): Buffer => {
  const header = Buffer.alloc(512)
  header.write('zeros', 0)
  header.write('0000644\0', 100)
  header.write('0000000\0', 108)
  header.write('0000000\0', 116)
  header.write(`${(chunks * 64 * MB).toString(8).padStart(11, '0')}\0`, 124)
  header.write('00000000000\0', 136)
  header.write('        0ustar\u000000', 148)
  header.write(`${header.reduce((sum, one) => sum + one, 0).toString(8).padStart(6, '0')}\0 `, 148)
  const zeros = zlib.gzipSync(Buffer.alloc(64 * MB))
  return Buffer.concat([zlib.gzipSync(header), ...Array.from({ length: chunks }, () => zeros), zlib.gzipSync(Buffer.alloc(1024))])
}

describe('an image that grows when it is unpacked', () => {
  const snapshotsOnly = (): number => stored('io.containerd.snapshotter.v1.overlayfs')

  it('beyond the ceiling: is stopped in the midst of its layer, and its snapshot is gone', async () => {
    image(registry, '1', [layer(registry, bombOf(64), GZIP)], diffs(1))
    const before = snapshotsOnly()
    const said = await fetched({ maxUnpackedBytes: 40 * MB })
    expect(said).toMatch(new RegExp(`^unpack ${registry.host}/team/app:1, layer sha256:.*: it takes more than ${String(40 * MB)} bytes on disk, which is what the plugin option \`images.max_unpacked_size\` allows$`))
    expect(rows(ctr('snapshots', 'list'))).toEqual([])
    await sleep(500)
    expect(snapshotsOnly() - before).toBeLessThan(MB)
    forget()
    expect(await remains()).toEqual([])
  })

  it('in number: empty files count too', async () => {
    const tar = await tarOf(Array.from({ length: 3000 }, (_, index) => [{ name: `f${String(index)}` }, '']))
    image(registry, '1', [layer(registry, tar)], [digestOf(tar)])
    expect(await fetched({ maxUnpackedBytes: 10 * MB })).toContain('images.max_unpacked_size')
    forget()
    expect(await remains()).toEqual([])
  })

  it('a layer at a time: the sum counts, of what was there before too', async () => {
    const tars = await Promise.all([1, 2, 3].map((index) => tarOf([[{ name: `f${String(index)}` }, 'x'.repeat(2 * MB)]])))
    image(registry, '1', tars.map((tar) => layer(registry, tar)), tars.map(digestOf))
    expect(await fetched({ maxUnpackedBytes: 5 * MB })).toContain('images.max_unpacked_size')
    expect(await fetched({ maxUnpackedBytes: 7 * MB })).toBe('completed')
    expect(await fetched({ maxUnpackedBytes: 5 * MB })).toContain('images.max_unpacked_size')
  })

  it('for longer than image_pull_timeout, the download included: is stopped, and its snapshot is gone', async () => {
    const bomb = bombOf(64)
    const one = layer(registry, bomb, GZIP)
    image(registry, '1', [one], diffs(1))
    registry.on.set(`/v2/team/app/blobs/${one.digest}`, (_request, response) => { setTimeout(() => { response.end(bomb) }, 2500) })
    const before = snapshotsOnly()
    const start = Date.now()
    // Its layers are unpacked while others are still to come.
    expect(await fetched({}, 4000)).toBe(`pull ${registry.host}/team/app:1: took longer than image_pull_timeout (4000 ms)`)
    expect(Date.now() - start).toBeLessThan(7000)
    expect(rows(ctr('snapshots', 'list'))).toEqual([])
    await sleep(500)
    expect(snapshotsOnly() - before).toBeLessThan(MB)
  })
})
