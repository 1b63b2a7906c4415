import { execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import * as zlib from 'node:zlib'

import * as E from 'fp-ts/Either'

import { Secret } from '../../src/core/domain/Secret'
import { connect, Containerd } from '../../src/effects/containerd/Containerd'
import * as leases from '../../src/effects/containerd/leases'
import { pull } from '../../src/effects/image/pull'
import { unpackImage } from '../../src/effects/image/unpack'
import { digestOf, GZIP, Hostile, hostile, image, Layer, layer } from '../attacks/harness/hostile'
import { BOUNDS } from './harness/bounds'
import { PrivateContainerd, startContainerd } from './harness/containerd'
import { sleep } from './harness/process'
import { right } from './harness/right'
import { tarOf } from './harness/shelf'

let daemon: PrivateContainerd
let containerd: Containerd
let registry: Hostile

beforeAll(async () => {
  daemon = await startContainerd()
  containerd = connect(daemon.address, daemon.namespace)
})

beforeEach(async () => { registry = await hostile() })

afterEach(() => registry.stop())

afterAll(async () => {
  containerd.close()
  await daemon.stop()
})

const ctr = (...args: ReadonlyArray<string>): string =>
  execFileSync('ctr', ['--address', daemon.address, '--namespace', daemon.namespace, ...args], { encoding: 'utf8' })

let counter = 0

type Outcome = E.Either<{ readonly _tag: string; readonly detail: string }, void>

interface Heard { readonly bytes: number; readonly ofBytes: number }

/** One task's pull, under a lease of its own, as its plan does it. */
const task = async (how: { readonly signal?: AbortSignal; readonly password?: string; readonly heard?: Array<Heard>; readonly snapshotter?: string; readonly at?: Containerd; readonly maxBytes?: number } = {}): Promise<Outcome> => {
  const lease = `task-${String(counter += 1)}`
  const at = how.at ?? containerd
  right(await leases.hold(at, lease, 'test', 600)())
  const outcome = await pull(at, {
    ...BOUNDS, name: `${registry.host}/team/app:1`, lease, timeoutMs: 30_000, parallel: 3,
    ahead: { snapshotter: how.snapshotter ?? '', maxBytes: how.maxBytes ?? -1, parallel: 4 },
    logins: how.password === undefined ? {} : { login: { registry: registry.host, username: 'me', password: Secret(how.password) } },
    ...(how.signal === undefined ? {} : { signal: how.signal }),
    ...(how.heard === undefined ? {} : { tell: (come) => { how.heard?.push(come) } })
  })()
  // The one that fails gives back what it held.
  right(await (E.isLeft(outcome) ? leases.drop(at, lease, 'test') : leases.release(at, lease))())
  return outcome
}

/** An image whose layers take a while each. */
const slow = async (count: number, ms: number): Promise<ReadonlyArray<Layer>> => {
  const tars = await Promise.all(Array.from({ length: count }, (_, index) => tarOf([[{ name: `f${String(index)}` }, randomBytes(50_000).toString('hex')]])))
  const layers = tars.map((tar) => layer(registry, zlib.gzipSync(tar), GZIP))
  for (const { digest } of layers) {
    registry.on.set(`/v2/team/app/blobs/${digest}`, (_request, response) => {
      const bytes = registry.blobs.get(digest) as Buffer
      response.writeHead(200, { 'content-length': bytes.length })
      response.write(bytes.subarray(0, 1000))
      setTimeout(() => { response.end(bytes.subarray(1000)) }, ms)
    })
  }
  image(registry, '1', layers, tars.map(digestOf))
  return layers
}

const fetched = (): ReadonlyArray<string> => registry.seen.filter(({ path, method }) => method === 'GET' && path.includes('/blobs/')).map(({ path }) => path)

describe('several tasks that want the same new image at once', () => {
  it('fetch each blob once, and all of them hear how far it is', async () => {
    await slow(4, 200)
    const heard = Array.from({ length: 10 }, (): Array<Heard> => [])
    const outcomes = await Promise.all(heard.map((one) => task({ heard: one })))
    expect(outcomes.every(E.isRight)).toBe(true)
    expect(fetched().length).toBe(5)
    expect(new Set(fetched()).size).toBe(5)
    for (const one of heard) {
      expect(one.at(-1)?.bytes).toBe(one.at(-1)?.ofBytes)
      expect(one.map(({ bytes }) => bytes)).toEqual(one.map(({ bytes }) => bytes).toSorted((a, b) => a - b))
    }
    // The last had to hear of it before it was over.
    expect(heard.at(-1)?.length).toBeGreaterThan(2)
  })

  it('share its end: one 404 ends them all', async () => {
    const layers = await slow(2, 300)
    registry.on.set(`/v2/team/app/blobs/${layers[1]?.digest ?? ''}`, (_request, response) => { setTimeout(() => { response.writeHead(404).end() }, 300) })
    const outcomes = await Promise.all([task(), task(), task()])
    for (const one of outcomes) expect(one).toMatchObject({ left: { _tag: 'NotFound', detail: expect.stringContaining('has no blob') as string } })
    expect(fetched().filter((path) => path.endsWith(layers[1]?.digest ?? ''))).toHaveLength(1)
  })

  it('but not the end of one: who is stopped stops for himself, and another takes over', async () => {
    await slow(3, 500)
    const stop = new AbortController()
    const first = task({ signal: stop.signal })
    await sleep(150)
    const second = task()
    await sleep(150)
    stop.abort()
    expect(await first).toMatchObject({ left: { _tag: 'Cancelled' } })
    expect(E.isRight(await second)).toBe(true)
  })

  it('and who only waits can stop waiting', async () => {
    await slow(2, 1500)
    const first = task()
    await sleep(200)
    const stop = new AbortController()
    const second = task({ signal: stop.signal })
    await sleep(100)
    const start = Date.now()
    stop.abort()
    expect(await second).toMatchObject({ left: { _tag: 'Cancelled' } })
    expect(Date.now() - start).toBeLessThan(1000)
    expect(E.isRight(await first)).toBe(true)
  })

  it('each prove that they may have it: who may not gets nothing from the one who may', async () => {
    await slow(2, 400)
    const header = `Basic ${Buffer.from('me:right').toString('base64')}`
    registry.before.guard = ({ url, headers: { authorization } }, response) => {
      if (url === '/v2/' || authorization === header) return false
      response.writeHead(401, { 'www-authenticate': 'Basic realm="x"' }).end()
      return true
    }
    const outcomes = await Promise.all([task({ password: 'right' }), task({ password: 'wrong' }), task(), task({ password: 'right' })])
    expect(outcomes.map((one) => (E.isLeft(one) ? one.left._tag : 'has it'))).toEqual(['has it', 'Denied', 'Denied', 'has it'])
  })

  it('from two drivers on one host: neither fails, and each blob comes once', async () => {
    await slow(4, 200)
    const other = connect(daemon.address, daemon.namespace)
    const outcomes = await Promise.all([task(), task({ at: other }), task(), task({ at: other })])
    other.close()
    expect(outcomes.every(E.isRight)).toBe(true)
    expect(fetched().length).toBe(5)
  })
})

describe('layers that are here', () => {
  const snapshots = (): number => ctr('snapshots', 'list').split('\n').filter((row) => row.includes('sha256:')).length

  it('are unpacked while the next ones come', async () => {
    const layers = await slow(4, 100)
    // The last one waits until the others are unpacked.
    const before = snapshots()
    const state = { seen: 0 }
    const last = layers[3]?.digest ?? ''
    registry.on.set(`/v2/team/app/blobs/${last}`, (_request, response) => {
      const look = setInterval(() => {
        state.seen = snapshots() - before
        if (state.seen < 3) return
        clearInterval(look)
        response.end(registry.blobs.get(last))
      }, 100)
      response.once('close', () => { clearInterval(look) })
    })
    expect(E.isRight(await task({ snapshotter: 'overlayfs' }))).toBe(true)
    expect(state.seen).toBe(3)
    expect(snapshots() - before).toBe(4)
  }, 30_000)

  it('and are too big, or not what the config says: the pull goes on, and the unpacking that comes after it tells why', async () => {
    const tar = await tarOf([[{ name: 'x' }, 'y'.repeat(3_000_000)]])
    image(registry, '1', [layer(registry, tar)], [digestOf(tar)])
    expect(E.isRight(await task({ snapshotter: 'overlayfs', maxBytes: 1_000_000 }))).toBe(true)
    right(await leases.hold(containerd, 'after', 'test', 600)())
    const outcome = await unpackImage(containerd, { ...BOUNDS, name: `${registry.host}/team/app:1`, snapshotter: 'overlayfs', lease: 'after', maxBytes: 1_000_000 })()
    expect(outcome).toMatchObject({ left: { detail: expect.stringContaining('images.max_unpacked_size') as string } })
    right(await leases.drop(containerd, 'after', 'test')())
  })
})
