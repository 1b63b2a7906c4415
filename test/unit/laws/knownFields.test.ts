import { fieldsAreKnown } from '../../laws/knownFields'

const good = {
  ociVersion: '1.2.0',
  process: { terminal: true, consoleSize: { height: 1, width: 1 }, user: { uid: 0, umask: 18 }, capabilities: { ambient: [] } },
  root: { path: 'rootfs', readonly: true },
  domainname: 'example.org',
  annotations: { 'any.name': 'x', 'constructor': 'x' },
  mounts: [{ destination: '/x', uidMappings: [{ containerID: 0, hostID: 0, size: 1 }] }],
  hooks: { poststop: [{ path: '/hook', timeout: 1 }] },
  linux: {
    sysctl: { 'net.core.somaxconn': '1' },
    resources: { unified: { 'memory.high': 'max' }, rdma: { mlx5_1: { hcaHandles: 1 } }, blockIO: { throttleReadBpsDevice: [{ major: 8, minor: 0, rate: 1 }] } },
    seccomp: { defaultAction: 'x', syscalls: [{ names: [], args: [{ index: 0, valueTwo: 1 }] }] },
    timeOffsets: { monotonic: { secs: 1 } }
  }
}

it('holds for known fields at every depth', () => {
  expect(fieldsAreKnown(good)).toEqual([])
})

it.each<readonly [string, object]>([
  ['spec.domainName', { domainName: 'x' }],
  ['spec.*', { '*': 'x' }],
  ['spec.constructor', { constructor: 'x' }],
  ['spec.windows', { windows: {} }],
  ['spec.process.user.username', { process: { user: { username: 'x' } } }],
  ['spec.process.noNewPrivs', { process: { noNewPrivs: true } }],
  ['spec.process.cwd.x', { process: { cwd: { x: 1 } } }],
  ['spec.mounts[1].opts', { mounts: [{ destination: '/a' }, { opts: [] }] }],
  ['spec.hooks.preStart', { hooks: { preStart: [] } }],
  ['spec.linux.hooks', { linux: { hooks: {} } }],
  ['spec.linux.resources.cpu.cpuset', { linux: { resources: { cpu: { cpuset: '0' } } } }],
  ['spec.linux.resources.rdma.mlx5_1.handles', { linux: { resources: { rdma: { mlx5_1: { handles: 1 } } } } }],
  ['spec.linux.seccomp.syscalls[0].args[0].value2', { linux: { seccomp: { syscalls: [{ args: [{ value2: 1 }] }] } } }]
])('says %s', (breach, spec) => {
  expect(fieldsAreKnown(spec)).toEqual([breach])
})
