import { isValidByTheSchema, schemaOf } from '../../laws/schema'

const good = {
  ociVersion: '1.2.0',
  root: { path: 'rootfs' },
  domainname: 'example.org',
  process: { cwd: '/', args: ['sh'], user: { uid: 0, gid: 0, umask: 18 }, rlimits: [{ type: 'RLIMIT_NOFILE', soft: 1, hard: 2 }] },
  mounts: [{ destination: '/tmp', type: 'tmpfs', options: ['ro'] }],
  hooks: { poststop: [{ path: '/hook', timeout: 1 }] },
  linux: {
    namespaces: [{ type: 'pid' }],
    devices: [{ path: '/dev/fuse', type: 'c', fileMode: 438 }],
    resources: { memory: { limit: 1 }, unified: { 'memory.high': 'max' } },
    seccomp: { defaultAction: 'SCMP_ACT_ALLOW', syscalls: [] }
  }
}

it('holds for a good spec', () => {
  expect(isValidByTheSchema(good)).toEqual([])
})

it.each(['rprivate', 'rshared', 'rslave', 'runbindable', 'shared'])('holds for the propagation %s', (rootfsPropagation) => {
  expect(isValidByTheSchema({ ...good, linux: { rootfsPropagation } })).toEqual([])
})

it.each<readonly [string, object]>([
  ['must have required property \'ociVersion\'', { ...good, ociVersion: undefined }],
  ['/root must have required property \'path\'', { ...good, root: {} }],
  ['/process must have required property \'cwd\'', { ...good, process: {} }],
  ['/process/args/0 must be string, but is 1', { ...good, process: { cwd: '/', args: [1] } }],
  ['/process/user/uid must be <= 4294967295', { ...good, process: { cwd: '/', user: { uid: 2 ** 32 } } }],
  ['/process/rlimits/0/type must match pattern', { ...good, process: { cwd: '/', rlimits: [{ type: 'NOFILE', soft: 1, hard: 1 }] } }],
  ['/mounts/0/options must be array', { ...good, mounts: [{ destination: '/', options: 'ro' }] }],
  ['/hooks/poststop/0/timeout must be >= 1', { ...good, hooks: { poststop: [{ path: '/hook', timeout: 0 }] } }],
  ['/annotations/a must be string', { ...good, annotations: { a: 1 } }],
  ['/linux/namespaces/0/type must be equal to one of the allowed values', { ...good, linux: { namespaces: [{ type: 'net' }] } }],
  ['/linux/resources/memory/limit must be integer, but is 0.5', { ...good, linux: { resources: { memory: { limit: 0.5 } } } }],
  ['/linux/devices/0/fileMode must be <= 512', { ...good, linux: { devices: [{ path: '/x', type: 'c', fileMode: 666 }] } }],
  ['/linux/seccomp must have required property \'defaultAction\'', { ...good, linux: { seccomp: { syscalls: [] } } }],
  ['/linux/rootfsPropagation must be equal to one of the allowed values, but is "recursive"', { ...good, linux: { rootfsPropagation: 'recursive' } }]
])('says %s', (breach, spec) => {
  expect(isValidByTheSchema(spec)).toContainEqual(expect.stringContaining(breach))
})

it('says what to install where the schema is missing', () => {
  expect(() => schemaOf('/nowhere')).toThrow('npm test installs it: golang-github-opencontainers-specs-dev')
})
