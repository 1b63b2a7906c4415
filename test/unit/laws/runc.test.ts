import {
  Capabilities, Device, IdMapping, Linux, Mount, Namespace, Process, Seccomp, Spec, SyscallRule, User
} from '../../../src/core/domain/Oci'
import { BlockIO, Cpu, DeviceRule, Memory, Resources } from '../../../src/core/domain/Resources'
import * as laws from '../../laws/runc'

const good: Spec = {
  ociVersion: '1.2.0',
  root: { path: 'rootfs', readonly: true },
  process: {
    args: ['/bin/sh'],
    env: ['A=', 'B=x=y'],
    cwd: '/work',
    terminal: false,
    user: { uid: 1000, gid: 100, umask: 0o22, additionalGids: [100, 2 ** 31 - 1] },
    capabilities: {
      bounding: ['CAP_CHOWN', 'CAP_KILL', 'CAP_BPF'],
      permitted: ['CAP_CHOWN', 'CAP_KILL'],
      effective: ['CAP_CHOWN'],
      inheritable: ['CAP_KILL'],
      ambient: ['CAP_KILL']
    },
    rlimits: [{ type: 'RLIMIT_NOFILE', soft: 1024, hard: 1024 }],
    noNewPrivileges: true,
    oomScoreAdj: -1000,
    apparmorProfile: 'docker-default',
    selinuxLabel: 'system_u:system_r:container_t:s0:c1,c2'
  },
  hostname: 'web',
  domainname: 'example.org',
  annotations: { 'org.example.key': '' },
  hooks: { createRuntime: [{ path: '/bin/hook', args: ['hook'], env: ['A=1'], timeout: 5 }] },
  mounts: [
    { destination: '/proc', type: 'proc', source: 'proc', options: ['nosuid'] },
    { destination: '/tmp', type: 'tmpfs', source: 'tmpfs', options: ['nosuid', 'size=64m', 'mode=1777', 'inode32'] },
    { destination: '/dev/pts', type: 'devpts', source: 'devpts', options: ['noexec', 'gid=5', 'newinstance'] },
    { destination: '/data', type: 'bind', source: '/srv/data', options: ['rbind', 'rslave', 'ro', 'nosuid'] },
    { destination: '/proc/cpuinfo', type: 'bind', source: '/var/lib/lxcfs/cpuinfo', options: ['bind'] }
  ],
  linux: {
    cgroupsPath: '/nomad.slice/web.scope',
    namespaces: [{ type: 'pid' }, { type: 'ipc' }, { type: 'uts' }, { type: 'mount' }, { type: 'network', path: '/run/netns/web' }],
    resources: {
      cpu: { shares: 2, quota: 1000, period: 1_000_000, cpus: '0-3,7', mems: '0' },
      memory: { limit: 100, reservation: 50, swap: 100, swappiness: 0 },
      pids: { limit: -1 },
      blockIO: { weight: 10, weightDevice: [{ major: 8, minor: 0, weight: 1000 }], throttleReadBpsDevice: [{ major: 8, minor: 0, rate: 1 }] },
      unified: { 'memory.high': 'max' },
      devices: [{ allow: false, access: 'rwm' }, { allow: true, access: 'rw', type: 'c', major: 10, minor: -1 }]
    },
    devices: [{ path: '/dev/fuse', type: 'c', major: 10, minor: 229, fileMode: 0o666, uid: 0, gid: 0 }],
    sysctl: { 'net.core.somaxconn': '1', 'net/ipv4/conf/eth0.1/mtu': '1', 'kernel.sem': '1', 'fs.mqueue.msg_max': '1', 'kernel.domainname': 'x' },
    seccomp: {
      defaultAction: 'SCMP_ACT_ERRNO',
      defaultErrnoRet: 1,
      architectures: ['SCMP_ARCH_X86_64'],
      flags: ['SECCOMP_FILTER_FLAG_LOG'],
      syscalls: [
        { names: ['read'], action: 'SCMP_ACT_ALLOW' },
        { names: ['clone'], action: 'SCMP_ACT_ALLOW', args: [{ index: 0, value: 1, valueTwo: 1, op: 'SCMP_CMP_MASKED_EQ' }] }
      ]
    },
    mountLabel: 'system_u:object_r:container_file_t:s0',
    maskedPaths: ['/proc/kcore'],
    readonlyPaths: ['/proc/sys'],
    rootfsPropagation: 'rshared'
  }
}

// ---- the good spec with one part changed ----

const spec = (change: Partial<Spec>): Spec => ({ ...good, ...change })
const process = (change: Partial<Process> & { readonly consoleSize?: object }): Spec => spec({ process: { ...good.process, ...change } })
const user = (change: Partial<User>): Spec => process({ user: { ...good.process.user, ...change } })
const sets = (change: Partial<Capabilities>): Spec => process({ capabilities: { ...good.process.capabilities, ...change } })
const mount = (change: Partial<Mount>): Spec => spec({ mounts: [{ destination: '/x', type: 'bind', source: '/srv', options: ['bind'], ...change }] })
const linux = (change: Partial<Linux>): Spec => spec({ linux: { ...good.linux, ...change } })
const resources = (change: Partial<Resources>): Spec => linux({ resources: { ...good.linux.resources, ...change } })
const memory = (change: Memory): Spec => resources({ memory: change })
const cpu = (change: Partial<Cpu>): Spec => resources({ cpu: { shares: 1024, ...change } })
const blockIO = (change: BlockIO): Spec => resources({ blockIO: change })
const rule = (change: Partial<DeviceRule>): Spec => resources({ devices: [{ allow: true, access: 'rw', type: 'c', major: 1, minor: 3, ...change }] })
const device = (change: Partial<Device>): Spec =>
  linux({ devices: [{ path: '/dev/x', type: 'c', major: 1, minor: 3, fileMode: 0o666, uid: 0, gid: 0, ...change }] })
const seccomp = (change: Partial<Seccomp>): Spec => linux({ seccomp: { defaultAction: 'SCMP_ACT_ALLOW', syscalls: [], ...change } })
const syscall = (change: Partial<SyscallRule>, more: Partial<Seccomp> = {}): Spec =>
  seccomp({ syscalls: [{ names: ['mount'], action: 'SCMP_ACT_ERRNO', ...change }], ...more })
const without = (type: string, of: ReadonlyArray<Namespace> = good.linux.namespaces): Pick<Linux, 'namespaces'> =>
  ({ namespaces: of.filter((each) => each.type !== type) })

const mapping = [{ containerID: 0, hostID: 100_000, size: 2 ** 31 }]
const lines = (length: number): ReadonlyArray<IdMapping> =>
  Array.from({ length }, (_, index) => ({ containerID: 2 ** 31 + index, hostID: index, size: 1 }))
const userNamespaces: ReadonlyArray<Namespace> = [...without('network').namespaces, { type: 'network' }, { type: 'user' }]
const ofUser = (change: Partial<Linux>): Spec => linux({ namespaces: userNamespaces, uidMappings: mapping, gidMappings: mapping, sysctl: {}, ...change })
const fresh = (type: string, of: Spec): Spec => ({ ...of, mounts: [{ destination: `/fresh/${type}`, type, source: type, options: [] }] })

const nameless = ({ hostname: _hostname, domainname: _domainname, ...rest }: Spec): Spec => rest

// ---- what breaks each rule, and it alone ----

const broken: Readonly<Record<string, ReadonlyArray<Spec>>> = {
  'every number is whole and survives JSON': [process({ rlimits: [{ type: 'RLIMIT_NOFILE', soft: 1, hard: 2 ** 64 - 1 }] })],
  'no text holds a NUL byte': [process({ args: ['/bin/sh', 'a\0b'] }), spec({ annotations: { 'a\0': '' } })],
  'the version of the spec is a semantic one': [spec({ ociVersion: '1.2' }), spec({ ociVersion: '' })],
  'every annotation has a key': [spec({ annotations: { '': 'x' } })],
  'hooks are absolute paths with named environment and time to run': [
    spec({ hooks: { poststop: [{ path: 'hook' }] } }),
    spec({ hooks: { prestart: [{ path: '/hook', timeout: 0 }] } }),
    spec({ hooks: { startContainer: [{ path: '/hook', env: ['A'] }] } })
  ],
  'namespaces are of known types, each once, and joined by an absolute path': [
    linux({ namespaces: [...good.linux.namespaces, { type: 'time' as 'user' }] }),
    linux({ namespaces: [...good.linux.namespaces, { type: 'pid', path: '/proc/7/ns/pid' }] }),
    linux({ namespaces: [...good.linux.namespaces, { type: 'cgroup', path: '' }] })
  ],
  'hostname and domainname need a uts namespace and fit in it': [
    { ...linux({ ...without('uts'), sysctl: {} }), domainname: '' },
    { ...linux({ ...without('uts'), sysctl: {} }), hostname: '' },
    spec({ hostname: 'x'.repeat(65) })
  ],
  'masked and read-only paths are absolute and need a mount namespace': [
    linux({ ...without('mount'), readonlyPaths: [] }),
    linux({ ...without('mount'), maskedPaths: [] }),
    linux({ maskedPaths: ['proc/kcore'] })
  ],
  'every sysctl belongs to a namespace of the container': [
    linux(without('network')),
    linux({ namespaces: [...without('network').namespaces, { type: 'network', path: '/proc/1/ns/net' }] }),
    linux({ ...without('ipc'), sysctl: { 'kernel.sem': '1' } }),
    linux({ ...without('ipc'), sysctl: { 'fs.mqueue.msg_max': '1' } }),
    linux({ sysctl: { 'kernel.hostname': 'x' } }),
    linux({ sysctl: { 'vm.swappiness': '1' } }),
    linux({ sysctl: { 'kernel/net.core': '1' } }),
    linux({ sysctl: { net: '1' } })
  ],
  'a user namespace has mappings of both kinds, and only it has': [
    ofUser({ uidMappings: [] }),
    linux({ namespaces: [...good.linux.namespaces, { type: 'user', path: '/proc/7/ns/user' }] }),
    linux({ uidMappings: mapping, gidMappings: mapping })
  ],
  'id mappings are ranges that the kernel takes': [
    ofUser({ uidMappings: [...mapping, { containerID: 2 ** 31, hostID: 100_001, size: 1 }] }),
    ofUser({ gidMappings: [...mapping, { containerID: 5, hostID: 5, size: 1 }] }),
    ofUser({ uidMappings: [...mapping, { containerID: 2 ** 31, hostID: 1, size: 0 }] }),
    ofUser({ uidMappings: [...mapping, { containerID: 2 ** 32 - 1, hostID: 1, size: 2 }] }),
    ofUser({ gidMappings: [...mapping, { containerID: 2 ** 31, hostID: 2 ** 32 - 1, size: 2 }] }),
    ofUser({ uidMappings: [...mapping, ...lines(340)] })
  ],
  'root and the ids of the process are mapped': [
    ofUser({ uidMappings: [{ containerID: 1, hostID: 100_000, size: 65_536 }] }),
    ofUser({ uidMappings: [{ containerID: 0, hostID: 100_000, size: 1000 }] }),
    ofUser({ gidMappings: [{ containerID: 0, hostID: 100_000, size: 2 ** 31 - 1 }] })
  ],
  'in a new user namespace proc, mqueue and sysfs need new namespaces too': [
    ofUser(without('pid', userNamespaces)),
    fresh('mqueue', ofUser(without('ipc', userNamespaces))),
    fresh('sysfs', ofUser(without('network', userNamespaces))),
    fresh('sysfs', ofUser({ namespaces: [...good.linux.namespaces, { type: 'user' }] }))
  ],
  'there is something to run': [process({ args: [] }), process({ args: ['', 'x'] })],
  'every line of the environment has a name': [process({ env: ['A'] }), process({ env: ['=x'] })],
  'the working directory is absolute and not of the runtime': [
    process({ cwd: '' }),
    process({ cwd: 'work' }),
    process({ cwd: '/proc/self/fd/7' }),
    process({ cwd: '/x/../dev//fd/7' })
  ],
  'user and groups are ids that runc takes': [user({ uid: 2 ** 31 }), user({ gid: -1 }), user({ additionalGids: [2 ** 31] })],
  'the umask is made of permissions': [user({ umask: 0o1000 }), user({ umask: -1 })],
  'oomScoreAdj is one that the kernel takes': [process({ oomScoreAdj: 1001 }), process({ oomScoreAdj: -1001 })],
  'a console size needs a terminal': [process({ consoleSize: { height: 1, width: 1 } })],
  'rlimits are of known types, each once, soft at most hard': [
    process({ rlimits: [{ type: 'RLIMIT_FILES', soft: 1, hard: 1 }] }),
    process({ rlimits: [{ type: 'RLIMIT_AS', soft: 2, hard: 1 }] }),
    process({ rlimits: [{ type: 'RLIMIT_AS', soft: -1, hard: 1 }] }),
    process({ rlimits: [{ type: 'RLIMIT_AS', soft: 1, hard: 1 }, { type: 'RLIMIT_AS', soft: 2, hard: 2 }] })
  ],
  'capabilities have known names, each once in a set': [sets({ bounding: ['KILL', 'CAP_KILL', 'CAP_CHOWN'] }), sets({ effective: ['CAP_KILL', 'CAP_KILL'] })],
  'the sets of capabilities lie within one another': [
    sets({ bounding: ['CAP_KILL'] }),
    sets({ effective: ['CAP_BPF'] }),
    sets({ inheritable: ['CAP_KILL', 'CAP_BPF'] }),
    sets({ ambient: ['CAP_BPF'] }),
    sets({ ambient: ['CAP_CHOWN'] })
  ],
  'security labels are well formed': [
    process({ selinuxLabel: 'container_t' }),
    process({ apparmorProfile: '' }),
    process({ apparmorProfile: 'a\nb' }),
    linux({ mountLabel: 'system_u:object_r' })
  ],
  'destinations of mounts are absolute': [mount({ destination: 'data' })],
  'a bind mount says so and has an absolute source': [mount({ options: [] }), mount({ source: 'data' }), mount({ type: 'none', source: 'data' })],
  'a bind mount has no options of a file system': [mount({ options: ['bind', 'size=1'] }), mount({ options: ['rbind', 'defaults'] })],
  'a tmpfs has options that the kernel knows': [
    mount({ type: 'tmpfs', options: ['sizes=1'] }),
    mount({ type: 'tmpfs', options: ['size='] }),
    mount({ type: 'tmpfs', options: ['defaults'] })
  ],
  'id-mapped mounts are binds in a user namespace': [
    mount({ options: ['bind', 'idmap'] }),
    { ...ofUser({}), mounts: [{ destination: '/x', type: 'tmpfs', source: 'tmpfs', options: ['ridmap'] }] }
  ],
  'only proc is mounted on /proc, and nothing below it': [
    mount({ destination: '/proc/sys' }),
    mount({ destination: '/x/../proc/' }),
    mount({ destination: '/proc', type: 'tmpfs', options: [] })
  ],
  'the propagation of the root is a known word': [linux({ rootfsPropagation: 'recursive' }), linux({ rootfsPropagation: '' })],
  'devices have known types and numbers, each path once': [
    device({ type: 'a' }),
    device({ path: 'dev/x' }),
    device({ major: -1 }),
    device({ minor: 2 ** 20 }),
    device({ fileMode: 0o1000 }),
    device({ uid: 2 ** 31 }),
    device({ gid: -1 }),
    linux({ devices: [...good.linux.devices!, { ...good.linux.devices![0]!, path: '/dev//fuse' }] })
  ],
  'device rules have access, type and numbers that runc takes': [
    rule({ access: '' }),
    rule({ access: 'wr' }),
    rule({ access: 'x' }),
    rule({ type: 'u' }),
    rule({ type: 'a' }),
    rule({ major: -2 }),
    resources({ devices: [{ allow: true, access: 'r', major: 1 }] })
  ],
  'limits of memory are above zero or none, swappiness is a percentage': [
    memory({ limit: 0 }),
    memory({ limit: 1, reservation: -2 }),
    memory({ limit: 1, swap: -2 }),
    memory({ swappiness: 101 })
  ],
  'swap includes the memory': [memory({ limit: 2, swap: 1 })],
  'cpu shares are ones that the kernel takes': [cpu({ shares: 1 }), cpu({ shares: 262_145 })],
  'cpu quota and period are ones that the kernel takes': [cpu({ quota: 999 }), cpu({ quota: 0 }), cpu({ period: 999 }), cpu({ period: 1_000_001 })],
  'lists of cpus and memory nodes are well formed': [cpu({ cpus: '' }), cpu({ cpus: '0,' }), cpu({ cpus: '3-1' }), cpu({ mems: 'all' })],
  'the limit of pids is above zero or none': [resources({ pids: { limit: 0 } }), resources({ pids: { limit: -2 } })],
  'weights of block devices are from 10 to 1000': [blockIO({ weight: 9 }), blockIO({ weightDevice: [{ major: 8, minor: 0, weight: 1001 }] })],
  'seccomp has known actions, operators, architectures and flags': [
    seccomp({ defaultAction: 'SCMP_ACT_DENY' }),
    syscall({ action: 'ERRNO' }),
    seccomp({ architectures: ['x86'] }),
    seccomp({ flags: ['SECCOMP_FILTER_FLAG_X'] }),
    syscall({ args: [{ index: 0, value: 1, op: '==' }] })
  ],
  'seccomp notifies only a listener, and never of write': [
    syscall({ action: 'SCMP_ACT_NOTIFY' }),
    syscall({ action: 'SCMP_ACT_NOTIFY', names: ['read', 'write'] }, { listenerPath: '/run/agent.sock' }),
    seccomp({ defaultAction: 'SCMP_ACT_NOTIFY', listenerPath: '/run/agent.sock' }),
    seccomp({ listenerMetadata: 'x' })
  ],
  'seccomp answers with an errno only where one is returned': [
    seccomp({ defaultErrnoRet: 1 }),
    syscall({ action: 'SCMP_ACT_KILL', errnoRet: 1 }),
    syscall({ errnoRet: 4096 })
  ],
  'rules of seccomp have names and arguments that libseccomp takes': [
    syscall({ names: [] }),
    syscall({ names: [''] }),
    syscall({ args: [{ index: 6, value: 1, op: 'SCMP_CMP_EQ' }] }),
    syscall({ args: [{ index: 0, value: 1, valueTwo: 1, op: 'SCMP_CMP_EQ' }] })
  ],
  'the path of the cgroup is one that a cgroup driver takes': ['', '/', 'a/b', '/a/../b', 'a:b', 'a.slice:b:c/d'].map((cgroupsPath) => linux({ cgroupsPath }))
}

const namesOf = (table: ReadonlyArray<readonly [string, unknown]>): ReadonlyArray<string> => table.map(([name]) => name)

const breaks = (of: Spec): ReadonlyArray<string> => laws.runcRules.filter(([, law]) => law(of).length > 0).map(([name]) => name)

describe('the rules of runc', () => {
  it('are all broken here', () => {
    expect(Object.keys(broken)).toEqual(namesOf(laws.runcRules))
  })

  it.each(Object.entries(broken).flatMap(([name, specs]) => specs.map((of, index) => [name, index, of] as const)))('%s: broken, case %i', (name, _index, of) => {
    expect(breaks(of)).toEqual([name])
  })

  it.each<readonly [string, Spec]>([
    ['with all that a spec can have', good],
    ['with a user namespace', fresh('sysfs', ofUser({}))],
    ['with a user namespace that is joined', ofUser({ namespaces: [...good.linux.namespaces, { type: 'user', path: '/proc/7/ns/user' }] })],
    ['with as many mappings as there can be, one after the other', ofUser({ uidMappings: [...mapping, ...lines(339)] })],
    ['with mappings that touch, last one first', ofUser({ uidMappings: [{ containerID: 2 ** 31, hostID: 100_000 + 2 ** 31, size: 9 }, ...mapping] })],
    ['with mappings up to the last id', ofUser({ uidMappings: [...mapping, { containerID: 2 ** 32 - 1, hostID: 2 ** 32 - 1, size: 1 }] })],
    ['with names as long as they can be', spec({ hostname: 'x'.repeat(64), domainname: 'y'.repeat(64) })],
    ['with no names of its own', nameless(linux({ ...without('uts'), sysctl: {} }))],
    ['with an rlimit of nothing', process({ rlimits: [{ type: 'RLIMIT_CORE', soft: 0, hard: 0 }] })],
    ['with a bind of a file that says tmpfs', mount({ type: 'tmpfs', options: ['bind', 'ro'] })],
    ['with a mount mapped to the user namespace', { ...ofUser({}), mounts: mount({ options: ['rbind', 'idmap'] }).mounts }],
    ['with the namespaces of the host', { ...linux({ namespaces: [{ type: 'mount' }], sysctl: {} }), hostname: '', domainname: '' }],
    ['with a terminal', process({ terminal: true, consoleSize: { height: 24, width: 80 } })],
    ['with proc of the host', mount({ destination: '/proc', source: '/proc', options: ['rbind'] })],
    ['with a pipe', device({ type: 'p', major: 0, minor: 0 })],
    ['with a listener', syscall({ action: 'SCMP_ACT_NOTIFY' }, { listenerPath: '/run/agent.sock', listenerMetadata: 'x' })],
    ['with no limits', resources({ memory: { limit: -1, swap: -1 }, cpu: { shares: 0, quota: -1 }, blockIO: {}, unified: {} })],
    ['with a cgroup of systemd', linux({ cgroupsPath: 'nomad.slice:nomad:web' })]
  ])('hold for a spec %s', (_name, of) => {
    expect(laws.runcRules.flatMap(([, law]) => law(of))).toEqual([])
  })
})

describe('the rules of a cgroup version', () => {
  const unified = (file: string): Spec => resources({ unified: { [file]: '1' } })

  const cases: Readonly<Record<string, ReadonlyArray<readonly ['v1' | 'v2', Spec]>>> = {
    'swap has a limit of memory beside it': [['v1', memory({ swap: 1 })], ['v2', memory({ swap: 1 })], ['v1', memory({ limit: -1, swap: 1 })]],
    'unified resources are files of cgroup v2': [
      ['v1', unified('memory.high')],
      ['v2', unified('memory')],
      ['v2', unified('memory.x/../y')],
      ['v2', unified('netcls.classid')]
    ],
    'rates of block devices are ones that the kernel takes': [
      ['v2', blockIO({ throttleWriteBpsDevice: [{ major: 8, minor: 0, rate: 0 }] })],
      ['v1', blockIO({ throttleReadIOPSDevice: [{ major: 8, minor: 0, rate: -1 }] })],
      ['v2', blockIO({ throttleWriteIOPSDevice: [{ major: 8, minor: 0, rate: 0.5 }] })]
    ]
  }

  const breaksOf = (of: Spec, cgroups: 'v1' | 'v2'): ReadonlyArray<string> =>
    laws.cgroupRules.filter(([, law]) => law(of, cgroups).length > 0).map(([name]) => name)

  // Unified resources of the good spec would break a rule of v1 of their own.
  const plain = (of: Spec, keep: boolean): Spec =>
    keep ? of : { ...of, linux: { ...of.linux, resources: { ...of.linux.resources, unified: {} } } }

  it('are all broken here', () => {
    expect(Object.keys(cases)).toEqual(namesOf(laws.cgroupRules))
  })

  it.each(Object.entries(cases).flatMap(([name, specs]) => specs.map(([cgroups, of]) => [name, cgroups, of] as const)))('%s: broken on %s', (name, cgroups, of) => {
    expect(breaksOf(plain(of, name.startsWith('unified')), cgroups)).toEqual([name])
  })

  it.each<readonly ['v1' | 'v2', Spec]>([
    ['v2', good],
    ['v1', plain(good, false)],
    ['v2', memory({ limit: -1, swap: 1 })],
    ['v2', memory({ swap: -1 })],
    ['v2', memory({ swap: 0 })],
    ['v1', plain(blockIO({ throttleReadBpsDevice: [{ major: 8, minor: 0, rate: 0 }] }), false)]
  ])('hold on %s for a good spec', (cgroups, of) => {
    expect(breaksOf(of, cgroups)).toEqual([])
  })
})
