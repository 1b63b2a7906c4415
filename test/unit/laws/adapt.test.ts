import { Process, Seccomp, Spec } from '../../../src/core/domain/Oci'
import { BlockIO, Resources } from '../../../src/core/domain/Resources'
import { adapt, cannotRun, PROBE } from '../../system/harness/adapt'
import { Host } from '../../system/harness/host'
import { CANNOT, Cannot, WITHOUT,Without } from '../../system/harness/reasons'

const poor: Host = {
  version: 'v1', capabilities: ['CAP_CHOWN'], highest: () => 1000, lowestOomScore: 0, cpus: [0, 1], memoryNodes: [0], apparmor: false, selinux: false,
  disks: [], ioWeight: false, domainname: false, seccompFlags: [], fileSystems: ['tmpfs', 'proc'], exists: (path) => path === '/etc/resolv.conf'
}

const rich: Host = {
  ...poor, version: 'v2', capabilities: ['CAP_CHOWN', 'CAP_SYS_RESOURCE'], highest: () => Infinity, lowestOomScore: -1000, cpus: [0, 1, 2, 3], memoryNodes: [0, 1],
  apparmor: true, selinux: true, disks: ['8:0'], ioWeight: true, domainname: true, seccompFlags: ['LOG'], exists: () => true
}

const where = { directory: '/tmp/x', cgroup: '/k/x', namespaces: { network: '/tmp/ns-network' }, probe: '/tools/probe', agent: '/tmp/agent.sock' }

const base: Spec = {
  ociVersion: '1.0.2', root: { path: 'rootfs', readonly: false }, mounts: [],
  process: {
    args: ['a'], env: [], cwd: '/', terminal: false, user: { uid: 0, gid: 0, additionalGids: [] }, noNewPrivileges: true,
    capabilities: { bounding: ['CAP_CHOWN'], effective: [], permitted: [] }, rlimits: []
  },
  linux: { cgroupsPath: '/nomad/a', namespaces: [], resources: { cpu: { shares: 2 }, memory: {}, devices: [] } }
}

const inProcess = (change: Partial<Process>): Spec => ({ ...base, process: { ...base.process, ...change } })
const inResources = (change: Partial<Resources>): Spec => ({ ...base, linux: { ...base.linux, resources: { ...base.linux.resources, ...change } } })
const blockIO = (limits: BlockIO): Spec => inResources({ blockIO: limits })

const IMPOSSIBLE: Readonly<Record<Cannot, readonly [Host, Spec]>> = {
  'cgroup v2': [poor, inResources({ unified: { 'memory.high': '1' } })],
  'cgroup v1': [rich, inResources({ memory: { swappiness: 1 } })],
  'file system': [poor, { ...base, mounts: [{ destination: '/n', type: 'nfs', source: 'host:/', options: [] }] }],
  'namespace of a process': [poor, { ...base, linux: { ...base.linux, namespaces: [{ type: 'pid', path: '/proc/9/ns/pid' }] } }],
  'probe starved': [poor, { ...base, linux: { ...base.linux, seccomp: { defaultAction: 'SCMP_ACT_ERRNO', syscalls: [] } } }]
}

describe('every reason not to run', () => {
  it.each(Object.keys(CANNOT) as ReadonlyArray<Cannot>)('%s', (reason) => {
    const [host, spec] = IMPOSSIBLE[reason]
    expect(cannotRun(spec, host)).toEqual([reason])
  })

  it('a bind that does not say so is none: it has to fail', () => {
    expect(cannotRun({ ...base, mounts: [{ destination: '/n', type: 'bind', source: '/x', options: [] }] }, poor)).toEqual([])
  })
})

const inUserNamespace = (devices: NonNullable<Spec['linux']['devices']>): Spec => ({ ...base, linux: { ...base.linux, uidMappings: [], devices } })

const filtered = (change: Partial<Seccomp>): Spec => ({ ...base, linux: { ...base.linux, seccomp: { defaultAction: 'SCMP_ACT_ALLOW', syscalls: [], ...change } } })

const throttle = [{ major: 8, minor: 0, rate: 1 }]

const MISSING: Readonly<Record<Without, readonly [Spec, Spec]>> = {
  capability: [
    inProcess({ capabilities: { bounding: ['CAP_CHOWN', 'CAP_SYS_RESOURCE'], effective: ['CAP_SYS_RESOURCE'], permitted: [] } }),
    inProcess({ capabilities: { bounding: ['CAP_CHOWN'], effective: [], permitted: [] } })
  ],
  rlimit: [inProcess({ rlimits: [{ type: 'RLIMIT_NOFILE', soft: 10, hard: 2n ** 64n - 1n }] }), inProcess({ rlimits: [{ type: 'RLIMIT_NOFILE', soft: 10, hard: 1000 }] })],
  'oom score': [inProcess({ oomScoreAdj: -5 }), inProcess({ oomScoreAdj: 0 })],
  cpu: [inResources({ cpu: { shares: 2, cpus: '1-3', mems: '1' } }), inResources({ cpu: { shares: 2, cpus: '1', mems: '0' } })],
  apparmor: [inProcess({ apparmorProfile: 'guard' }), base],
  selinux: [inProcess({ selinuxLabel: 'a:b:c:d' }), base],
  'block device': [blockIO({ throttleReadBpsDevice: throttle }), blockIO({})],
  'io weight': [blockIO({ weight: 10 }), blockIO({})],
  'device node': [inUserNamespace([{ path: '/dev/x', type: 'c', major: 1, minor: 2, fileMode: 0o600, uid: 0, gid: 0 }]), inUserNamespace([])],
  'seccomp flags': [filtered({ flags: ['LOG'] }), filtered({})],
  domainname: [{ ...base, domainname: 'shop' }, base],
  'startContainer hook': [{ ...base, hooks: { startContainer: [{ path: '/x' }] } }, { ...base, hooks: {} }]
}

describe('every part that a poor host cannot give', () => {
  it.each(Object.keys(WITHOUT) as ReadonlyArray<Without>)('%s', (reason) => {
    const [asked, given] = MISSING[reason]
    const { promised, without } = adapt(asked, poor, where)
    expect(without).toEqual([reason])
    expect(promised).toEqual({ ...given, linux: { ...given.linux, cgroupsPath: where.cgroup } })
  })

  it.each((Object.keys(WITHOUT) as ReadonlyArray<Without>).filter((reason) => reason !== 'startContainer hook'))('a rich host keeps it: %s', (reason) => {
    expect(adapt(MISSING[reason][0], rich, where).without).toEqual([])
  })
})

describe('stand-ins', () => {
  const bind = (source: string, destination: string, ...options: ReadonlyArray<string>): Spec['mounts'][number] =>
    ({ source, destination, type: 'bind', options: ['rbind', ...options] })

  it('are made for sources that are not there, and keep their order', () => {
    const mounts = [bind('/a', '/local'), bind('/a/www', '/www', 'rslave'), bind('/x/hosts', '/etc/hosts'), bind('/x/app.toml', '/etc/app.toml'), bind('/etc/resolv.conf', '/etc/resolv.conf')]
    const { promised, standIns } = adapt({ ...base, mounts }, poor, where)
    expect(standIns).toEqual([
      { path: '/tmp/x/stand-ins/a', kind: 'directory', shared: false },
      { path: '/tmp/x/stand-ins/a/www', kind: 'directory', shared: true },
      { path: '/tmp/x/stand-ins/x/hosts', kind: 'file', shared: false },
      { path: '/tmp/x/stand-ins/x/app.toml', kind: 'file', shared: false }
    ])
    expect(promised.mounts.map(({ source }) => source)).toEqual([...standIns.map(({ path }) => path), '/etc/resolv.conf'])
  })

  it('are joined instead of a network that is not there', () => {
    const namespaces = [{ type: 'network', path: '/var/run/netns/x' } as const]
    expect(adapt({ ...base, linux: { ...base.linux, namespaces } }, poor, where).promised.linux.namespaces).toEqual([{ type: 'network', path: '/tmp/ns-network' }])
  })

  it('are limited instead of a disk that is not there, each once', () => {
    const limits = { weight: 10, throttleReadBpsDevice: [{ major: 9, minor: 1, rate: 1 }, { major: 8, minor: 0, rate: 2 }] }
    expect(adapt(blockIO(limits), rich, where).promised.linux.resources.blockIO).toEqual({ weight: 10, throttleReadBpsDevice: [{ major: 8, minor: 0, rate: 1 }] })
  })

  it('are limited instead of a disk that a file of cgroup v2 names', () => {
    const { promised } = adapt(inResources({ unified: { 'io.max': '9:1 rbps=1', 'memory.high': '1' } }), rich, where)
    expect(promised.linux.resources.unified).toEqual({ 'io.max': '8:0 rbps=1', 'memory.high': '1' })
  })

  it('take the notifications of a filter', () => {
    expect(adapt(filtered({ listenerPath: '/run/agent.sock' }), poor, where).promised.linux.seccomp?.listenerPath).toBe('/tmp/agent.sock')
  })

  it('run instead of the process and the hooks, with their arguments', () => {
    const { promised, run } = adapt({ ...base, hooks: { poststop: [{ path: '/bin/x', args: ['x', 'y'] }] } }, poor, where)
    expect(promised.process.args).toEqual(['a'])
    expect([run.process.args[0], run.process.args.at(-1)]).toEqual([PROBE, 'a'])
    expect(run.hooks?.poststop).toEqual([{ path: '/tools/probe', args: ['probe', 'hook', '/tmp/x/hooks', 'poststop', 'y'] }])
  })
})
