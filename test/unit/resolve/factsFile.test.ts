import * as E from 'fp-ts/Either'

import { pathText } from '../../../src/core/domain/DocumentPath'
import { decode } from '../../../src/core/facts/factsFile'
import { SAMPLE_HOST } from '../../../src/core/facts/sampleFacts'
import * as ImageConfig from '../../../src/core/image/ImageConfig'

const FUSE = { type: 'c', major: 10, minor: 229, fileMode: 438, uid: 0, gid: 0 }

it('an empty file answers nothing', () => {
  expect(decode({})).toEqual(E.right({ images: {}, paths: {}, devices: {}, files: {} }))
})

it("a host given in part is the sample's otherwise", () => {
  expect(decode({ host: { cgroups: 'v1', cpuMhz: 5 } })).toEqual(
    E.right({ host: { ...SAMPLE_HOST, cgroups: 'v1', cpuMhz: 5 }, images: {}, paths: {}, devices: {}, files: {} })
  )
})

it('an image is named as a job names it, its config is an OCI image config', () => {
  const config = { architecture: 'arm64', config: { Cmd: ['redis-server'], Labels: { a: 'b' } } }
  expect(decode({ images: { redis: { digest: 'sha256:a', chainId: 'sha256:b', config, passwd: 'root:x:0:0' }, 'x/y:1': { digest: 'd', chainId: 'c' } } })).toEqual(
    E.right({
      images: {
        'docker.io/library/redis:latest': {
          digest: 'sha256:a', chainId: 'sha256:b', config: { ...ImageConfig.empty, architecture: 'arm64', cmd: ['redis-server'] }, passwd: 'root:x:0:0', group: ''
        },
        'docker.io/x/y:1': { digest: 'd', chainId: 'c', config: ImageConfig.empty, passwd: '', group: '' }
      },
      paths: {},
      devices: {},
      files: {}
    })
  )
})

it('paths and devices are taken as they are', () => {
  const paths = { '/a': { kind: 'directory', realPath: '/b' }, '/c': { kind: 'absent' }, '/d': { kind: 'file', realPath: '/d' } }
  expect(decode({ paths, devices: { '/dev/fuse': FUSE } })).toEqual(E.right({ images: {}, paths, devices: { '/dev/fuse': FUSE }, files: {} }))
})

it('a file leads to itself unless it says where, and one that is not there says why', () => {
  const files = { '/p': { kind: 'file', text: '{}' }, '/q': { kind: 'file', text: '', realPath: '/r' }, '/s': { kind: 'absent' } }
  expect(decode({ files })).toMatchObject({ right: { files: {
    '/p': { kind: 'file', text: '{}', realPath: '/p' }, '/q': { realPath: '/r' }, '/s': { kind: 'absent', reason: 'does not exist on the host' }
  } } })
})

it('CDI documents come in the order in which the host reads them', () => {
  expect(decode({ cdi: { '/var/run/cdi/a.json': {}, '/etc/cdi/b.json': {}, '/etc/cdi/a.json': [] } })).toMatchObject({
    right: { cdi: [{ path: '/etc/cdi/a.json', document: [] }, { path: '/etc/cdi/b.json' }, { path: '/var/run/cdi/a.json' }] }
  })
})

it.each<readonly [string, unknown, string]>([
  ['an unknown section', { hosts: {} }, 'facts.hosts'], ['a list', [], 'facts'], ['a text', 'x', 'facts'], ['null', null, 'facts'],
  ['another cgroup version', { host: { cgroups: 'v3' } }, 'facts.host.cgroups'], ['an image without a digest', { images: { redis: { chainId: 'c' } } }, 'facts.images.redis.digest'],
  ['a path of no kind', { paths: { '/a': { kind: 'socket' } } }, 'facts.paths./a.kind'], ['a device without a type', { devices: { '/dev/x': { major: 1 } } }, 'facts.devices./dev/x.type'],
  ['an image config of another kind', { images: { redis: { digest: 'd', chainId: 'c', config: { config: { Env: 'A=1' } } } } }, 'image.config.Env']
])('%s is refused where it stands', (_what, file, at) => {
  const outcome = decode(file)
  expect(E.isLeft(outcome) && outcome.left.map((issue) => pathText(issue.at))).toContain(at)
})
