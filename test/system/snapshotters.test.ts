import { execFileSync } from 'node:child_process'
import * as zlib from 'node:zlib'

import { ServiceError, status } from '@grpc/grpc-js'

import { chainIds } from '../../src/core/image/chainIds'
import { connect, Containerd } from '../../src/effects/containerd/Containerd'
import * as leases from '../../src/effects/containerd/leases'
import { pull } from '../../src/effects/image/pull'
import { labelsOf } from '../../src/effects/image/shownLazily'
import { unpackImage } from '../../src/effects/image/unpack'
import { Info, PrepareSnapshotRequest } from '../../src/generated/containerd/snapshots'
import { StartTaskResponse, WaitTaskResponse } from '../../src/generated/nomad/driver'
import { digestOf, GZIP, Hostile, hostile, image, Layer, layer } from '../attacks/harness/hostile'
import { makeAllocation } from './harness/allocation'
import { BOUNDS } from './harness/bounds'
import { PrivateContainerd, startContainerd } from './harness/containerd'
import { settled } from './harness/leftovers'
import { ask, launch } from './harness/plugin'
import { pushBusybox, Registry, startRegistry } from './harness/registry'
import { right } from './harness/right'
import { tarOf } from './harness/shelf'

let daemon: PrivateContainerd
let containerd: Containerd
let registry: Registry
let own: Hostile

beforeAll(async () => {
  daemon = await startContainerd()
  containerd = connect(daemon.address, daemon.namespace)
  registry = await startRegistry()
  own = await hostile()
  pushBusybox(registry, 'team/app:1')
}, 60_000)

afterAll(async () => {
  containerd.close()
  await own.stop()
  await registry.stop()
  await daemon.stop()
})

const listed = (snapshotter: string): string =>
  execFileSync('ctr', ['--address', daemon.address, '--namespace', daemon.namespace, 'snapshots', '--snapshotter', snapshotter, 'ls'], { encoding: 'utf8' })

it.each(['overlayfs', 'native'])('a task runs on %s, named by the operator or by the task, and leaves the layers there', async (snapshotter) => {
  const plugin = await launch({ containerd_runtime: 'io.containerd.runc.v2', address: daemon.address, namespace: daemon.namespace, snapshotter })
  const other = snapshotter === 'native' ? 'overlayfs' : 'native'
  for (const config of [{}, { snapshotter: other }]) {
    const one = makeAllocation({ config: { image: `${registry.host}/team/app:1`, command: 'sh', args: ['-c', 'echo here > /made && cat /made'], ...config } })
    await ask<StartTaskResponse>((done) => plugin.driver.startTask({ task: one.config }, done))
    await ask<WaitTaskResponse>((done) => plugin.driver.waitTask({ taskId: one.config.id }, done))
    await one.outputEnds
    expect(one.stdout()).toBe('here\n')
    await ask((done) => plugin.driver.destroyTask({ taskId: one.config.id, force: true }, done))
    one.remove()
  }
  await plugin.kill()
  expect(await settled(containerd)).toEqual([])
  for (const one of [snapshotter, other]) expect(listed(one)).toMatch(/sha256:[0-9a-f]{64}\s+Committed/)
})

/** A containerd with a snapshotter that shows some layers by itself, of which it is told where they lie. */
const withLazy = (shows: (request: PrepareSnapshotRequest) => boolean): { at: Containerd; asked: Array<PrepareSnapshotRequest>; shown: Map<string, Info> } => {
  const asked: Array<PrepareSnapshotRequest> = []
  const shown = new Map<string, Info>()
  const refuse = (code: status, message: string): ServiceError => Object.assign(new Error(message), { code, details: message, metadata: undefined as never })
  const running = { cancel: () => undefined }
  type Done = (error: ServiceError | null, value?: unknown) => void
  const snapshots = new Proxy(containerd.snapshots, {
    get: (target, name) => {
      const lazy: Readonly<Record<string, (request: { snapshotter: string; key: string }, a: unknown, b: unknown, done: Done) => unknown>> = {
        prepare: (request, _a, _b, done) => {
          const wanted = request as PrepareSnapshotRequest
          asked.push(wanted)
          if (!shows(wanted)) { done(null, { mounts: [] }); return running }
          const chainId = wanted.labels['containerd.io/snapshot.ref'] ?? ''
          if (!shown.has(chainId)) shown.set(chainId, Info.fromPartial({ name: chainId, parent: wanted.parent, labels: wanted.labels }))
          done(refuse(status.ALREADY_EXISTS, 'target snapshot already exists'))
          return running
        },
        stat: ({ key }, _a, _b, done) => {
          const info = shown.get(key)
          if (info === undefined) done(refuse(status.NOT_FOUND, 'not found'))
          else done(null, { info })
          return running
        },
        usage: (_request, _a, _b, done) => { done(null, { size: 1n, inodes: 1n }); return running },
        remove: (_request, _a, _b, done) => { done(null, {}); return running }
      }
      const method = Reflect.get(target, name) as unknown
      const fake = lazy[String(name)]
      if (fake === undefined || typeof method !== 'function') return method
      return (request: { snapshotter: string; key: string }, ...more: [unknown, unknown, Done]) =>
        request.snapshotter === 'stargz' ? fake(request, ...more) : (method as (...all: ReadonlyArray<unknown>) => unknown).call(target, request, ...more)
    }
  })
  return { at: { ...containerd, snapshots }, asked, shown }
}

describe('a snapshotter that fetches by itself what is read', () => {
  const tars = (): Promise<ReadonlyArray<Buffer>> => Promise.all(['a', 'b', 'c'].map((name) => tarOf([[{ name: `${name}-${String(Math.random())}` }, name]])))
  const layersOf = (all: ReadonlyArray<Buffer>): ReadonlyArray<Layer> => all.map((tar) => layer(own, zlib.gzipSync(tar), GZIP))
  const fetched = (): ReadonlyArray<string> => own.seen.flatMap(({ path }) => (path.includes('/blobs/') ? [path.split('/').at(-1) ?? ''] : []))

  let count = 0
  const brought = async (at: Containerd, tag: string): ReturnType<ReturnType<typeof pull>> => {
    const lease = `lazy-${String(count += 1)}`
    right(await leases.hold(at, lease, 'test', 600)())
    const name = `${own.host}/team/app:${tag}`
    const outcome = await pull(at, { ...BOUNDS, name, lease, timeoutMs: 30_000, parallel: 3, ahead: { snapshotter: 'stargz', maxBytes: -1, parallel: 4 }, logins: {} })()
    const unpacked = outcome._tag === 'Left' ? outcome : await unpackImage(at, { ...BOUNDS, name, lease, snapshotter: 'stargz', timeoutMs: 30_000 })()
    right(await leases.drop(at, lease, 'test')())
    return unpacked
  }

  it('is told of each layer what CRI and nerdctl tell it, and what it shows is not downloaded', async () => {
    const all = await tars()
    const layers = layersOf(all)
    image(own, 'all', layers, all.map(digestOf))
    const { at, asked, shown } = withLazy(() => true)
    const before = fetched().length
    right(await brought(at, 'all'))
    expect(fetched().slice(before).filter((digest) => layers.some((one) => one.digest === digest))).toEqual([])
    expect([...shown.keys()]).toEqual(chainIds(all.map(digestOf)))
    expect(asked.map(({ parent }) => parent)).toEqual(['', ...chainIds(all.map(digestOf)).slice(0, 2)])
    expect(asked[1]?.labels).toEqual({
      'containerd.io/snapshot.ref': chainIds(all.map(digestOf))[1],
      'containerd.io/snapshot/cri.image-ref': `${own.host}/team/app:all`,
      'containerd.io/snapshot/cri.layer-digest': layers[1]?.digest,
      'containerd.io/snapshot/cri.image-layers': layers.slice(1).map(({ digest }) => digest).join(','),
      'containerd.io/snapshot/cri.manifest-digest': expect.stringMatching(/^sha256:/) as string
    })
  })

  it('what it does not show is downloaded', async () => {
    const all = await tars()
    const layers = layersOf(all)
    image(own, 'some', layers, all.map(digestOf))
    const first = chainIds(all.map(digestOf))[0]
    const { at } = withLazy(({ labels }) => labels['containerd.io/snapshot.ref'] === first)
    const before = fetched().length
    await brought(at, 'some')
    expect(fetched().slice(before).filter((digest) => layers.some((one) => one.digest === digest)).sort()).toEqual(layers.slice(1).map(({ digest }) => digest).sort())
  })

  it('a layer that it shows from the blob of another image is not taken for this one\'s, although nobody else has its content', async () => {
    const all = await tars()
    image(own, 'evil', all.map((tar) => layer(own, zlib.gzipSync(Buffer.concat([tar, Buffer.alloc(512)])), GZIP)), all.map(digestOf))
    const { at } = withLazy(() => true)
    right(await brought(at, 'evil'))
    image(own, 'good', layersOf(all), all.map(digestOf))
    expect(await brought(at, 'good')).toMatchObject({ left: { _tag: 'Invalid', detail: expect.stringContaining('stargz shows it from another blob, sha256:') as string } })
  })
})

describe('the labels of a lazy snapshotter', () => {
  const of = (annotations: unknown, count = 1): Readonly<Record<string, string>> =>
    labelsOf({ what: { name: 'redis' }, manifestDigest: 'm' }, Array.from({ length: count }, () => ({ mediaType: '', digest: `sha256:${'a'.repeat(64)}`, size: 1, annotations })))

  it('have what the image says to it, and nothing that says from where it comes', () => {
    expect(of({ 'containerd.io/snapshot/stargz/toc.digest': 't', 'containerd.io/snapshot/remote/stargz.reference': 'evil', 'containerd.io/snapshot/cri.image-ref': 'evil', 'containerd.io/snapshot/n': 5, 'containerd.io/gc.root': 'x', a: 'b' }))
      .toEqual({ ...of(undefined), 'containerd.io/snapshot/stargz/toc.digest': 't' })
    for (const odd of [null, 5, [], 'x']) expect(of(odd)).toEqual(of(undefined))
  })

  it('are no longer than containerd takes them', () => {
    const labels = of({ 'containerd.io/snapshot/x': 'y'.repeat(5000) }, 200)
    for (const [name, value] of Object.entries(labels)) expect(name.length + value.length).toBeLessThanOrEqual(4096)
    expect(labels['containerd.io/snapshot/cri.image-layers']?.split(',')).toHaveLength(56)
    expect(labels['containerd.io/snapshot/x']).toBeUndefined()
  })
})
