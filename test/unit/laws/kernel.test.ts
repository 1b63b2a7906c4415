import { Spec } from '../../../src/core/domain/Oci'
import { Resources } from '../../../src/core/domain/Resources'
import { askOf, breaches } from '../../laws/kernel'
import { render } from '../../laws/kernel/Breach'
import { namesOf } from '../../laws/kernel/capabilities'
import { membersOf, weightOf } from '../../laws/kernel/cgroup'
import { bytesOf } from '../../laws/kernel/mountData'
import { Outside, Place, Report, SeenMount } from '../../laws/kernel/Report'
import { verdict } from '../../laws/kernel/seccomp'

// ---- a spec, and what is seen when it is kept ----

const spec: Spec = {
  ociVersion: '1.0.2',
  root: { path: 'rootfs', readonly: true },
  hostname: 'web', domainname: 'shop',
  process: {
    args: ['httpd', '-f'], env: ['A=1', 'PATH=/bin'], cwd: '/srv', terminal: false,
    user: { uid: 0, gid: 5, umask: 18, additionalGids: [5, 44] },
    capabilities: { bounding: ['CAP_CHOWN', 'CAP_KILL'], effective: ['CAP_CHOWN', 'CAP_KILL'], permitted: ['CAP_KILL', 'CAP_CHOWN'] },
    rlimits: [{ type: 'RLIMIT_NOFILE', soft: 10, hard: 2n ** 64n - 1n }], noNewPrivileges: true, oomScoreAdj: 100, apparmorProfile: 'guard'
  },
  mounts: [
    { destination: '/dev', type: 'tmpfs', source: 'tmpfs', options: ['nosuid', 'strictatime', 'mode=0755', 'size=64k'] },
    { destination: '/data', type: 'bind', source: '/srv/data', options: ['rbind', 'rslave', 'ro', 'nodev'] }
  ],
  hooks: { createRuntime: [{ path: '/hook', args: ['hook', 'a'], env: ['B=2'] }] },
  linux: {
    cgroupsPath: '/box/one',
    namespaces: [{ type: 'pid' }, { type: 'mount' }, { type: 'uts' }, { type: 'ipc' }, { type: 'network', path: '/run/netns/x' }],
    resources: { cpu: { shares: 100 }, memory: { limit: 8192 }, devices: [{ allow: false, access: 'rwm' }, { allow: true, access: 'r', type: 'c', major: 10, minor: 229 }] },
    devices: [{ path: '/dev/fuse', type: 'c', major: 10, minor: 229, fileMode: 0o666, uid: 0, gid: 0 }],
    sysctl: { 'net.core.somaxconn': '777' },
    seccomp: { defaultAction: 'SCMP_ACT_ALLOW', syscalls: [{ names: ['keyctl'], action: 'SCMP_ACT_ERRNO' }] },
    maskedPaths: ['/proc/kcore'], readonlyPaths: ['/proc/sys'], rootfsPropagation: 'rslave'
  }
}

const place = (change: Partial<Place>): Place =>
  ({ kind: 'directory', device: '0:1', empty: false, readonly: false, nosuid: false, nodev: false, noexec: false, writing: 0, bytes: 0, ...change })

const [dev, data]: readonly [SeenMount, SeenMount] = [
  { device: '0:1', root: '/', point: '/dev', options: ['rw', 'nosuid'], tags: [], type: 'tmpfs', source: 'tmpfs', superOptions: ['rw', 'size=64k', 'mode=755'] },
  { device: '8:1', root: '/data', point: '/data', options: ['ro', 'nodev', 'relatime'], tags: ['master:7'], type: 'ext4', source: '/dev/sda1', superOptions: ['rw'] }
]
const root: SeenMount = { device: '0:9', root: '/', point: '/', options: ['ro'], tags: ['master:1'], type: 'overlay', source: 'overlay', superOptions: ['rw'] }

const fuse = { path: '/dev/fuse', type: 'c', major: 10, minor: 229, mode: 0o666, uid: 0, gid: 0, absent: false, read: 0, write: 1 }
const mem = { ...fuse, path: '', major: 1, minor: 1, read: 1 }
const nothing = { ...fuse, path: '', major: 1, minor: 3, write: 0 }

const report: Report = {
  args: ['httpd', '-f'], cwd: '/srv', env: ['PATH=/bin', 'A=1', 'HOME=/root'], pid: 1, hostname: 'web', domainname: 'shop', terminal: false,
  status: {
    Uid: '0 0 0 0', Gid: '5 5 5 5', Groups: '44 5', Umask: '0022', CapBnd: '21', CapEff: '21', CapPrm: '21', CapInh: '0', CapAmb: '0',
    NoNewPrivs: '1', Seccomp: '2'
  },
  label: 'guard (enforce)', uidMap: [], gidMap: [], oomScoreAdj: 100,
  limits: { RLIMIT_NOFILE: { soft: '10', hard: '18446744073709551615' } },
  namespaces: { pid: 'pid:[2]', mnt: 'mnt:[2]', uts: 'uts:[2]', ipc: 'ipc:[2]', net: 'net:[3]', cgroup: 'cgroup:[1]', user: 'user:[1]' },
  cgroups: [{ controllers: 'memory', path: '/box/one' }, { controllers: 'name=systemd', path: '/elsewhere' }, { controllers: '', path: '/' }],
  ownCgroup: {},
  mounts: [root, dev, data, { ...dev, point: '/proc/kcore' }, { ...dev, point: '/proc/sys' }],
  root: place({ readonly: true, writing: 30 }),
  destinations: { '/dev': place({ bytes: 65536 }), '/data': place({ device: '8:1', readonly: true, writing: 30 }) },
  paths: { '/proc/kcore': place({ kind: 'c', empty: true }), '/proc/sys': place({ readonly: true }) },
  devices: [fuse, mem, nothing], opens: { '/dev/null': 0 }, sysctl: { 'net.core.somaxconn': '777' },
  calls: { keyctl: 1, clone3: 22, reboot: 1 }
}

const outside: Outside = {
  version: 'v1',
  files: { 'memory.limit_in_bytes': '8192', 'cpu.shares': '100' },
  own: { pid: 'pid:[1]', mnt: 'mnt:[1]', uts: 'uts:[1]', ipc: 'ipc:[1]', net: 'net:[1]', cgroup: 'cgroup:[1]', user: 'user:[1]' },
  joined: { '/run/netns/x': 'net:[3]' },
  peers: { '/srv/data': '7' },
  hooks: [{ stage: 'createRuntime', args: ['a'], env: ['B=2'] }]
}

const found = (promised: Spec, seen: Report, around: Outside = outside): ReadonlyArray<string> => breaches(promised, seen, around).map(({ at }) => at)

it('finds nothing where everything was kept', () => {
  expect(breaches(spec, report, outside).map(render)).toEqual([])
})

// ---- each promise, broken ----

const status = (change: Readonly<Record<string, string>>): Partial<Report> => ({ status: { ...report.status, ...change } })
const mount = (change: Partial<SeenMount>): Partial<Report> => ({ mounts: [root, dev, { ...data, ...change }] })
const device = (change: Partial<typeof fuse>): Partial<Report> => ({ devices: [{ ...fuse, ...change }] })

const INSIDE: ReadonlyArray<readonly [string, Partial<Report>, string]> = [
  ['another argument', { args: ['httpd'] }, 'process.args'],
  ['another directory', { cwd: '/' }, 'process.cwd'],
  ['another value in the environment', { env: ['A=2', 'PATH=/bin'] }, 'process.env.A'],
  ['a variable that is missing', { env: ['PATH=/bin'] }, 'process.env.A'],
  ['a variable that nobody promised', { env: [...report.env, 'TOKEN=x'] }, 'process.env.TOKEN'],
  ['a terminal', { terminal: true }, 'process.terminal'],
  ['another user', status({ Uid: '0 1 0 0' }), 'process.user.uid'],
  ['another group', status({ Gid: '0 0 0 0' }), 'process.user.gid'],
  ['a group too many', status({ Groups: '0 5 44' }), 'process.user.additionalGids'],
  ['another umask', status({ Umask: '0077' }), 'process.user.umask'],
  ['a capability too many', status({ CapBnd: '221' }), 'process.capabilities.bounding'],
  ['a capability too few', status({ CapEff: '1' }), 'process.capabilities.effective'],
  ['a permitted capability too many', status({ CapPrm: '3f' }), 'process.capabilities.permitted'],
  ['an inheritable capability', status({ CapInh: '1' }), 'process.capabilities.inheritable'],
  ['an ambient capability', status({ CapAmb: '1' }), 'process.capabilities.ambient'],
  ['a higher limit', { limits: { RLIMIT_NOFILE: { soft: '20', hard: '18446744073709551615' } } }, 'process.rlimits.RLIMIT_NOFILE'],
  ['a limit that a double would not tell apart', { limits: { RLIMIT_NOFILE: { soft: '10', hard: '18446744073709551614' } } }, 'process.rlimits.RLIMIT_NOFILE'],
  ['new privileges', status({ NoNewPrivs: '0' }), 'process.noNewPrivileges'],
  ['another OOM score', { oomScoreAdj: 0 }, 'process.oomScoreAdj'],
  ['no AppArmor profile', { label: 'unconfined' }, 'process.apparmorProfile'],
  ['another host name', { hostname: 'vm' }, 'hostname'],
  ['no domain name', { domainname: '(none)' }, 'domainname'],
  ['no mount', { mounts: [root, dev] }, 'mounts /data'],
  ['another source', mount({ root: '/other' }), 'mounts /data source'],
  ['a writable mount', mount({ options: ['rw', 'nodev'] }), 'mounts /data ro'],
  ['a mount that lets itself be written', { destinations: { ...report.destinations, '/data': place({ device: '8:1' }) } }, 'mounts /data writing'],
  ['a flag that is missing', mount({ options: ['ro'] }), 'mounts /data nodev'],
  ['another propagation', mount({ tags: ['shared:7'] }), 'mounts /data propagation'],
  ['a slave of nobody', mount({ tags: [] }), 'mounts /data propagation'],
  ['a mount above it', { destinations: { ...report.destinations, '/data': place({ device: '0:5', writing: 30 }) } }, 'mounts /data'],
  ['another file system', { mounts: [root, { ...dev, type: 'devtmpfs' }, data] }, 'mounts /dev type'],
  ['another mode', { mounts: [root, { ...dev, superOptions: ['rw', 'mode=777'] }, data] }, 'mounts /dev mode'],
  ['relatime instead of strictatime', { mounts: [root, { ...dev, options: ['rw', 'nosuid', 'relatime'] }, data] }, 'mounts /dev strictatime'],
  ['another size', { destinations: { ...report.destinations, '/dev': place({ bytes: 4096 }) } }, 'mounts /dev size'],
  ['a mount that nobody promised', { mounts: [...report.mounts, { ...dev, point: '/host' }] }, 'mounts /host'],
  ['a writable root', { root: place({ writing: 0 }) }, 'root.readonly'],
  ['a root shared with the host', { mounts: [{ ...root, tags: ['shared:1'] }, dev, data] }, 'linux.rootfsPropagation'],
  ['a masked path that can be read', { paths: { ...report.paths, '/proc/kcore': place({ kind: 'file' }) } }, 'linux.maskedPaths /proc/kcore'],
  ['a read-only path that can be written', { paths: { ...report.paths, '/proc/sys': place({}) } }, 'linux.readonlyPaths /proc/sys'],
  ['no node', { devices: [] }, 'linux.devices /dev/fuse'],
  ['another device behind the node', device({ minor: 5 }), 'linux.devices /dev/fuse'],
  ['another mode of the node', device({ mode: 0o600 }), 'linux.devices /dev/fuse fileMode'],
  ['another owner of the node', device({ gid: 6 }), 'linux.devices /dev/fuse owner'],
  ['a device that cannot be read', device({ read: 1 }), 'linux.resources.devices c 10:229 read'],
  ['a device that can be written', device({ write: 0 }), 'linux.resources.devices c 10:229 write'],
  ['a device that nobody promised', { devices: [fuse, { ...mem, read: 0 }] }, 'linux.resources.devices c 1:1 read'],
  ['/dev/null that cannot be opened', { opens: { '/dev/null': 1 } }, 'open /dev/null'],
  ['the host\'s namespace', { namespaces: { ...report.namespaces, ipc: 'ipc:[1]' } }, 'linux.namespaces ipc'],
  ['a namespace of its own instead of the one to join', { namespaces: { ...report.namespaces, net: 'net:[9]' } }, 'linux.namespaces network'],
  ['a namespace that nobody promised', { namespaces: { ...report.namespaces, user: 'user:[9]' } }, 'linux.namespaces user'],
  ['not the first process', { pid: 7 }, 'pid'],
  ['another sysctl', { sysctl: { 'net.core.somaxconn': '4096' } }, 'linux.sysctl net.core.somaxconn'],
  ['no filter', status({ Seccomp: '0' }), 'linux.seccomp'],
  ['a call that should be refused', { calls: { keyctl: 95 } }, 'linux.seccomp keyctl'],
  ['a call that should pass', { calls: { clone3: 1 } }, 'linux.seccomp clone3'],
  ['another cgroup', { cgroups: [{ controllers: 'memory', path: '/' }] }, 'linux.cgroupsPath memory']
]

describe('finds what was promised and not kept', () => {
  it.each(INSIDE)('%s', (_, change, at) => {
    expect(found(spec, { ...report, ...change })).toContain(at)
  })

  it('a hook that did not run, or ran with other words', () => {
    expect(found(spec, report, { ...outside, hooks: [] })).toContain('hooks createRuntime')
    expect(found(spec, report, { ...outside, hooks: [{ stage: 'createRuntime', args: ['b'], env: [] }] })).toEqual(['hooks createRuntime', 'hooks createRuntime env'])
  })

  it('other mappings of users', () => {
    const maps = [{ containerID: 0, hostID: 1000, size: 10 }]
    const linux = { ...spec.linux, uidMappings: maps, gidMappings: maps }
    expect(found({ ...spec, linux }, { ...report, uidMap: [[0, 1000, 10]], gidMap: [[0, 0, 10]] })).toEqual(['linux.gidMappings'])
  })
})

describe('the cgroups of a container, mounted in it', () => {
  const promised = { ...spec, mounts: [...spec.mounts, { destination: '/sys/fs/cgroup', type: 'cgroup', source: 'cgroup', options: ['nosuid', 'ro'] }] }
  const above: SeenMount = { ...dev, device: '0:5', point: '/sys/fs/cgroup', options: ['ro', 'nosuid'], superOptions: ['rw'] }
  const memory: SeenMount = { ...above, device: '0:6', root: '/box/one', point: '/sys/fs/cgroup/memory', type: 'cgroup', superOptions: ['memory'] }
  const seen: Report = {
    ...report, mounts: [...report.mounts, above, memory], ownCgroup: outside.files,
    destinations: { ...report.destinations, '/sys/fs/cgroup': place({ device: '0:5', readonly: true, writing: 30 }) }
  }

  it('have the limits that the host sees, and are read-only', () => { expect(breaches(promised, seen, outside).map(render)).toEqual([]) })

  it('may cover those of the host that a bind of /sys brought', () => {
    const hosts = { ...memory, options: ['rw'] }
    expect(found(promised, { ...seen, mounts: [...report.mounts, hosts, above, memory] })).toEqual([])
  })

  it.each<readonly [string, Partial<Report>, string]>([
    ['no limit', { ownCgroup: { 'cpu.shares': '100' } }, 'mounts /sys/fs/cgroup memory.limit_in_bytes'],
    ['the host\'s shares', { ownCgroup: { ...outside.files, 'cpu.shares': '1024' } }, 'mounts /sys/fs/cgroup cpu.shares'],
    ['a hierarchy that can be written', { mounts: [...report.mounts, above, { ...memory, options: ['rw', 'nosuid'] }] }, 'mounts /sys/fs/cgroup ro']
  ])('%s is found', (_, change, at) => { expect(found(promised, { ...seen, ...change })).toEqual([at]) })
})

describe('what only looks like a breach', () => {
  it('users other than root keep the ambient capabilities only', () => {
    const user = { ...spec.process, user: { ...spec.process.user, uid: 7 } }
    const seen = status({ Uid: '7 7 7 7', CapPrm: '0', CapEff: '0' })
    expect(found({ ...spec, process: user }, { ...report, ...seen })).toEqual([])
    const ambient = { ...user, capabilities: { ...user.capabilities, ambient: ['CAP_KILL'], inheritable: ['CAP_KILL'] } }
    expect(found({ ...spec, process: ambient }, { ...report, ...status({ Uid: '7 7 7 7', CapPrm: '20', CapEff: '20', CapInh: '20', CapAmb: '20' }) })).toEqual([])
  })

  it('paths to mask that this kernel does not have', () => {
    expect(found(spec, { ...report, paths: { '/proc/kcore': place({ kind: 'absent' }), '/proc/sys': place({ kind: 'unreachable' }) } })).toEqual([])
  })

  it('a file mode that keeps a user from a device', () => {
    expect(found(spec, { ...report, ...device({ read: 13, write: 13 }) })).toEqual([])
  })

  it('a call that the kernel refuses for want of a capability', () => {
    expect(found(spec, { ...report, calls: { reboot: 1 } })).toEqual([])
    expect(found(spec, { ...report, calls: { reboot: 1 }, ...status({ CapEff: '400021', CapPrm: '400021', CapBnd: '400021' }) })).toContain('linux.seccomp reboot')
  })
})

// ---- cgroup files ----

const limited = (resources: Partial<Resources>, version: Outside['version'], files: Outside['files']): ReadonlyArray<string> => {
  const cgroups = [{ controllers: version === 'v1' ? 'memory' : '', path: '/box/one' }]
  const promised = { ...spec, linux: { ...spec.linux, resources: { ...spec.linux.resources, cpu: { shares: 0 }, memory: {}, ...resources } } }
  return found(promised, { ...report, cgroups }, { ...outside, version, files })
}

const throttle = [{ major: 8, minor: 0, rate: 100 }]

const LIMITS: ReadonlyArray<readonly [string, Partial<Resources>, Outside['version'], Outside['files'], string, string]> = [
  ['memory', { memory: { limit: 9000 } }, 'v1', { 'memory.limit_in_bytes': '8192' }, 'memory.limit_in_bytes', '9000'],
  ['no memory limit', { memory: { limit: -1 } }, 'v1', { 'memory.limit_in_bytes': '9223372036854771712' }, 'memory.limit_in_bytes', '8192'],
  ['swap', { memory: { swap: 8192 } }, 'v1', { 'memory.memsw.limit_in_bytes': '8192' }, 'memory.memsw.limit_in_bytes', '4096'],
  ['reservation', { memory: { reservation: 4096 } }, 'v1', { 'memory.soft_limit_in_bytes': '4096' }, 'memory.soft_limit_in_bytes', '0'],
  ['swappiness', { memory: { swappiness: 10 } }, 'v1', { 'memory.swappiness': '10' }, 'memory.swappiness', '60'],
  ['quota', { cpu: { shares: 0, quota: 500 } }, 'v1', { 'cpu.cfs_quota_us': '500' }, 'cpu.cfs_quota_us', '-1'],
  ['period', { cpu: { shares: 0, period: 500 } }, 'v1', { 'cpu.cfs_period_us': '500' }, 'cpu.cfs_period_us', '100000'],
  ['CPUs', { cpu: { shares: 0, cpus: '0,1' } }, 'v1', { 'cpuset.cpus': '0-1' }, 'cpuset.cpus', '0'],
  ['processes', { pids: { limit: 5 } }, 'v1', { 'pids.max': '5' }, 'pids.max', 'max'],
  ['block IO', { blockIO: { throttleReadBpsDevice: throttle } }, 'v1', { 'blkio.throttle.read_bps_device': '8:0 100' }, 'blkio.throttle.read_bps_device', ''],
  ['memory', { memory: { limit: 9000 } }, 'v2', { 'memory.max': '8192' }, 'memory.max', 'max'],
  ['swap', { memory: { limit: 8192, swap: 12288 } }, 'v2', { 'memory.max': '8192', 'memory.swap.max': '4096' }, 'memory.swap.max', '12288'],
  ['reservation', { memory: { reservation: 4096 } }, 'v2', { 'memory.low': '4096' }, 'memory.low', '0'],
  ['shares', { cpu: { shares: 1024 } }, 'v2', { 'cpu.weight': '39' }, 'cpu.weight', '100'],
  ['quota', { cpu: { shares: 0, quota: 500, period: 1000 } }, 'v2', { 'cpu.max': '500 1000' }, 'cpu.max', 'max 100000'],
  ['CPUs', { cpu: { shares: 0, cpus: '0-1' } }, 'v2', { 'cpuset.cpus': '0-1' }, 'cpuset.cpus', ''],
  ['processes', { pids: { limit: 5 } }, 'v2', { 'pids.max': '5' }, 'pids.max', '6'],
  ['block IO', { blockIO: { throttleWriteIOPSDevice: throttle } }, 'v2', { 'io.max': '8:0 rbps=max wbps=max riops=max wiops=100' }, 'io.max', ''],
  ['IO weight', { blockIO: { weight: 10 } }, 'v2', { 'io.weight': 'default 1' }, 'io.weight', 'default 100'],
  ['a file of v2', { unified: { 'memory.high': '9000' } }, 'v2', { 'memory.high': '8192' }, 'unified memory.high', 'max'],
  ['a word in a file of v2', { unified: { 'memory.high': 'max' } }, 'v2', { 'memory.high': 'max' }, 'unified memory.high', '8192']
]

describe('compares the limits with the cgroup files', () => {
  it.each(LIMITS)('%s', (_, resources, version, files, name, wrong) => {
    expect(limited(resources, version, files)).toEqual([])
    expect(limited(resources, version, { ...files, [name.replace('unified ', '')]: wrong })).toEqual([name])
  })

  it('a limit without its file', () => {
    expect(limited({ pids: { limit: 5 } }, 'v2', {})).toEqual(['pids.max'])
  })

  it('swappiness, which v2 cannot keep', () => {
    expect(limited({ memory: { swappiness: 10 } }, 'v2', {})).toEqual(['memory.swappiness'])
  })

  it('a file of v2 comes after the limit that it overrides', () => {
    expect(limited({ pids: { limit: 5 }, unified: { 'pids.max': '7' } }, 'v2', { 'pids.max': '7' })).toEqual([])
  })
})

// ---- the parts ----

describe('the verdict of a filter', () => {
  const filter = (action: string, args?: Parameters<typeof verdict>[1]['args']): NonNullable<Parameters<typeof verdict>[0]> => ({
    defaultAction: 'SCMP_ACT_ERRNO', defaultErrnoRet: 7,
    syscalls: [{ names: ['clone'], action, ...(args === undefined ? {} : { args: [{ index: 0, value: args[0] ?? 0, valueTwo: 0, op: 'SCMP_CMP_MASKED_EQ' }] }) }]
  })

  it.each([
    ['let through', filter('SCMP_ACT_ALLOW'), { _tag: 'Allowed' }],
    ['fatal', filter('SCMP_ACT_KILL_PROCESS'), { _tag: 'Fatal' }],
    ['somebody else\'s', filter('SCMP_ACT_NOTIFY'), { _tag: 'Unclear' }],
    ['let through by its argument', filter('SCMP_ACT_ALLOW', [0x20000]), { _tag: 'Allowed' }],
    ['refused by default for its argument', filter('SCMP_ACT_ALLOW', [0x200]), { _tag: 'Refused', errnos: [7, 38] }],
    ['let through without a filter', undefined, { _tag: 'Allowed' }]
  ])('%s', (_, profile, expected) => {
    expect(verdict(profile, { name: 'clone', args: [0x200] })).toEqual(expected)
  })
})

describe('the numbers', () => {
  it('capabilities of a mask', () => {
    expect(namesOf('21')).toEqual(['CAP_CHOWN', 'CAP_KILL'])
    expect(namesOf('000001ffffffffff').length).toBe(41)
  })

  it('ranges of CPUs', () => {
    expect(membersOf('4,0-2')).toEqual([0, 1, 2, 4])
  })

  it('sizes', () => {
    expect([bytesOf('64k'), bytesOf('1G'), bytesOf('10'), bytesOf('50%')]).toEqual([65536, 1024 ** 3, 10, undefined])
  })

  it('weights: the ends of the scale of v1 are the ends of the scale of v2', () => {
    expect([weightOf(2), weightOf(262144)]).toEqual([1, 10000])
  })

  it('asks for what the spec names', () => {
    expect(askOf(spec)).toMatchObject({ paths: ['/proc/kcore', '/proc/sys'], destinations: ['/dev', '/data'], sysctl: ['net.core.somaxconn'] })
  })
})
