import * as E from 'fp-ts/Either'

import { dockerImage, ociImages } from '../../../src/core/image/ArchiveIndex'
import * as ImageReference from '../../../src/core/image/ImageReference'
import * as LocalSource from '../../../src/core/image/LocalSource'

describe('an image by its transport', () => {
  it.each<readonly [string, LocalSource.LocalSource]>([
    ['oci-archive:a.tar', { transport: 'oci-archive', path: 'a.tar', image: '' }], ['oci-archive:local/a.tar:1.0', { transport: 'oci-archive', path: 'local/a.tar', image: '1.0' }],
    ['docker-archive:/local/a.tar:docker.io/library/redis:7', { transport: 'docker-archive', path: '/local/a.tar', image: 'docker.io/library/redis:7' }],
    ['oci:local/layout', { transport: 'oci', path: 'local/layout', image: '' }], ['oci:./layout:x', { transport: 'oci', path: './layout', image: 'x' }]
  ])('%s is read', (text, source) => {
    expect(LocalSource.parse(text)).toEqual(E.right(source))
    expect(ImageReference.parse(text)).toMatchObject({ right: { registry: '', name: text, source } })
  })

  it.each(['oci:1.0', 'oci', 'redis:7', 'oci-archive', 'registry:5000/oci-archive:1', `oci:1.0@sha256:${'a'.repeat(64)}`])('%s is a name of a registry\'s', (text) => {
    expect(LocalSource.parse(text)).toBeUndefined()
    expect(ImageReference.parse(text)).toMatchObject({ right: expect.not.objectContaining({ source: expect.anything() as unknown }) as unknown })
  })

  it.each(['oci-archive:', 'docker-archive::x', 'oci-archive:local/', 'oci-archive:../a.tar', 'oci:a/../../b', 'docker-archive:/local/../../etc/shadow'])('%s is refused', (text) => {
    expect(E.isLeft(ImageReference.parse(text))).toBe(true)
  })
})

describe('an image in an archive of docker save', () => {
  const entry = (config: string, ...tags: ReadonlyArray<string>): object => ({ Config: config, Layers: ['l'], RepoTags: tags })
  const config = (index: unknown, name: string): unknown => E.toUnion(E.map(({ config: found }: { readonly config: string }) => found)(dockerImage(index, name)))
  it.each<readonly [unknown, string, string]>([
    [[entry('a', 'redis:7')], '', 'a'], [[entry('a', 'redis:7')], 'docker.io/library/redis:7', 'a'], [[entry('a', 'docker.io/library/redis:7')], 'redis:7', 'a'],
    [[entry('a', 'x:1', 'redis:7'), entry('b', 'redis:8')], 'redis:8', 'b'], [[{ Config: 'a', Layers: [], RepoTags: null }], 'redis:7', 'a'], [[{ Config: 'a', Layers: [] }], '', 'a'],
    [[entry('a', 'redis:7')], 'redis:8', 'has no image redis:8; it has redis:7'], [[entry('a', 'x:1'), entry('b', 'y:1')], '', 'has several images, x:1, y:1: name one'],
    [[], '', 'has several images, 0 images without names: name one'], [{}, '', 'has a manifest.json that is none of `docker save`'], [[{ Config: 1 }], '', 'has a manifest.json that is none of `docker save`']
  ])('%j as %j: %s', (index, name, said) => { expect(config(index, name)).toBe(said) })
})

describe('an image in an OCI layout', () => {
  const entry = (size: number, annotations?: object | null): object => ({ mediaType: 'm', digest: 'd', size, ...(annotations === undefined ? {} : { annotations }) })
  const ref = (name: string): object => ({ 'org.opencontainers.image.ref.name': name })
  const sizes = (manifests: ReadonlyArray<object>, name: string): unknown => E.toUnion(E.map((found: ReadonlyArray<{ readonly size: number }>) => found.map(({ size }) => size))(ociImages({ manifests }, name)))
  it.each<readonly [ReadonlyArray<object>, string, unknown]>([
    [[entry(1)], '', [1]], [[entry(1)], 'redis:7', [1]], [[entry(1, null), entry(2)], '', [1, 2]], [[entry(1, ref('1.0'))], '1.0', [1]], [[entry(1, ref('1.0')), entry(2, ref('2.0'))], 'app:2.0', [2]],
    [[entry(1, { 'io.containerd.image.name': 'docker.io/library/redis:7' }), entry(2, ref('x'))], 'redis:7', [1]],
    [[entry(1, ref('a')), entry(2, ref('b'))], '', 'has several images, a, b: name one'], [[entry(1, ref('a'))], 'b', 'has no image b; it has a']
  ])('%j as %j', (manifests, name, said) => { expect(sizes(manifests, name)).toEqual(said) })

  it('of another shape is none', () => { expect(ociImages({ manifests: 1 }, '')).toEqual(E.left('has an index.json that is none of an OCI layout')) })
})
