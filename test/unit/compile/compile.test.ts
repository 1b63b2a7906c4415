import { compile } from '../../../src/core/compile/compile'
import { Compiled } from '../../../src/core/compile/Compiled'
import { placeIn } from '../../../src/core/domain/DocumentPath'
import { none } from '../../../src/core/facts/Facts'
import { sampleFacts } from '../../../src/core/facts/sampleFacts'
import { empty } from '../../../src/core/image/ImageConfig'
import { questionsOf } from '../../../src/core/resolve/questionsOf'
import { resolve } from '../../../src/core/resolve/resolve'
import { Task, TaskDevice, TaskMount } from '../../../src/core/resolve/Task'
import { requestOf, rightOf } from '../../../src/testing/facts'

const request = requestOf({
  task: { image: 'busybox:1', command: 'true' }, plugin: { containerd_runtime: 'io.containerd.runc.v2' }, allocation: { id: 'i', name: 'web', allocDir: '/a' }
})

const task: Task = rightOf(resolve(request, sampleFacts(questionsOf(request), none, empty)))

const compiledWith = (change: Partial<Task>): Compiled => compile({ ...task, ...change })

const mount = (destination: string, change: Partial<TaskMount> = {}): TaskMount =>
  ({ destination, type: 'bind', source: '/s', options: ['rbind'], origin: 'task', at: placeIn('at'), ensure: false, pin: undefined, ...change })

const confined = (change: Partial<Task['confinement']>): Partial<Task> => ({ confinement: { ...task.confinement, ...change } })

const limited = (change: Partial<Task['limits']>): Partial<Task> => ({ limits: { ...task.limits, ...change } })

/** Whether a document has a member without a value: canonical JSON leaves it out, a reader of the object does not. */
const holes = (value: unknown, at = ''): ReadonlyArray<string> =>
  typeof value !== 'object' || value === null ? [] : Object.entries(value).flatMap(([key, item]) => (item === undefined ? [`${at}.${key}`] : holes(item, `${at}.${key}`)))

it('what a task does not say is not in the spec, not even without a value', () => {
  const bare = compiledWith({
    ...limited({ cpuQuota: undefined, cpuPeriod: undefined, memorySwapBytes: undefined, memorySwappiness: undefined, pids: undefined, cpus: '', mems: '', memoryReservationBytes: 0 }),
    ...confined({ selinux: undefined, apparmorProfile: '', seccomp: { _tag: 'Unconfined' }, maskedPaths: [], readonlyPaths: [], ambient: [] }),
    annotations: {}, hostname: '', domainname: '', hooks: {}, devices: [], sysctl: {}
  })
  expect(holes(bare)).toEqual([])
  expect(Object.keys(bare.spec)).toEqual(['linux', 'mounts', 'ociVersion', 'process', 'root'])
  expect(Object.keys(bare.spec.linux)).toEqual(['cgroupsPath', 'namespaces', 'resources'])
  expect(Object.keys(bare.spec.process)).toEqual(['args', 'capabilities', 'cwd', 'env', 'noNewPrivileges', 'oomScoreAdj', 'rlimits', 'terminal', 'user'])
  expect(bare.spec.linux.resources.cpu).toStrictEqual({ shares: task.limits.cpuShares })
  expect(bare.spec.linux.resources.memory).toStrictEqual({ limit: task.limits.memoryLimitBytes })
})

it('what a task says is in the spec', () => {
  const { spec } = compiledWith({
    ...limited({ cpuQuota: 5, cpuPeriod: 6, memorySwapBytes: 7, memorySwappiness: 0, pids: 8, cpus: '0', mems: '1', memoryReservationBytes: 9 }), oomScoreAdj: 0
  })
  expect(spec.linux.resources).toMatchObject({
    cpu: { cpus: '0', mems: '1', period: 6, quota: 5 }, memory: { reservation: 9, swap: 7, swappiness: 0 }, pids: { limit: 8 }
  })
  expect(spec.process.oomScoreAdj).toBe(0)
})

it.each<readonly [string, Partial<Task>, string]>([
  ['nothing newer', {}, '1.0.2'],
  ['an option with id maps', { mounts: [mount('/d', { options: ['rbind', 'idmap'] })] }, '1.2.0'],
  ['an option with id maps of a tree', { mounts: [mount('/d', { options: ['ridmap'] })] }, '1.2.0'],
  ['an option of a tree', { mounts: [mount('/d', { options: ['rro'] })] }, '1.1.0'],
  ['a domain name', { domainname: 'example.com' }, '1.0.2'],
  ['a domain name in a namespace of users', { domainname: 'example.com', namespaces: { ...task.namespaces, user: [{ containerID: 0, hostID: 1, size: 2 }] } }, '1.1.0'],
  ['raw settings', limited({ unified: { 'memory.high': '1' } }), '1.1.0']
])('with %s %#', (_what, change, version) => { expect(compiledWith(change).spec.ociVersion).toBe(version) })

it.each([
  [['rshared'], 'rshared'], [['shared'], 'rshared'], [['rslave'], 'rslave'], [['slave'], 'rslave'], [['slave', 'shared'], 'rshared'], [['private'], undefined], [[], undefined]
])('mounts that are %j need the root file system %j', (options, propagation) => {
  expect(compiledWith({ mounts: options.map((option) => mount(`/${option}`, { options: ['rbind', option] })) }).spec.linux.rootfsPropagation).toBe(propagation)
})

const places = (mounts: ReadonlyArray<TaskMount>): ReadonlyArray<readonly [string, string]> =>
  compiledWith({ mounts }).spec.mounts.map(({ destination, source }) => [destination, source] as const)

it('a place has one mount: the task\'s or Nomad\'s, else that of the driver or of a device, else the default one', () => {
  const found = places([
    mount('/dev/shm', { source: '/own' }), mount('/run', { source: '/nomads', origin: 'nomad' }), mount('/sys', { source: '/devices', origin: 'device' }),
    mount('/x', { source: '/drivers', origin: 'driver' }), mount('/x', { source: '/jobs' }), mount('/y', { source: '/drivers', origin: 'driver' }), mount('/run', { source: '/device', origin: 'device' })
  ])
  expect(found).toEqual([
    ['/dev', 'tmpfs'], ['/dev/mqueue', 'mqueue'], ['/dev/pts', 'devpts'], ['/dev/shm', '/own'], ['/proc', 'proc'], ['/run', '/nomads'], ['/sys', '/devices'], ['/x', '/jobs'], ['/y', '/drivers']
  ])
})

it('the cgroups of the task are mounted, unless what the job mounts holds others, and may be written where that is allowed', () => {
  const cgroups = (mounts: ReadonlyArray<TaskMount>): ReadonlyArray<string> => places(mounts).filter(([place]) => place.startsWith('/sys/')).map((one) => one.join(' '))
  expect(cgroups([])).toEqual(['/sys/fs/cgroup cgroup'])
  expect(cgroups([mount('/sys')])).toEqual([])
  expect(cgroups([mount('/sys/fs', { source: '/sys/fs' })])).toEqual(['/sys/fs /sys/fs'])
  expect(cgroups([mount('/sys/fs/cgroup', { source: '/sys/fs/cgroup' })])).toEqual(['/sys/fs/cgroup /sys/fs/cgroup'])
  expect(cgroups([mount('/sys/fs/bpf', { source: '/sys/fs/bpf' })])).toEqual(['/sys/fs/bpf /sys/fs/bpf', '/sys/fs/cgroup cgroup'])
  const options = (cgroupfs: 'ro' | 'rw'): unknown =>
    compiledWith({ confinement: { ...task.confinement, cgroupfs } }).spec.mounts.find(({ type }) => type === 'cgroup')?.options
  expect([options('ro'), options('rw')]).toEqual([['nosuid', 'noexec', 'nodev', 'ro'], ['nosuid', 'noexec', 'nodev', 'rw']])
})

const device = (access: string, type: 'c' | 'b' | 'u' = 'c'): TaskDevice => ({ node: { path: '/dev/x', type, major: 1, minor: 2, fileMode: 0o600, uid: 0, gid: 0 }, access })

it('a device without access has a node and no rule', () => {
  const { linux } = compiledWith({ devices: [device(''), device('r', 'b'), device('rw', 'u')] }).spec
  expect(linux.devices).toHaveLength(3)
  expect(linux.resources.devices).toEqual([
    { access: 'rwm', allow: false }, { access: 'r', allow: true, major: 1, minor: 2, type: 'b' }, { access: 'rw', allow: true, major: 1, minor: 2, type: 'c' }
  ])
})

it('a task with every device has one rule', () => {
  expect(compiledWith({ ...confined({ allDevices: true }), devices: [device('r')] }).spec.linux.resources.devices).toEqual([{ access: 'rwm', allow: true }])
})

it('only directories that have to be made are in the plan of mounts, before the files', () => {
  const wanted = [mount('/d', { ensure: true, source: '/made' }), mount('/e'), mount('/g', { origin: 'driver', source: '/f' })]
  expect(compiledWith({ mounts: wanted, files: [{ path: '/f', text: 't', because: 'b' }] }).mounts).toEqual([
    { _tag: 'Directory', path: '/made', because: 'volume at /d' }, { _tag: 'File', path: '/f', text: 't', because: 'b' }
  ])
})

it('a file in whose place the task mounts something is not made: the record of its container would not name it', () => {
  const wanted = [mount('/g', { origin: 'driver', source: '/f' }), mount('/g', { origin: 'task', source: '/own' })]
  expect(compiledWith({ mounts: wanted, files: [{ path: '/f', text: 't', because: 'b' }] }).mounts).toEqual([])
})
