import { isIndex } from '../../../src/core/image/Manifest'
import { Platform } from '../../../src/core/image/Platform'
import { manifestBelow } from '../../../src/effects/ports/manifestBelow'
import { Thrown } from '../../../src/effects/ports/Thrown'

const INDEX = 'application/vnd.oci.image.index.v1+json'
const MANIFEST = 'application/vnd.oci.image.manifest.v1+json'
const digest = (name: string): string => `sha256:${Buffer.from(name).toString('hex').padEnd(64, '0').slice(0, 64)}`

interface Entry { readonly name: string; readonly on?: string }

/** An index of images (`a`) and of other indexes (`i…`), each for a platform or for none. */
const index = (...entries: ReadonlyArray<Entry>): unknown => ({
  manifests: entries.map(({ name, on }) => ({
    mediaType: name.startsWith('i') ? INDEX : MANIFEST, digest: digest(name), size: 1,
    ...(on === undefined ? {} : { platform: { os: 'linux', architecture: on } })
  }))
})

const search = async (top: unknown, others: Readonly<Record<string, unknown>> = {}): Promise<ReadonlyArray<string>> => {
  const byDigest = new Map(Object.entries(others).map(([name, document]) => [digest(name), { document, kept: name }]))
  const found = await manifestBelow({
    top: { document: top, kept: 'top' }, platform: Platform('', 'amd64'), doing: 'pull x',
    read: (one) => {
      expect(isIndex(one.mediaType)).toBe(true)
      return Promise.resolve(byDigest.get(one.digest))
    }
  })
  return [...found.way.map(({ index: name }) => name), found.manifest.digest]
}

const refused = (top: unknown, others: Readonly<Record<string, unknown>> = {}): Promise<object> =>
  search(top, others).then(() => ({}), (thrown: unknown) => (thrown as Thrown).failure)

describe('an index in an index', () => {
  it('is looked into where no entry names the platform', async () => {
    expect(await search(index({ name: 'i1' }), { i1: index({ name: 'arm', on: 'arm64' }, { name: 'own', on: 'amd64' }) })).toEqual(['top', 'i1', digest('own')])
    expect(await search(index({ name: 'i1', on: 'amd64' }), { i1: index({ name: 'i2' }), i2: index({ name: 'own', on: 'amd64' }) })).toEqual(['top', 'i1', 'i2', digest('own')])
  })

  it('comes after an entry that does, and before one of no platform', async () => {
    expect(await search(index({ name: 'i1' }, { name: 'own', on: 'amd64' }), { i1: index({ name: 'other', on: 'amd64' }) })).toEqual(['top', digest('own')])
    expect(await search(index({ name: 'any' }, { name: 'i1' }), { i1: index({ name: 'own', on: 'amd64' }) })).toEqual(['top', 'i1', digest('own')])
    expect(await search(index({ name: 'any' }, { name: 'i1' }), { i1: index({ name: 'arm', on: 'arm64' }) })).toEqual(['top', digest('any')])
  })

  it('is left where it has nothing, or is not here: the next is looked into', async () => {
    const own = index({ name: 'own', on: 'amd64' })
    expect(await search(index({ name: 'i1' }, { name: 'i2' }), { i1: index({ name: 'arm', on: 'arm64' }), i2: own })).toEqual(['top', 'i2', digest('own')])
    expect(await search(index({ name: 'i1' }, { name: 'i2' }), { i2: own })).toEqual(['top', 'i2', digest('own')])
  })

  it('that leads back is looked into once, and none of all is told with what they offer', async () => {
    const loop = { i1: index({ name: 'i2' }), i2: index({ name: 'i1' }, { name: 'arm', on: 'arm64' }) }
    expect(await refused(index({ name: 'i1' }, { name: 'z', on: 's390x' }), loop)).toMatchObject({ _tag: 'NotFound', detail: 'has no image for linux/amd64; it offers linux/s390x, linux/arm64' })
    expect(await refused(index({ name: 'i1' }))).toMatchObject({ detail: 'has no image for linux/amd64; it offers nothing' })
  })

  it('may lead through fifteen more, and no further', async () => {
    const chain = (length: number): Readonly<Record<string, unknown>> => Object.fromEntries(Array.from({ length }, (_, at) =>
      [`i${String(at)}`, at === length - 1 ? index({ name: 'own', on: 'amd64' }) : index({ name: `i${String(at + 1)}` })]))
    expect(await search(index({ name: 'i0' }), chain(15))).toHaveLength(17)
    expect(await refused(index({ name: 'i0' }), chain(16))).toMatchObject({ _tag: 'Invalid', detail: 'leads through more than 16 indexes' })
  })

  it('that is none is told', async () => {
    expect(await refused(index({ name: 'i1' }), { i1: { manifests: 1 } })).toMatchObject({ _tag: 'Invalid', detail: 'is no image index' })
  })
})
