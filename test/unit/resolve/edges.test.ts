import * as E from 'fp-ts/Either'

import * as Allocation from '../../../src/core/decode/Allocation'
import { ALL_CAPABILITIES } from '../../../src/core/domain/capabilities'
import { inTask, pathText, placeIn } from '../../../src/core/domain/DocumentPath'
import { Issue } from '../../../src/core/domain/Issue'
import { HostFacts, merge, none } from '../../../src/core/facts/Facts'
import * as factsFile from '../../../src/core/facts/factsFile'
import { SAMPLE_HOST, sampleFacts } from '../../../src/core/facts/sampleFacts'
import { empty } from '../../../src/core/image/ImageConfig'
import { hostPathRefusal } from '../../../src/core/policy/hostPaths'
import { policyOf } from '../../../src/core/policy/Policy'
import { groupsOf, userOf } from '../../../src/core/resolve/accounts'
import { driverFiles } from '../../../src/core/resolve/files'
import { cgroupsPathOf, limitsOf } from '../../../src/core/resolve/limits'
import { namespacesOf } from '../../../src/core/resolve/namespaces'
import { isEmpty } from '../../../src/core/resolve/resolvConf'
import { rlimitsOf } from '../../../src/core/resolve/rlimits'
import { parse as blockIO } from '../../../src/core/value/DeviceRate'
import { parse as volume } from '../../../src/core/value/Volume'
import { bindPath } from '../../../src/core/wanted/bindPath'
import { labelsOf } from '../../../src/core/wanted/identity'
import { nomadMounts } from '../../../src/core/wanted/nomadMounts'
import { wantedDevices } from '../../../src/core/wanted/wantedDevices'
import { isReadonly, wantedMounts } from '../../../src/core/wanted/wantedMounts'
import { requestOf, rightOf } from '../../../src/testing/facts'

type Some = Readonly<Record<string, unknown>>

const request = (task: Some = {}, plugin: Some = {}, allocation: Some = {}): ReturnType<typeof requestOf> => requestOf({
  task: { image: 'busybox:1', command: 'true', ...task }, plugin: { containerd_runtime: 'io.containerd.runc.v2', allowed_modes: { network: ['*'], userns: ['*'], pid: ['*'], ipc: ['*'], uts: ['*'], cgroup: ['*'] }, ...plugin },
  allocation: { id: 'i', name: 'web', allocDir: '/data/alloc/a', ...allocation }
})

const allocationOf = (said: Some): Allocation.Allocation => rightOf(Allocation.codec.decode({ id: 'i', name: 'web', allocDir: '/data/alloc/a', ...said }))

describe('accounts', () => {
  const image = (passwd: string, group: string): Parameters<typeof userOf>[1] => ({ digest: '', chainId: '', config: empty, passwd, group })
  it.each<readonly [string, string, string, number, number, ReadonlyArray<number>]>([
    ['0', '', 'wheel:x:10:root', 0, 0, [0, 10]], ['7', '', 'wheel:x:10:,root', 7, 0, [0]], ['app', 'app:x:1:2', 'app:x:9:app\nmore:x:5:app', 1, 2, [2, 5]],
    ['b#', 'b#:x:1:2#', '', 0, 0, []], ['app', 'app:x:1:2:end#', '', 1, 2, [2]], ['app', 'app:x:2147483647:2147483647', '', 2_147_483_647, 2_147_483_647, [2_147_483_647]], ['app', 'app:x:5:6\n#app:x:1:2', '', 5, 6, [6]],
    ['app', '\n\n#app:x:1:2\napp:x:3:4', '\n#no:x:9:app', 3, 4, [4]], ['1', ':x:1:5', '', 1, 0, [0]], ['1:staff', '', ':x:5:\nstaff:x:6:', 1, 6, [6]]
  ])('%j of %j and %j', (text, passwd, group, uid, gid, additionalGids) => {
    expect(userOf(text, image(passwd, group))).toEqual(text === 'b#' ? E.left({ file: 'passwd', reason: 'user "b#" is not in the image\'s /etc/passwd' }) : E.right({ uid, gid, additionalGids }))
  })

  it.each(['1a', 'a1', '2x:y', '1:5x', '1:x5'])('%j is no number', (text) => { expect(E.isLeft(userOf(text, image('', '')))).toBe(true) })

  it('an account needs numbers, and an id that is one', () => {
    expect(userOf('app', image('app:x:1x:2\napp:x:1:x2\napp:x:3:4', ''))).toEqual(E.right({ uid: 3, gid: 4, additionalGids: [4] }))
    expect(groupsOf(['a', '7'], image('', 'a:x:5y:\na:x:6:'))).toEqual(E.right([6, 7]))
    expect(groupsOf(['', 'b'], image('', ':x:6:'))).toEqual(E.left([[0, { file: 'group', reason: 'group "" is not in the image\'s /etc/group' }], [1, { file: 'group', reason: 'group "b" is not in the image\'s /etc/group' }]]))
    expect(userOf('0', image('', 'a:x:5:,\nb:x:6:root,'))).toEqual(E.right({ uid: 0, gid: 0, additionalGids: [0, 6] }))
  })
})

it('labels name what Nomad knows, cut at 512 letters', () => {
  const extra = (said: Some): unknown => labelsOf(allocationOf(said), { own: 'x', none: '' }, ['parent_job_id', 'job_*'])
  const owner = { 'containerd-driver/owner': 'i', own: 'x' }
  expect(extra({})).toEqual(owner)
  expect(extra({ parentJobId: 'p', env: { NOMAD_JOB_PARENT_ID: 'e' } })).toEqual({ ...owner, 'com.hashicorp.nomad.parent_job_id': 'p' })
  expect(extra({ env: { NOMAD_JOB_PARENT_ID: 'e' } })).toEqual({ ...owner, 'com.hashicorp.nomad.parent_job_id': 'e' })
  expect(extra({ jobName: 'j'.repeat(513), namespace: 'n' })).toEqual({ ...owner, 'com.hashicorp.nomad.job_name': 'j'.repeat(512) })
})

it.each<readonly [Some, 'v1' | 'v2', Some]>([
  [{}, 'v2', {}], [{}, 'v1', { cgroup: 'host' }], [{ cgroupns: 'private' }, 'v1', {}], [{ cgroupns: 'host' }, 'v2', { cgroup: 'host' }], [{ pid_mode: 'host', uts_mode: 'host' }, 'v2', { pid: 'host', uts: 'host' }],
  [{ pid_mode: 'private', ipc_mode: 'private', uts_mode: 'private' }, 'v2', {}], [{ ipc_mode: 'none' }, 'v2', { ipc: 'none' }], [{ ipc_mode: 'host' }, 'v2', { ipc: 'host' }], [{ userns: 'host' }, 'v2', {}],
  [{ userns: '0:5:10' }, 'v2', { user: [{ containerID: 0, hostID: 5, size: 10 }] }]
])('the namespaces of %j on %s are its own but for %j', (task, cgroups, change) => {
  expect(namespacesOf(request(task).task, { ...SAMPLE_HOST, cgroups })).toEqual({ pid: 'private', ipc: 'private', uts: 'private', cgroup: 'private', user: [], ...change })
})

it("Nomad's directories stand where its environment says", () => {
  const at = (env: Some): ReadonlyArray<ReadonlyArray<string>> => nomadMounts(allocationOf({ env })).map(({ destination, source, at: place }) => [destination, source, pathText(place)])
  const place = 'allocation.allocDir'
  expect(at({})).toEqual([['/alloc', '/data/alloc/a/alloc', place], ['/alloc/logs', '/data/alloc/a/alloc/logs', place], ['/local', '/data/alloc/a/web/local', place], ['/secrets', '/data/alloc/a/web/secrets', place]])
  expect(at({ NOMAD_ALLOC_DIR: '/x/', NOMAD_TASK_DIR: '/y', NOMAD_SECRETS_DIR: '/z' }).map(([destination]) => destination)).toEqual(['/x', '/x/logs', '/y', '/z'])
})

describe('the files of the driver', () => {
  const files = (task: Some, allocation: Some = {}): unknown => driverFiles(request(task, {}, allocation), SAMPLE_HOST).map(({ mount: { destination, at }, file }) => [destination, pathText(at), file?.text.split('\n').slice(1, 2)[0], file?.because])
  const own = ['/etc/hosts', 'task.extra_hosts', '127.0.0.1 localhost', 'its own name']
  it.each<readonly [Some, Some, ReadonlyArray<unknown>]>([
    [{}, {}, [['/etc/resolv.conf', 'task.host_dns', undefined, undefined], own]], [{ host_dns: false }, {}, [own]],
    [{ dns_servers: ['10.0.0.1'] }, {}, [['/etc/resolv.conf', 'task.dns_servers', 'nameserver 10.0.0.1', 'name servers of the job'], own]],
    [{}, { dns: { servers: ['10.0.0.2'] } }, [['/etc/resolv.conf', 'allocation.dns', 'nameserver 10.0.0.2', 'name servers of the job'], own]],
    [{ host_dns: false, extra_hosts: ['db:10.0.0.3'] }, {}, [['/etc/hosts', 'task.extra_hosts', '127.0.0.1 localhost', 'names of the job']]]
  ])('of %j and %j', (task, allocation, said) => { expect(files(task, allocation)).toEqual(said) })

  const HOST: HostFacts = { ...SAMPLE_HOST, hostname: 'node-7', hostsText: '127.0.0.1 localhost\n10.0.0.9 node-7 # own\n', addresses: ['10.0.0.9', 'fd00::9'] }
  const lines = (task: Some, allocation: Some = {}, host: HostFacts = HOST): ReadonlyArray<string> =>
    (driverFiles(request(task, {}, allocation), host).find(({ mount }) => mount.destination === '/etc/hosts')?.file?.text ?? '').trimEnd().split('\n').slice(9)
  const nomads = (hostsConfig: Some): Some => ({ networkIsolationSpec: { path: '/n', hostsConfig } })
  it.each<readonly [Some, Some, ReadonlyArray<string>]>([
    [{}, {}, ['127.0.1.1 web-ca978112ca1bbdca']], [{ hostname: 'db' }, {}, ['127.0.1.1 db']], [{ hostname: 'db', domainname: 'x.y' }, {}, ['127.0.1.1 db.x.y db']],
    [{}, nomads({ hostname: 'h', address: '10.0.0.4' }), ['10.0.0.4 h']], [{ hostname: 'db' }, nomads({ hostname: 'h', address: '10.0.0.4' }), ['10.0.0.4 db h']],
    [{}, nomads({ hostname: 'h' }), ['127.0.1.1 h']], [{ extra_hosts: ['a:1.2.3.4', 'six:[fd00::1]', 'gw:host-gateway'] }, nomads({ hostname: 'h', address: 'fd00::4' }), ['fd00::4 h', '1.2.3.4 a', 'fd00::1 six', '10.0.0.9 gw', 'fd00::9 gw']]
  ])('names of %j with %j are %j', (task, allocation, said) => { expect(lines(task, { id: 'a', name: 'web', ...allocation })).toEqual(said) })

  it("on the host's network are the host's own lines, and what is not in them", () => {
    const text = (task: Some, host = HOST): string => driverFiles(request({ host_network: true, ...task }, {}, {}), host)[1]?.file?.text ?? ''
    expect(text({})).toBe(`# made by containerd-driver\n${HOST.hostsText}`)
    expect(text({ extra_hosts: ['a:1.2.3.4'] })).toBe(`# made by containerd-driver\n${HOST.hostsText}1.2.3.4 a\n`)
    expect(text({ hostname: 'own' })).toBe(`# made by containerd-driver\n${HOST.hostsText}127.0.1.1 own\n`)
    expect(text({}, { ...HOST, hostsText: '' }).split('\n')).toEqual(expect.arrayContaining(['127.0.0.1 localhost', '127.0.1.1 node-7']))
  })

  const resolver = (task: Some, plugin: Some = {}, allocation: Some = {}): unknown =>
    driverFiles(request(task, plugin, allocation), { ...HOST, resolvConfText: 'nameserver 127.0.0.53\nnameserver 10.0.0.2\nsearch host.example\noptions edns0\n' })
      .filter(({ mount }) => mount.destination === '/etc/resolv.conf').map(({ file }) => file?.text.split('\n').slice(1, -1).join('; '))
  it.each<readonly [Some, Some, Some, ReadonlyArray<string | undefined>]>([
    [{}, {}, {}, ['nameserver 10.0.0.2; search host.example; options edns0']], [{ host_network: true }, {}, {}, [undefined]], [{ host_dns: false }, { dns_servers: ['9.9.9.9'] }, {}, []],
    [{}, { dns_servers: ['9.9.9.9'] }, {}, ['nameserver 9.9.9.9; search host.example; options edns0']],
    [{}, { dns_servers: ['9.9.9.9'] }, { dns: { servers: ['8.8.8.8'], searches: ['g'] } }, ['nameserver 8.8.8.8; search g; options edns0']],
    [{ dns_servers: ['7.7.7.7'] }, { dns_servers: ['9.9.9.9'] }, { dns: { servers: ['8.8.8.8'], options: ['ndots:2'] } }, ['nameserver 7.7.7.7; search host.example; options ndots:2']],
    [{ dns_search_domains: ['.'] }, {}, {}, ['nameserver 10.0.0.2; options edns0']], [{ host_dns: false, dns_servers: ['7.7.7.7'] }, { dns_servers: ['9.9.9.9'] }, {}, ['nameserver 7.7.7.7']]
  ])('name servers of %j, %j and %j: %j', (task, plugin, allocation, said) => { expect(resolver(task, plugin, allocation)).toEqual(said) })

  it('none of three lists is none', () => {
    const lists = { servers: [], searches: [], options: [] }
    expect([isEmpty(lists), isEmpty({ ...lists, servers: ['a'] }), isEmpty({ ...lists, searches: ['a'], options: ['b'] }), isEmpty({ ...lists, options: ['b'] })]).toEqual([true, false, false, false])
  })
})

describe('limits at their borders', () => {
  const limits = (task: Some, memory: Some = {}, host: Partial<HostFacts> = {}, plugin: Some = {}, linux: Some = {}): unknown => {
    const { right, left } = limitsOf(request(task, plugin, { resources: { allocatedResources: { memory }, linuxResources: linux } }), none, { ...SAMPLE_HOST, ...host }) as { right?: unknown; left?: ReadonlyArray<Issue> }
    return right ?? left?.map(({ at, value }) => `${pathText(at)} ${value ?? ''}`)
  }
  const MIB = 1024 * 1024
  it.each<readonly [Some, Some, Partial<HostFacts>, Some, Some, unknown]>([
    [{ memory_reservation: '2m', memory_hard_limit: 2 }, {}, {}, {}, {}, { memoryReservationBytes: 2 * MIB, memoryLimitBytes: 2 * MIB }], [{ memory_reservation: '2m' }, {}, {}, {}, {}, { memoryReservationBytes: 2 * MIB, memoryLimitBytes: -1 }],
    [{}, { memoryMb: 2, memoryMaxMb: -1 }, {}, {}, {}, { memoryReservationBytes: 2 * MIB, memoryLimitBytes: -1, memorySwapBytes: undefined }], [{ memory_hard_limit: 4 }, { memoryMb: 2, memoryMaxMb: -1 }, {}, {}, {}, { memoryReservationBytes: 2 * MIB, memoryLimitBytes: 4 * MIB }],
    [{ memory_swap: '-1', memory_hard_limit: 2 }, {}, {}, {}, {}, { memorySwapBytes: -1 }], [{ memory_swap: '2m', memory_hard_limit: 2 }, {}, {}, {}, {}, { memorySwapBytes: 2 * MIB }], [{ memory_swap: '2m' }, {}, {}, {}, {}, ['task.memory_swap 2097152']],
    [{}, {}, {}, { memory_hard_limit: 1 }, { memoryLimitBytes: MIB }, { memoryLimitBytes: MIB }], [{}, {}, {}, { memory_hard_limit: 1 }, {}, { memoryLimitBytes: MIB }],
    [{ cpu_hard_limit: true }, {}, { cpuMhz: 0 }, {}, {}, ['task.cpu_hard_limit true']], [{ cpu_hard_limit: true }, {}, { cpuMhz: 0, cpuCores: 2 }, {}, { PercentTicks: 0.5 }, { cpuQuota: 100_000, cpuPeriod: 100_000 }],
    [{ cpu_hard_limit: true }, {}, { cpuMhz: 1000, cpuCores: 1 }, {}, { PercentTicks: 0, cpuShares: 250 }, { cpuQuota: 25_000 }], [{ cpu_hard_limit: true }, {}, { cpuMhz: 1000, cpuCores: 1 }, {}, { PercentTicks: 0.5, cpuShares: 250 }, { cpuQuota: 50_000 }],
    [{ pids_limit: 0 }, {}, {}, {}, {}, { pids: -1 }], [{ pids_limit: 3 }, {}, {}, {}, {}, { pids: 3 }], [{}, {}, {}, { pids_limit: 4 }, {}, { pids: 4 }], [{}, {}, {}, {}, {}, { pids: undefined }]
  ])('%j %j %j %j %j', (task, memory, host, plugin, linux, said) => {
    const made = limits(task, memory, host, plugin, linux)
    if (Array.isArray(said)) expect(made).toEqual(said)
    else expect(made).toMatchObject(said as object)
  })

  it.each([
    ['/sys/fs/cgroup/cpuset/team/share', '/team/c'], ['/sys/fs/cgroup/cpuset/team/share/a', '/team/c'], ['/sys/fs/cgroup/cpuset/team/share/a/b', '/nomad/c'], ['/sys/fs/cgroup/x/cpuset/team/share', '/nomad/c'], ['/sys/fs/cgroup/cpuset/share', '/nomad/c']
  ])('on v1 %s gives %s', (cpusetCgroup, path) => {
    expect(cgroupsPathOf(allocationOf({ resources: { linuxResources: { cpusetCgroup } } }), { ...SAMPLE_HOST, cgroups: 'v1' }, 'c')).toBe(path)
  })

  it('a default limit is lowered to what the host grants, unless it may raise limits', () => {
    const soft = (capabilities: ReadonlyArray<string>, hardLimits: HostFacts['hardLimits']): unknown => rlimitsOf([], [{ type: 'RLIMIT_CORE', soft: 10, hard: 20 }], { ...SAMPLE_HOST, openFilesLimit: 100, capabilities, hardLimits }).map((one) => rightOf(one))
    const files = { type: 'RLIMIT_NOFILE', soft: 100, hard: 100 }
    expect(soft([], { RLIMIT_CORE: 15 })).toEqual([{ type: 'RLIMIT_CORE', soft: 10, hard: 15 }, files])
    expect(soft(['CAP_SYS_RESOURCE'], { RLIMIT_CORE: 15 })).toEqual([{ type: 'RLIMIT_CORE', soft: 10, hard: 20 }, files])
    expect(soft([], {})).toEqual([{ type: 'RLIMIT_CORE', soft: 10, hard: 20 }, files])
  })
})

describe('mounts and devices as they are written', () => {
  it.each<readonly [Some, ReadonlyArray<string>]>([
    [{ readonly: true }, ['ro']], [{ readonly: true, options: ['ro'] }, ['ro']], [{ readonly: true, options: ['rro'] }, ['rro']], [{ options: ['defaults', 'x'] }, ['x']], [{ readonly: true, options: ['nodev'] }, ['nodev', 'ro']]
  ])('%j has the options %j', (mount, options) => {
    const [made] = wantedMounts({ mounts: [{ type: 'bind', source: 's', target: '/t', options: [], readonly: false, ...mount } as never] })
    expect(made?.options).toEqual(options)
  })

  it('a volume of Docker has two or three parts, a tmpfs its options behind the first colon', () => {
    expect([isReadonly('ro'), isReadonly('rro'), isReadonly('rw')]).toEqual([true, true, false])
    expect(volume('a:/b:ro,z,,x')).toEqual({ source: 'a', target: '/b', options: ['ro', 'z', 'x'] })
    expect([':/b', 'a:', 'a', 'a:b:c:d', ''].map(volume)).toEqual([undefined, undefined, undefined, undefined, undefined])
    const short = ['a:/b:ro,z,,x', 'b:/c'].map((written, index) => ({ written, place: index, value: volume(written)! }))
    expect(wantedMounts({ volumes: short })).toMatchObject([{ at: { whole: inTask('volumes', 0) }, type: 'bind', source: 'a', target: '/b', options: ['ro', 'x'] }, { at: { whole: inTask('volumes', 1) } }])
    expect(wantedMounts({ volumes: short.slice(1), tmpfs: ['/t', '/u:size=1m,mode=7', ':x'] }).map(({ target, options }) => [target, options])).toEqual([
      ['/c', []], ['/t', ['noexec', 'nosuid', 'nodev']], ['/u', ['noexec', 'nosuid', 'nodev', 'size=1m', 'mode=7']], ['', ['noexec', 'nosuid', 'nodev', 'x']]
    ])
  })

  it('what stands behind the first colon of a device is its place, or its rights alone', () => {
    const made = (text: string): unknown => wantedDevices([text]).map(({ hostPath, containerPath, permissions }) => [hostPath, containerPath, permissions])[0]
    expect(['/d', '/d:r', '/d:r:w', '/d:/e:rw', '/d:rrr'].map(made)).toEqual([['/d', '/d', 'rwm'], ['/d', '/d', 'r'], ['/d', 'r', 'w'], ['/d', '/e', 'rw'], ['/d', '/d', 'rrr']])
  })

  it.each([
    ['/d:1k', 'bytes', 1024], ['/d:10', 'weight', 10], ['/d:9', 'weight', undefined], ['/d:1000', 'weight', 1000], ['/d:1001', 'weight', undefined], ['/d:1', 'times', 1], ['/d:0', 'times', undefined], ['/d:x1', 'times', undefined],
    ['/d:1x', 'times', undefined], ['d:1', 'times', undefined], ['/d', 'times', undefined], ['/d:12345678901', 'times', undefined], ['/a:b:5', 'times', 5], ['/d:x', 'bytes', undefined], [':5', 'times', undefined]
  ] as const)('%s in %s is %s', (text, unit, amount) => { expect(blockIO(text, unit)?.amount).toBe(amount) })

  it('only a bind has a path of the host', () => {
    const path = (type: 'bind' | 'tmpfs' | 'volume', source: string): unknown => bindPath(allocationOf({}), { type, source })
    expect([path('bind', ''), path('tmpfs', '/x'), path('volume', 'x'), path('volume', '/x'), path('bind', 'x'), path('bind', '/x')]).toEqual([undefined, undefined, undefined, '/x', '/data/alloc/a/web/x', '/x'])
  })

  it.each<readonly [string, Some, boolean]>([
    ['/data', {}, true], ['/data/alloc/b', {}, true], ['/', {}, true], ['/srv', {}, false], ['/data/alloc/a/x', {}, true], ['/data/alloc/a/web/x', {}, false], ['/data/alloc/a/alloc/x', {}, false], ['/data/x', { allocDir: '/data/alloc/a/b' }, false], ['/datax', {}, false]
  ])('the host path %s is refused beside %j: %s', (path, said, is) => {
    expect(hostPathRefusal(path, path, placeIn('at'), policyOf({}), allocationOf(said)).length > 0).toBe(is)
    expect(hostPathRefusal('/srv', '/srv', placeIn('at'), policyOf({}), undefined)).toEqual([])
  })
})

it('the sample answers with an image of its own for every name, and nothing that it cannot know', () => {
  const ask = { _tag: 'AskImage', name: 'n', snapshotter: 's', platform: '', places: [] } as const
  expect(sampleFacts([ask], none, empty)).toEqual({
    ...none, images: { n: { digest: '${image.digest}', chainId: '${image.chainId}', config: empty, passwd: '', group: '' } }
  })
  expect(Object.keys(merge(none, none)).sort()).toEqual(Object.keys(none).sort())
})

it('the sample host has every capability', () => { expect(SAMPLE_HOST.capabilities).toEqual(ALL_CAPABILITIES) })

it.each<readonly [Some, string]>([
  [{ devices: { '/dev/sda1': { type: 'x' } } }, 'facts.devices./dev/sda1.type'], [{ images: { '7zip': { digest: 1 } } }, 'facts.images.7zip.digest'],
  [{ host: { capabilities: [...Array.from({ length: 10 }, () => 'CAP_BPF'), 5] } }, 'facts.host.capabilities']
])('a facts file with %j is refused at %s', (file, at) => {
  const outcome = factsFile.decode(file)
  expect(E.isLeft(outcome) ? outcome.left.map((issue) => pathText(issue.at)) : []).toContain(at)
  expect(E.isLeft(outcome) ? outcome.left.every((issue) => issue._tag === 'WrongType') : false).toBe(true)
})
