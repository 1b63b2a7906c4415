import { createHash } from 'node:crypto'
import * as fs from 'node:fs'
import * as path from 'node:path'

import * as E from 'fp-ts/Either'
import * as TE from 'fp-ts/TaskEither'

import { Failure } from '../../src/core/domain/Failure'
import { chainIds } from '../../src/core/image/chainIds'
import { noneFor, offersFor } from '../../src/core/image/Manifest'
import { Platform } from '../../src/core/image/Platform'
import { call } from '../../src/effects/containerd/call'
import { connect, Containerd } from '../../src/effects/containerd/Containerd'
import * as content from '../../src/effects/containerd/content'
import * as leases from '../../src/effects/containerd/leases'
import * as snapshots from '../../src/effects/containerd/snapshots'
import { ARCHITECTURE } from '../../src/effects/host/architecture'
import { pull } from '../../src/effects/image/pull'
import { stored } from '../../src/effects/image/StoredImage'
import { unpackImage } from '../../src/effects/image/unpack'
import { BOUNDS } from './harness/bounds'
import { PrivateContainerd, startContainerd } from './harness/containerd'
import { pushBusybox, Registry, startRegistry } from './harness/registry'

const snapshotter = 'overlayfs'

let daemon: PrivateContainerd
let registry: Registry
let containerd: Containerd

const must = async <A>(act: TE.TaskEither<Failure, A>): Promise<A> => {
  const outcome = await act()
  if (E.isLeft(outcome)) throw new Error(JSON.stringify(outcome.left))
  return outcome.right
}

const failureOf = async <A>(act: TE.TaskEither<Failure, A>): Promise<Failure> => {
  const outcome = await act()
  if (E.isRight(outcome)) throw new Error(`did not fail: ${JSON.stringify(outcome.right)}`)
  return outcome.left
}

const nameOf = (image: string): string => `${registry.host}/${image}`

const pulled = (image: string, lease: string, on: Containerd = containerd): TE.TaskEither<Failure, void> =>
  pull(on, { ...BOUNDS, name: nameOf(image), lease, timeoutMs: 60_000, logins: {} })

const held = async (lease: string, on: Containerd = containerd): Promise<string> => {
  await must(leases.hold(on, lease, 'test', 3600))
  return lease
}

const topOf = async (image: string): Promise<string> => chainIds((await must(stored(containerd, nameOf(image)))).diffIds).at(-1) ?? ''

const blobFile = (digest: string): string => {
  const hex = digest.slice('sha256:'.length)
  return path.join(registry.directory, 'store/docker/registry/v2/blobs/sha256', hex.slice(0, 2), hex, 'data')
}

const OCI_MANIFEST = 'application/vnd.oci.image.manifest.v1+json'
const OCI_INDEX = 'application/vnd.oci.image.index.v1+json'

const manifestOf = async (image: string): Promise<Buffer> => {
  const answer = await fetch(`http://${registry.host}/v2/${image.replace(':', '/manifests/')}`, { headers: { Accept: OCI_MANIFEST } })
  return Buffer.from(await answer.arrayBuffer())
}

const digestOf = (bytes: Uint8Array | string): string => `sha256:${createHash('sha256').update(bytes).digest('hex')}`

// An index whose first entry is another machine's image: only the second one fits here.
const pushIndex = async (index: string, foreign: string, own: string): Promise<string> => {
  const entry = (architecture: string, bytes: Buffer): object => ({
    mediaType: OCI_MANIFEST, digest: digestOf(bytes), size: bytes.length, platform: { os: 'linux', architecture }
  })
  const manifests = [entry('s390x', await manifestOf(foreign)), entry(ARCHITECTURE, await manifestOf(own))]
  const body = JSON.stringify({ schemaVersion: 2, mediaType: OCI_INDEX, manifests })
  const answer = await fetch(`http://${registry.host}/v2/${index.replace(':', '/manifests/')}`, {
    method: 'PUT', headers: { 'Content-Type': OCI_INDEX }, body
  })
  expect(answer.status).toBe(201)
  return digestOf(body)
}

beforeAll(async () => {
  registry = await startRegistry()
  daemon = await startContainerd()
  containerd = connect(daemon.address, daemon.namespace)
  pushBusybox(registry, 'team/app:1')
})

afterAll(async () => {
  containerd.close()
  await daemon.stop()
  await registry.stop()
})

test('a layer that is there already is held by the lease of whoever found it, even while it is being collected', async () => {
  pushBusybox(registry, 'team/found:1')
  const unpackUnder = (lease: string): TE.TaskEither<Failure, void> =>
    unpackImage(containerd, { ...BOUNDS, name: nameOf('team/found:1'), snapshotter, lease })
  const [first, second, blobs] = [await held('found-1'), await held('found-2'), await held('found-content')]
  await must(pulled('team/found:1', blobs))
  await must(unpackUnder(first))
  const top = await topOf('team/found:1')
  const { manifest } = await must(stored(containerd, nameOf('team/found:1')))
  await must(unpackUnder(second))
  // Without the config's reference only a lease holds the snapshot.
  await must(content.label(containerd, manifest.config.digest, { [`containerd.io/gc.ref.snapshot.${snapshotter}`]: '' }))
  await must(leases.release(containerd, first, true))
  expect(await must(snapshots.stat(containerd, { snapshotter, key: top }))).toBeDefined()
  await must(leases.release(containerd, second, true))
  expect(await must(snapshots.stat(containerd, { snapshotter, key: top }))).toBeUndefined()
  await must(leases.release(containerd, blobs, true))
})

test('an image behind an index is pulled and unpacked, and outlives its lease', async () => {
  pushBusybox(registry, 'team/app:foreign')
  const index = await pushIndex('team/app:index', 'team/app:foreign', 'team/app:1')
  const lease = await held('pull-index')
  await must(pulled('team/app:index', lease))
  await must(unpackImage(containerd, { ...BOUNDS, name: nameOf('team/app:index'), snapshotter, lease }))
  await must(leases.release(containerd, lease, true))
  const image = await must(stored(containerd, nameOf('team/app:index')))
  expect(image.digest).toBe(index)
  const own = JSON.parse((await manifestOf('team/app:1')).toString('utf8')) as { readonly config: { readonly digest: string } }
  expect(image.manifest.config.digest).toBe(own.config.digest)
  for (const { digest } of image.manifest.layers) expect(await must(content.info(containerd, digest))).toBeDefined()
  expect(await must(snapshots.stat(containerd, { snapshotter, key: await topOf('team/app:index') }))).toBeDefined()
})

test('two platforms of one index live side by side', async () => {
  const name = nameOf('team/app:index')
  for (const platform of [`linux/${ARCHITECTURE}`, 'linux/s390x']) {
    const lease = await held(`platform-${platform}`)
    await must(pull(containerd, { ...BOUNDS, name, platform, lease, timeoutMs: 60_000, logins: {} }))
    await must(unpackImage(containerd, { ...BOUNDS, name, platform, snapshotter, lease }))
    await must(leases.release(containerd, lease, true))
  }
  const [own, foreign] = [await must(stored(containerd, name, `linux/${ARCHITECTURE}`)), await must(stored(containerd, name, 'linux/s390x'))]
  expect(own).toEqual(await must(stored(containerd, name)))
  expect(foreign.manifest.config.digest).not.toBe(own.manifest.config.digest)
  for (const { manifest, diffIds } of [own, foreign]) {
    for (const { digest } of [manifest.config, ...manifest.layers]) expect(await must(content.info(containerd, digest))).toBeDefined()
    expect(await must(snapshots.stat(containerd, { snapshotter, key: chainIds(diffIds).at(-1) ?? '' }))).toBeDefined()
  }
})

test('a platform that an image is not for is named, with those that it is for', async () => {
  const lease = await held('other-platform')
  const wrong = (image: string): TE.TaskEither<Failure, void> => pull(containerd, { ...BOUNDS, name: nameOf(image), platform: 'linux/arm/v7', lease, timeoutMs: 60_000, logins: {} })
  expect(await failureOf(wrong('team/app:index'))).toMatchObject({ _tag: 'Invalid', detail: `has no image for linux/arm/v7; it offers linux/s390x, linux/${ARCHITECTURE}` })
  expect(await failureOf(wrong('team/app:1'))).toMatchObject({ _tag: 'Invalid', detail: `it is for linux/${ARCHITECTURE}, and \`platform\` asks for linux/arm/v7` })
  await must(pulled('team/app:1', lease))
  expect(await failureOf(stored(containerd, nameOf('team/app:1'), 'linux/arm/v7'))).toMatchObject({ _tag: 'NotFound' })
})

test('an index is read by variant: the best that runs, never one that does not', () => {
  const names = new Map<string, string>()
  const digestFor = (name: string): string => {
    names.set(digestOf(name), name)
    return digestOf(name)
  }
  const entry = (architecture: string, variant?: string): object =>
    ({ mediaType: OCI_MANIFEST, digest: digestFor(`${architecture}${variant ?? ''}`), size: 1, platform: { os: 'linux', architecture, ...(variant === undefined ? {} : { variant }) } })
  const unknown = { mediaType: OCI_MANIFEST, digest: digestFor('attestation'), size: 1, platform: { os: 'unknown', architecture: 'unknown' } }
  const chosen = (platform: string, ...manifests: ReadonlyArray<object>): string => {
    const wanted = Platform(platform, ARCHITECTURE)
    const outcome = offersFor({ manifests: [unknown, ...manifests] }, wanted)
    if (E.isLeft(outcome)) return outcome.left
    const [best] = outcome.right.fitting
    return best === undefined ? noneFor(wanted, outcome.right.offered) : (names.get(best.digest) ?? best.digest)
  }
  expect(chosen('linux/arm/v6', entry('arm', 'v7'), entry('arm', 'v5'), entry('arm', 'v6'))).toBe('armv6')
  expect(chosen('linux/arm', entry('arm', 'v6'), entry('arm', 'v7'), entry('arm', 'v5'))).toBe('armv7')
  expect(chosen('linux/arm64', entry('arm', 'v7'), entry('arm64', 'v8'))).toBe('arm64v8')
  expect(chosen('linux/arm64/v8', entry('arm64'))).toBe('arm64')
  expect(chosen('linux/amd64', entry('amd64', 'v3'), entry('amd64'))).toBe('amd64')
  expect(chosen('linux/amd64/v2', entry('amd64', 'v3'), entry('amd64'), entry('amd64', 'v2'))).toBe('amd64v2')
  expect(chosen('linux/amd64', entry('amd64', 'v3'))).toBe('has no image for linux/amd64; it offers unknown/unknown, linux/amd64/v3')
  expect(chosen('linux/aarch64', { mediaType: OCI_MANIFEST, digest: digestFor('any'), size: 1 })).toBe('any')
})

test('pulling and unpacking again does nothing and succeeds', async () => {
  const lease = await held('again')
  for (const _time of [1, 2]) {
    await must(pulled('team/app:1', lease))
    await must(unpackImage(containerd, { ...BOUNDS, name: nameOf('team/app:1'), snapshotter, lease }))
  }
})

test('two tasks may pull and unpack one image at the same time', async () => {
  pushBusybox(registry, 'team/both:1')
  const both = await Promise.all(['one', 'two', 'three'].map(async (owner) => {
    const lease = await held(`both-${owner}`)
    const outcome = await pulled('team/both:1', lease)()
    return E.isLeft(outcome) ? outcome : unpackImage(containerd, { ...BOUNDS, name: nameOf('team/both:1'), snapshotter, lease })()
  }))
  expect(both.filter(E.isLeft)).toEqual([])
})

test('a blob that another namespace has is pulled all the same', async () => {
  const other = connect(daemon.address, `${daemon.namespace}-other`)
  await must(pulled('team/app:1', await held('elsewhere', other), other))
  expect((await must(stored(other, nameOf('team/app:1')))).manifest.layers).not.toEqual([])
  other.close()
})

test('an extraction that a crash left behind is done again', async () => {
  pushBusybox(registry, 'team/crash:1')
  const lease = await held('crash')
  await must(pulled('team/crash:1', lease))
  const top = await topOf('team/crash:1')
  await must(call(containerd, 'leave an extraction', ['snapshots', 'prepare'], {
    snapshotter, key: `extract-${lease} ${top}`, parent: '', labels: {}
  }, { lease }))
  await must(unpackImage(containerd, { ...BOUNDS, name: nameOf('team/crash:1'), snapshotter, lease }))
  expect(await must(snapshots.stat(containerd, { snapshotter, key: top }))).toBeDefined()
})

test('a layer whose bytes are not what its digest says is refused', async () => {
  pushBusybox(registry, 'team/bad:1')
  const manifest = JSON.parse((await manifestOf('team/bad:1')).toString('utf8')) as {
    readonly layers: ReadonlyArray<{ readonly digest: string }>
  }
  const file = blobFile(manifest.layers[0]?.digest ?? '')
  const bytes = fs.readFileSync(file)
  bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1
  fs.writeFileSync(file, bytes)
  const failure = await failureOf(pulled('team/bad:1', await held('bad')))
  expect(failure._tag).toBe('Invalid')
  expect(E.isLeft(await stored(containerd, nameOf('team/bad:1'))())).toBe(true)
})

test('a layer that was cut short is pulled whole the next time', async () => {
  const bytes = Buffer.alloc(3 * 1024 * 1024, 7)
  const digest = digestOf(bytes)
  const blob = { mediaType: 'application/octet-stream', digest, size: bytes.length }
  const lease = await held('cut')
  const cut = async function* (): AsyncIterable<Uint8Array> {
    yield bytes.subarray(0, 1024 * 1024 + 5)
    await Promise.reject(new Error('the line broke'))
  }
  expect((await failureOf(content.write(containerd, blob, () => Promise.resolve(cut()), lease))).detail).toContain('the line broke')
  await must(content.write(containerd, blob, () => Promise.resolve([bytes]), lease))
  expect((await must(content.info(containerd, digest)))?.size).toBe(BigInt(bytes.length))
})

test('a tag that does not exist is said to be the name or the tag', async () => {
  const failure = await failureOf(pulled('team/app:nope', await held('nope')))
  expect(failure).toMatchObject({ _tag: 'NotFound', doing: `pull ${nameOf('team/app:nope')}` })
  expect(failure.detail).toContain(registry.host)
})

test('an image that is here is found while the registry is down, and a new one names the registry', async () => {
  const down = await startRegistry()
  const { host } = down
  await down.stop()
  await must(stored(containerd, nameOf('team/app:1')))
  const lease = await held('down')
  const failure = await failureOf(pull(containerd, { ...BOUNDS, name: `${host}/team/app:1`, lease, timeoutMs: 20_000, logins: {} }))
  expect(failure._tag).toBe('Unavailable')
  expect(failure.detail).toContain(host)
})
