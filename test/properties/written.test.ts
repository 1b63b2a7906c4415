import * as fc from 'fast-check'
import * as E from 'fp-ts/Either'

import { pretty } from '../../src/core/domain/canonical'
import { Unread, UnreadAccounts } from '../../src/core/domain/Unread'
import { Facts, ImageFacts, PlaceFacts } from '../../src/core/facts/Facts'
import * as factsFile from '../../src/core/facts/factsFile'
import { changesOf, findingsOf } from '../../src/core/lock/Change'
import * as Lock from '../../src/core/lock/Lock'
import { cases, host, rightOf } from '../../src/testing/facts'
import { imageConfig } from '../../src/testing/imageConfig'
import { anyText } from '../../src/testing/ofFields'

const hex = fc.string({ unit: fc.constantFrom(...Array.from('0123456789abcdef')), minLength: 64, maxLength: 64 })
const digest = hex.map((text) => `sha256:${text}`)

/** Full names, as `imageName` gives them. */
const imageName = fc.oneof(
  fc.constantFrom('docker.io/library/redis:7', 'docker.io/library/redis:latest', 'registry:5000/team/app:1', 'localhost/a:b', 'ghcr.io/a/b/c:v1.2'),
  hex.map((text) => `docker.io/library/pinned@sha256:${text}`)
)

const path = anyText.map((text) => `/${text}`)

/** A map with every kind of name, `__proto__` among them. */
const mapOf = <A>(name: fc.Arbitrary<string>, value: fc.Arbitrary<A>): fc.Arbitrary<Readonly<Record<string, A>>> =>
  fc.uniqueArray(fc.tuple(name, value), { maxLength: 4, selector: ([key]) => key }).map((entries) => Object.fromEntries(entries))

const unread: fc.Arbitrary<Unread> = fc.oneof(
  fc.record({ kind: fc.constant('too large' as const), bytes: fc.nat() }), fc.record({ kind: fc.constantFrom('no file' as const, 'too many links' as const) })
)

const unreadAccounts: fc.Arbitrary<UnreadAccounts> = fc.record({ passwd: unread, group: unread }, { requiredKeys: [] })

const place: fc.Arbitrary<PlaceFacts> = fc.record({
  kind: fc.constantFrom('directory' as const, 'file' as const, 'other' as const, 'absent' as const, 'above' as const, 'loop' as const), realPath: path,
  links: fc.array(path, { maxLength: 3 })
}, { requiredKeys: ['kind', 'realPath'] })

const image: fc.Arbitrary<ImageFacts> = fc.record({
  digest, chainId: digest, config: imageConfig, passwd: anyText, group: anyText, unread: unreadAccounts, places: mapOf(path, place)
}, { requiredKeys: ['digest', 'chainId', 'config', 'passwd', 'group'] })

const device = fc.record({
  type: fc.constantFrom('c' as const, 'b' as const), major: fc.nat(), minor: fc.nat(), fileMode: fc.integer({ min: 0, max: 0o777 }), uid: fc.nat(), gid: fc.nat()
})

// A document whose one member is the text `unreadable` is how the file says that there is none.
const cdiDocument = fc.jsonValue().map((value): unknown => JSON.parse(JSON.stringify(value)))
  .filter((value) => !(typeof value === 'object' && value !== null && Object.keys(value).join() === 'unreadable'))

const cdi = fc.uniqueArray(fc.tuple(fc.oneof(
  fc.record({ path, document: cdiDocument }), fc.record({ path, unreadable: anyText })
)), { maxLength: 4, selector: ([{ path: one }]) => one }).map((all) => all.map(([one]) => one).sort((a, b) => (a.path < b.path ? -1 : 1)))

const facts: fc.Arbitrary<Facts> = fc.record({
  host, cdi,
  images: mapOf(imageName, image),
  paths: mapOf(path, fc.oneof(fc.record({ kind: fc.constantFrom('directory' as const, 'file' as const), realPath: path }), fc.constant({ kind: 'absent' as const }))),
  devices: mapOf(path, device),
  files: mapOf(path, fc.oneof(
    fc.record({ kind: fc.constant('file' as const), realPath: path, text: anyText }), fc.record({ kind: fc.constant('absent' as const), reason: anyText })
  ))
}, { requiredKeys: ['images', 'paths', 'devices', 'files'] })

const reread = (document: unknown): unknown => JSON.parse(pretty(document))

it('a facts file that was written says the same facts', () => {
  fc.assert(fc.property(facts, (given) => {
    expect(factsFile.decode(reread(factsFile.encode(given)))).toEqual(E.right(given))
  }))
})

it('the facts of every case can be written', () => {
  fc.assert(fc.property(cases, ({ facts: given }) => {
    expect(factsFile.decode(reread(factsFile.encode(given)))).toEqual(E.right(given))
  }))
})

const platform = fc.constantFrom('linux/amd64', 'linux/arm64', 'linux/arm/v7')

const locked = fc.record({ digest, chainId: digest, config: imageConfig, passwd: anyText, group: anyText, unread: unreadAccounts }, { requiredKeys: ['digest', 'chainId', 'config'] })

const entry: fc.Arbitrary<readonly [string, Lock.LockedImage]> = fc.tuple(imageName, fc.option(platform, { nil: undefined }), locked).map(([name, named, rest]) =>
  [Lock.keyOf(name, named ?? ''), named === undefined ? rest : { ...rest, platform: named }])

const lock: fc.Arbitrary<Lock.Lock> = fc.tuple(platform, fc.uniqueArray(entry, { maxLength: 6, selector: ([key]) => key }))
  .map(([usual, entries]) => ({ version: 1, platform: usual, images: Object.fromEntries(entries) }))

it('a lock that was written says the same, in the same bytes whatever its order', () => {
  fc.assert(fc.property(lock, (given) => {
    const text = Lock.encode(given)
    expect(Lock.decode(JSON.parse(text))).toEqual(E.right(given))
    expect(Lock.encode({ ...given, images: Object.fromEntries(Object.entries(given.images).reverse()) })).toBe(text)
  }))
})

it("a lock's images are those of a facts file, for tasks that name no platform", () => {
  fc.assert(fc.property(lock, (given) => {
    const usual = Object.fromEntries(Object.entries(given.images).filter(([, one]) => one.platform === undefined))
    const { images } = JSON.parse(Lock.encode({ ...given, images: usual })) as { readonly images: unknown }
    expect(rightOf(factsFile.decode({ images }))).toEqual(Lock.factsOf(given, ''))
  }))
})

it('each platform has its own facts, and no entry is lost', () => {
  fc.assert(fc.property(lock, (given) => {
    const all = ['', 'linux/amd64', 'linux/arm64', 'linux/arm/v7'].map((one) => Object.entries(Lock.factsOf(given, one).images).map(([name, found]) => [Lock.keyOf(name, one), found.digest]))
    expect(Object.fromEntries(all.flat())).toEqual(Object.fromEntries(Object.entries(given.images).map(([key, one]) => [key, one.digest])))
  }))
})

it('between a lock and itself nothing changes, and every other change names an entry of one of both', () => {
  fc.assert(fc.property(lock, lock, (one, other) => {
    expect(changesOf(one, one)).toEqual([])
    const changed = changesOf(one, other).map(({ key }) => key)
    const keys = [...new Set([...Object.keys(one.images), ...Object.keys(other.images)])]
    const same = keys.filter((key) => JSON.stringify(one.images[key]) === JSON.stringify(other.images[key]))
    expect([...changed, ...same].sort()).toEqual(keys.sort())
    const now = Object.fromEntries(Object.entries(one.images).map(([key, { digest: found }]) => [key, found]))
    expect(findingsOf(one, now)).toEqual([])
    expect(findingsOf(one, {}).length).toBe(Object.keys(one.images).length)
  }))
})
