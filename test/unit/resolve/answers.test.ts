import * as E from 'fp-ts/Either'

import { ALL_CAPABILITIES } from '../../../src/core/domain/capabilities'
import { inTask, isSame, pathText } from '../../../src/core/domain/DocumentPath'
import { Issue } from '../../../src/core/domain/Issue'
import { Secret } from '../../../src/core/domain/Secret'
import { DeviceFacts, Facts, none } from '../../../src/core/facts/Facts'
import { SAMPLE_HOST, sampleFacts } from '../../../src/core/facts/sampleFacts'
import { empty, ImageConfig } from '../../../src/core/image/ImageConfig'
import { loginOf } from '../../../src/core/resolve/loginOf'
import { noticesOf } from '../../../src/core/resolve/noticesOf'
import { moreQuestions, questionsOf } from '../../../src/core/resolve/questionsOf'
import { Request } from '../../../src/core/resolve/Request'
import { resolve } from '../../../src/core/resolve/resolve'
import { Task } from '../../../src/core/resolve/Task'
import { requestOf } from '../../../src/testing/facts'

type Some = Readonly<Record<string, unknown>>

const DIR = '/var/lib/nomad/alloc/a'
const EVERYTHING = {
  allow_devices: ['*'], allow_privileged: true, allow_unconfined: true, allow_caps: ['all'], allowed_modes: { network: ['*'], userns: ['*'], pid: ['*'], ipc: ['*'], uts: ['*'] },
  allow_cgroup_conf: ['*'], init_path: '/usr/bin/tini'
}

const given = (task: Some = {}, plugin: Some = {}, allocation: Some = {}): Request => requestOf({
  task: { image: 'busybox:1', command: 'true', ...task }, plugin: { containerd_runtime: 'io.containerd.runc.v2', ...EVERYTHING, ...plugin },
  allocation: { id: 'i', name: 'web', allocDir: DIR, ...allocation }
})

const factsOf = (request: Request, facts: Partial<Facts>, image: Partial<ImageConfig> = {}): Facts =>
  sampleFacts(questionsOf(request), { ...none, ...facts }, { ...empty, ...image })

const outcomeOf = (request: Request, facts: Partial<Facts> = {}, image: Partial<ImageConfig> = {}): ReadonlyArray<string> | Task => {
  const outcome = resolve(request, factsOf(request, facts, image))
  return E.isRight(outcome) ? outcome.right : outcome.left.map(({ _tag, at, reason, hint }) => `${_tag} ${pathText(at)}: ${reason}${hint === undefined ? '' : `; ${hint}`}`)
}

const taskOf = (...of: Parameters<typeof outcomeOf>): Task => outcomeOf(...of) as Task

const node = (type: 'c' | 'b' = 'c', minor = 2): DeviceFacts => ({ type, major: 1, minor, fileMode: 0o4660, uid: 3, gid: 4 })

const pathHint = (path: string, kind: string): string => `add to the facts file: "paths": { "${path}": { "kind": "${kind}", "realPath": "${path}" } }`

const v1 = { host: { ...SAMPLE_HOST, cgroups: 'v1' as const } }
const bare = { host: { ...SAMPLE_HOST, capabilities: [] } }

describe('what the host or the image cannot have is refused', () => {
  it.each<readonly [string, Request, Partial<Facts>, Partial<ImageConfig>, ReadonlyArray<string>]>([
    ['a capability', given({ cap_add: ['CHOWN', 'all'], cap_ambient: ['KILL'] }), bare, {}, [
      'BadValue task.cap_add[0]: is a capability that this host cannot grant; it grants none: leave it out, or run the agent with it',
      'BadValue task.cap_ambient[0]: is a capability that this host cannot grant; it grants none: leave it out, or run the agent with it'
    ]],
    ['another capability', given({ cap_add: ['BPF'] }), { host: { ...SAMPLE_HOST, capabilities: ['CAP_CHOWN'] } }, {}, ['BadValue task.cap_add[0]: is a capability that this host cannot grant; it grants 1 of them: leave it out, or run the agent with it']],
    ['a score', given({ oom_score_adj: -1 }), bare, {}, ['BadValue task.oom_score_adj: is below zero, which this host cannot grant (CAP_SYS_RESOURCE); use zero or more']],
    ['a score of the operator', given({}, { oom_score_adj: -1 }), bare, {}, ['BadValue plugin.oom_score_adj: is below zero, which this host cannot grant (CAP_SYS_RESOURCE); use zero or more']],
    ['a limit', given({ ulimit: { nproc: '11' } }), { host: { ...SAMPLE_HOST, capabilities: [], hardLimits: { RLIMIT_NPROC: 10 } } }, {}, ['BadValue task.ulimit.nproc: is more than this host can grant, 10; ask for less, or raise the limit of containerd']],
    ['open files', given({ ulimit: { nofile: '11' } }), { host: { ...SAMPLE_HOST, openFilesLimit: 10 } }, {}, ['BadValue task.ulimit.nofile: is more than this host can grant, 10; ask for less, or raise the limit of containerd']],
    ['raw settings on v1', given({ cgroup_conf: { 'memory.high': '1' } }), v1, {}, ['BadValue task.cgroup_conf: needs cgroup v2, and this host has v1; leave it out, or place the task on a host with v2']],
    ['swappiness on v2', given({ memory_swappiness: 1 }), {}, {}, ['BadValue task.memory_swappiness: exists on cgroup v1 only, and this host has v2; use `memory_swap`']],
    ['swap without a limit', given({ memory_swap: '1m' }), {}, {}, ['BadValue task.memory_swap: needs a memory limit, and the task has none; set `memory_max` or `memory_hard_limit`']],
    ['swap below the limit', given({ memory_swap: '1m', memory_hard_limit: 2 }), {}, {}, ['BadValue task.memory_swap: is below the memory limit of 2097152 bytes; it counts memory and swap together']],
    ['swap that nobody counts', given({ memory_swap: '1m' }), { host: { ...SAMPLE_HOST, swapAccounting: false } }, {}, ['BadValue task.memory_swap: needs a kernel that accounts swap, and this host\'s does not; boot it with `swapaccount=1`, or leave it out']],
    ['a reservation', given({ memory_reservation: '3m', memory_hard_limit: 2 }), {}, {}, ['BadValue task.memory_reservation: is above the memory limit of 2097152 bytes']],
    ['memory in bytes', given({}, { memory_hard_limit: 1 }, { resources: { linuxResources: { memoryLimitBytes: 1_048_577 } } }), {}, {}, ['RefusedByPolicy allocation.resources.linuxResources.memoryLimitBytes: the plugin option `memory_hard_limit` allows at most 1 MB']],
    ['a part of all CPU', given({ cpu_hard_limit: true }), { host: { ...SAMPLE_HOST, cpuMhz: 0 } }, {}, ['BadValue task.cpu_hard_limit: needs to know how many MHz the host has, and nobody said']],
    ['AppArmor', given({ apparmor_profile: 'x' }), { host: { ...SAMPLE_HOST, apparmor: false } }, {}, ['BadValue task.apparmor_profile: needs AppArmor, which this host has not; leave it out, or place the task on a host that has it']],
    ['SELinux', given({ selinux_opts: ['type:x'] }), { host: { ...SAMPLE_HOST, selinux: false } }, {}, ['BadValue task.selinux_opts: needs SELinux, which this host has not; leave it out, or place the task on a host that has it']],
    ['an environment', given(), {}, { env: ['A=\u0000'] }, ['BadValue image.config.Env: must not contain a NUL byte']],
    ['a name in it', given({}, {}, { env: { 'a=b': 'x' } }), {}, { env: ['=x'] }, ['BadValue allocation.env: is no name of an environment variable (empty, or with `=` or NUL)']],
    ['a command', given({ command: undefined }), {}, { cmd: ['a\u0000'] }, ['BadValue task.command: the image has a NUL byte in its command']],
    ['a directory', given(), {}, { cwd: 'x' }, ["BadValue task.cwd: the image's working directory must be an absolute path in the container; set `cwd`"]],
    ['ids', given({ userns: '1:100000:10', group_add: ['50'] }), {}, {}, ['BadValue task.userns: maps no id of the host to 0, 50, which the container needs']],
    ['a user', given({}, {}, { user: 'web' }), {}, {}, ['BadValue allocation.user: user "web" is not in the image\'s /etc/passwd; use numbers (`uid:gid`)']],
    ['a group', given({ group_add: ['web', '4294967296'] }), {}, {}, [
      'BadValue task.group_add[0]: group "web" is not in the image\'s /etc/group; use a number', 'BadValue task.group_add[1]: group id 4294967296 is above 2147483647'
    ]],
    ['mistakes of three kinds at once', given({ apparmor_profile: 'x', memory_swappiness: 1, cpu_hard_limit: true, device_read_bps: ['/dev/x:1m'] }), { host: { ...SAMPLE_HOST, apparmor: false, cpuMhz: 0 } }, {}, [
      'BadValue task.apparmor_profile: needs AppArmor, which this host has not; leave it out, or place the task on a host that has it',
      'BadValue task.cpu_hard_limit: needs to know how many MHz the host has, and nobody said',
      `BadValue task.device_read_bps[0]: names no device of this host; name one that is there, or place the task on a host that has it`,
      'BadValue task.memory_swappiness: exists on cgroup v1 only, and this host has v2; use `memory_swap`'
    ]]
  ])('%s', (_what, request, facts, image, said) => { expect(outcomeOf(request, facts, image)).toEqual(said) })
})

it('what nobody said of the host or the image is told', () => {
  const request = given()
  const said = (facts: Facts): unknown => E.mapLeft((issues: ReadonlyArray<Issue>) => issues.map(({ _tag, at, reason }) => `${_tag} ${pathText(at)}: ${reason}`))(resolve(request, facts))
  const { images } = factsOf(request, {})
  const host = 'BadValue facts.host: nobody said what the host is'
  const image = 'BadValue facts.images: nobody said what is in the image'
  expect(said(none)).toEqual(E.left([host, image]))
  expect(said({ ...none, images })).toEqual(E.left([host]))
  expect(said({ ...none, host: SAMPLE_HOST })).toEqual(E.left([image]))
})

describe('paths and devices of the host', () => {
  const bind = given({ mounts: [{ type: 'bind', source: '/srv/x', target: '/d' }] })
  const init = given({ init: true })
  const device = given({ devices: [{ host_path: '/dev/x1' }] })
  const rates = given({ device_write_iops: ['/dev/x:5'], blkio_weight_device: ['/dev/x:10'] })
  const nomads = given({}, {}, { devices: [{ hostPath: '/dev/h', taskPath: 'x' }] })
  const absent = { paths: { '/srv/x': { kind: 'absent' as const } } }
  it.each<readonly [string, Request, Partial<Facts>, ReadonlyArray<string>]>([
    ['nothing there', bind, absent, ['BadValue task.mounts[0].source: does not exist on the host (/srv/x); make it, or use a volume']],
    ['no init', init, { paths: { '/usr/bin/tini': { kind: 'absent' } } }, ['BadValue task.init: needs an init program, and there is none at /usr/bin/tini; install tini, or set the plugin option `init_path`']],
    ['a directory for an init', init, { paths: { '/usr/bin/tini': { kind: 'directory', realPath: '/usr/bin/tini' } } }, ['BadValue plugin.init_path: is a directory, and must be a program']],
    ['no such device', device, {}, [`BadValue task.devices[0]: is no device of this host; name one that is there, or place the task on a host that has it`]],
    ['a device without a place', nomads, { devices: { '/dev/h': node() } }, ['BadValue allocation.devices[0].taskPath: must be an absolute path']],
    ['character devices have no rates', rates, { devices: { '/dev/x': node('c') } }, ['BadValue task.blkio_weight_device[0]: names no block device', 'BadValue task.device_write_iops[0]: names no block device']]
  ])('%s', (_what, request, facts, said) => { expect(outcomeOf(request, facts)).toEqual(said) })

  it('a path that nobody looked at is told with the way to answer it', () => {
    const said = (request: Request): unknown => {
      const outcome = resolve(request, { ...factsOf(request, {}), paths: {} })
      return E.isLeft(outcome) ? outcome.left.map(({ _tag, at, reason, hint }) => `${_tag} ${pathText(at)}: ${reason}; ${hint ?? ''}`) : []
    }
    expect(said(bind)).toEqual([`BadValue task.mounts[0].source: nobody said what is there; ${pathHint('/srv/x', 'directory')}`])
    expect(said(init)).toEqual([`BadValue plugin.init_path: nobody said what is there; ${pathHint('/usr/bin/tini', 'file')}`])
  })

  it('the init is bound read-only and runs the program', () => {
    const { mounts, args } = taskOf(init)
    expect(mounts.find(({ at }) => isSame(at, inTask('init')))).toMatchObject({ destination: args[0], source: '/usr/bin/tini', options: ['bind', 'ro'], origin: 'driver', ensure: false })
    expect(args.slice(1)).toEqual(['--', 'true'])
  })

  const nodes = (request: Request, devices: Facts['devices']): unknown => taskOf(request, { devices }).devices.map(({ node: { path, minor, fileMode }, access }) => [path, minor, fileMode, access])

  it('devices of plugins, of the job and of a directory have their places and rights, one to a place', () => {
    const plugin = given({}, {}, { devices: [{ hostPath: '/dev/h' }, { hostPath: '/dev/h', taskPath: '/dev/t', cgroupPermissions: 'wr' }] })
    expect(nodes(plugin, { '/dev/h': node() })).toEqual([['/dev/h', 2, 0o660, 'rwm'], ['/dev/t', 2, 0o660, 'rw']])
    const directory = { '/dev/snd/b': node('c', 2), '/dev/snd/a': node('c', 1), '/dev/sndx': node('c', 9) }
    expect(nodes(given({ devices: ['/dev/snd:/dev/s/'] }), directory)).toEqual([['/dev/s/a', 1, 0o660, 'rwm'], ['/dev/s/b', 2, 0o660, 'rwm']])
    expect(nodes(given({ devices: ['/dev/snd', '/dev/snd/a:/dev/snd/a:r'] }), directory)).toEqual([['/dev/snd/b', 2, 0o660, 'rwm'], ['/dev/snd/a', 1, 0o660, 'r']])
    expect(nodes(given({ devices: ['/dev/snd/a:/dev/x:r'], privileged: true }), directory)).toEqual([['/dev/x', 1, 0o660, 'r'], ['/dev/snd/a', 1, 0o660, 'rwm'], ['/dev/snd/b', 2, 0o660, 'rwm'], ['/dev/sndx', 9, 0o660, 'rwm']])
    expect(nodes(given({ devices: ['/dev/snd/a:r'], privileged: true }), { '/dev/snd/a': node('c', 1) })).toEqual([['/dev/snd/a', 1, 0o660, 'r']])
  })

  it.each([
    ['/dev/x', '/dev/x', 'rwm'], ['/dev/x:rw', '/dev/x', 'rw'], ['/dev/x:/dev/y', '/dev/y', 'rwm'], ['/dev/x:/dev/y:mr', '/dev/y', 'rm'], ['/dev/x::r', '/dev/x', 'r'], ['/dev/x:/dev/y:', '/dev/y', 'rwm'], ['/dev//x:r', '/dev/x', 'r']
  ])('the device %j is at %s with %s', (text, path, access) => {
    expect(nodes(given({ devices: [text] }), { '/dev/x': node() })).toEqual([[path, 2, 0o660, access]])
  })

  it('weights and rates name devices by number', () => {
    const request = given({ blkio_weight: 10, blkio_weight_device: ['/dev/x:1000', '/dev/y:10'], device_read_bps: ['/dev/x:1k'], device_write_iops: ['/dev/y:1'] })
    const devices = { '/dev/x': node('b', 1), '/dev/y': node('b', 2) }
    expect(taskOf(request, { devices }).limits.blockIO).toEqual({
      weight: 10, weightDevice: [{ major: 1, minor: 1, weight: 1000 }, { major: 1, minor: 2, weight: 10 }],
      throttleReadBpsDevice: [{ major: 1, minor: 1, rate: 1024 }], throttleWriteIOPSDevice: [{ major: 1, minor: 2, rate: 1 }]
    })
  })
})

describe('mounts of CDI files', () => {
  const withMount = (mount: Some, task: Some = {}, allocation: Some = {}): ReadonlyArray<string> | object | undefined => {
    const request = given({ devices: ['vendor.com/x=a'], ...task }, {}, allocation)
    const document = { cdiVersion: '0.6.0', kind: 'vendor.com/x', devices: [{ name: 'a', containerEdits: { mounts: [{ hostPath: '/opt/h', containerPath: '/opt/c', ...mount }] } }] }
    const outcome = outcomeOf(request, { cdi: [{ path: '/etc/cdi/v.json', document }] })
    if (!('mounts' in outcome)) return outcome
    const found = outcome.mounts.find(({ origin }) => origin === 'device')
    return found === undefined ? undefined : { destination: found.destination, type: found.type, source: found.source, options: found.options }
  }
  const taken = 'Conflict task.devices: is a place where a CDI file mounts, and where the task or Nomad mounts something else'
  it.each<readonly [Some, Some, Some, unknown]>([
    [{}, {}, {}, { destination: '/opt/c', type: 'bind', source: '/opt/h', options: ['rbind'] }],
    [{ options: ['ro', 'bind'], type: 'bind' }, {}, {}, { destination: '/opt/c', type: 'bind', source: '/opt/h', options: ['ro', 'bind'] }],
    [{ options: ['rbind', 'ro'] }, {}, {}, { destination: '/opt/c', type: 'bind', source: '/opt/h', options: ['rbind', 'ro'] }],
    [{ options: ['ro'], containerPath: '/opt//c/' }, {}, {}, { destination: '/opt/c', type: 'bind', source: '/opt/h', options: ['rbind', 'ro'] }],
    [{ type: 'tmpfs', hostPath: 'tmpfs', options: ['nosuid'] }, {}, {}, { destination: '/opt/c', type: 'tmpfs', source: 'tmpfs', options: ['nosuid'] }],
    [{ hostPath: 'x' }, {}, {}, ['BadValue task.devices: is bound by a CDI file, and is no absolute path on the host']], [{ hostPath: 'x', type: 'bind' }, {}, {}, ['BadValue task.devices: is bound by a CDI file, and is no absolute path on the host']],
    [{ containerPath: '/proc/x' }, {}, {}, ['BadValue task.devices: a CDI file mounts there, and that must not lie below /proc']],
    [{}, { tmpfs: ['/opt//c'] }, {}, [taken]], [{}, {}, { mounts: [{ taskPath: '/opt/c', hostPath: '/n' }] }, [taken]], [{}, { tmpfs: ['/opt'] }, { mounts: [{ taskPath: '/n', hostPath: '/n' }] }, { destination: '/opt/c', type: 'bind', source: '/opt/h', options: ['rbind'] }]
  ])('%j %j %j', (mount, task, allocation, said) => { expect(withMount(mount, task, allocation)).toEqual(said) })
})

const ALLOCATION = '/var/lib/nomad/alloc/a'
const inAllocation = (path: string): object => ({ _tag: 'AskPath', path: `${ALLOCATION}${path}`, likely: 'directory', below: ALLOCATION })
const OF_NOMAD = ['/alloc', '/alloc/logs', '/web/local', '/web/secrets'].map(inAllocation)
const OF_ALL = inAllocation('')

describe('what is asked', () => {
  const PLACES = ['/alloc', '/alloc/logs', '/dev', '/etc/hosts', '/etc/resolv.conf', '/local', '/proc', '/secrets', '/sys']

  it('is the host, the image, and what the request names', () => {
    const request = given({
      init: true, seccomp_profile: '/opt/p.json', platform: 'linux/arm64', devices: ['/dev/x', 'vendor.com/x=a'], blkio_weight_device: ['/dev/y:10'], privileged: true, seccomp: true,
      mounts: [{ type: 'bind', source: '/srv/x', target: '/d' }, { type: 'tmpfs', source: 'tmpfs', target: '/t' }, { type: 'volume', source: 'pg', target: '/v' }, { type: 'volume', source: '/srv/y', target: '/w' }]
    }, {}, { devices: [{ hostPath: '/dev/h' }] })
    expect(questionsOf(request)).toEqual([
      { _tag: 'AskHost' }, { _tag: 'AskImage', name: 'docker.io/library/busybox:1', snapshotter: 'overlayfs', platform: 'linux/arm64', places: [...PLACES, '/d', '/sbin/tini', '/t', '/v', '/w'].sort() },
      ...OF_NOMAD,
      { _tag: 'AskPath', path: '/srv/x', likely: 'directory', below: '' }, { _tag: 'AskPath', path: '/srv/y', likely: 'directory', below: '' }, OF_ALL,
      { _tag: 'AskPath', path: '/usr/bin/tini', likely: 'file', below: '' },
      { _tag: 'AskDevice', path: '/dev/h' }, { _tag: 'AskDevice', path: '/dev/x' }, { _tag: 'AskDevice', path: '/dev' }, { _tag: 'AskBlockDevice', path: '/dev/y' }, { _tag: 'AskFile', path: '/opt/p.json' }, { _tag: 'AskCdi' }
    ])
    expect(questionsOf(given())).toEqual([{ _tag: 'AskHost' }, { _tag: 'AskImage', name: 'docker.io/library/busybox:1', snapshotter: 'overlayfs', platform: '', places: PLACES }, ...OF_NOMAD, OF_ALL])
  })

  it('is, after the first answers, the devices of CDI files that nobody described', () => {
    const document = { cdiVersion: '0.6.0', kind: 'vendor.com/x', devices: [{ name: 'a', containerEdits: { deviceNodes: [{ path: '/dev/a' }, { path: '/dev/b' }] } }] }
    const cdi = [{ path: '/etc/cdi/v.json', document }]
    const named = given({ devices: ['vendor.com/x=a'] })
    expect(moreQuestions(named, { ...none, cdi, devices: { '/dev/a': node() } })).toEqual([{ _tag: 'AskDevice', path: '/dev/b' }])
    expect(moreQuestions(named, none)).toEqual([])
    expect(moreQuestions(given(), { ...none, cdi })).toEqual([])
  })

  it('is, after the first answers, what the image has where CDI files mount', () => {
    const document = { cdiVersion: '0.6.0', kind: 'vendor.com/x', devices: [{ name: 'a', containerEdits: { mounts: [{ hostPath: '/opt/x', containerPath: '/opt//x' }] } }] }
    expect(moreQuestions(given({ devices: ['vendor.com/x=a'], cwd: '/srv' }), { ...none, cdi: [{ path: '/etc/cdi/v.json', document }] })).toEqual([
      { _tag: 'AskImage', name: 'docker.io/library/busybox:1', snapshotter: 'overlayfs', platform: '', places: [...PLACES, '/opt/x', '/srv'].sort() }
    ])
  })
})

it.each<readonly [Some, Some, string | undefined]>([
  [{}, {}, undefined], [{ auth: { username: 'u', password: 'p' } }, {}, 'u'], [{}, { auth: { username: 'o', password: 'p', server_address: 'docker.io' } }, 'o'],
  [{ auth: { username: 'u', password: 'p' } }, { auth: { username: 'o', password: 'p', server_address: 'docker.io' } }, 'u'],
  [{ image: '127.0.0.1:5000/a' }, { auth: { username: 'o', password: 'p', server_address: '127.0.0.1:5001' } }, undefined],
  [{ image: '127.0.0.1:5000/a' }, { auth: { username: 'o', password: 'p', server_address: 'http://127.0.0.1:5000/v2/' } }, 'o'],
  [{ image: 'ghcr.io/a/b' }, { auth: { username: 'o', password: 'p', server_address: 'HTTPS://GHCR.IO' } }, 'o'],
  [{ image: 'ghcr.io:443/a/b' }, { auth: { username: 'o', password: 'p', server_address: 'ghcr.io' } }, undefined],
  [{ image: 'ghcr.io.evil.example/a/b' }, { auth: { username: 'o', password: 'p', server_address: 'ghcr.io' } }, undefined],
  [{ image: 'ghcr.io/a/b', auth: { username: 'u', password: 'p', server_address: 'ghcr.io' } }, {}, 'u'],
  [{}, { auth: { username: 'o', password: 'p', server_address: 'https://index.docker.io/v1/' } }, 'o'], [{}, { auth: { username: 'o', password: 'p', server_address: 'ghcr.io' } }, undefined],
  [{ image: 'ghcr.io/a/b' }, { auth: { username: 'o', password: 'p', server_address: 'ghcr.io' } }, 'o']
])('%j with %j is fetched as %j', (task, plugin, username) => {
  const login = loginOf(given(task, plugin))
  expect(login === undefined ? undefined : [login.username, login.password.reveal()]).toEqual(username === undefined ? undefined : [username, 'p'])
})

it('a login of the operator without a registry, which is refused, would be sent nowhere either', () => {
  const { task, plugin } = given({}, { auth: { username: 'o', password: 'p', server_address: 'docker.io' } })
  const auth = { username: 'o', password: Secret('p'), server_address: undefined, config: undefined, helper: undefined }
  expect(loginOf({ task, plugin: { ...plugin, auth } })).toBeUndefined()
})

it.each<readonly [Some, Some, ReadonlyArray<string>]>([
  [{ host_network: true }, {}, ['task.host_network']], [{ network_mode: 'host' }, {}, ['task.network_mode']], [{ mounts: [{ type: 'tmpfs', source: 'any', target: '/t' }] }, {}, ['task.mounts[0].source']], [{ tmpfs: ['/t'] }, {}, []],
  [{ mounts: [{ type: 'tmpfs', source: '', target: '/t' }] }, {}, []], [{ volumes: ['/srv:/x'] }, {}, ['task.volumes[0]']], [{ volumes: ['local:/x:z'] }, {}, ['task.volumes[0]']], [{ volumes: ['local:/x:ro,Z'] }, {}, ['task.volumes[0]']], [{ volumes: ['local:/x:Z,ro'] }, {}, ['task.volumes[0]']], [{ volumes: ['local:/xz:ro'] }, {}, []],
  [{}, { env: { MY_NOMAD_TOKEN: 'x', NOMAD_TOKEN: 'y', API_KEY: 'z', APIKEYS: 'w' } }, ['allocation.env.API_KEY', 'allocation.env.MY_NOMAD_TOKEN']],
  [{}, { mounts: [{ taskPath: '/n', hostPath: '/h', selinuxLabel: 'z' }, { taskPath: '/m', hostPath: '/h' }] }, ['allocation.mounts']],
  [{}, { resources: { ports: [{ label: 'http', value: 80 }] } }, ['network']], [{ host_network: true }, { resources: { ports: [{ label: 'http', value: 80 }] } }, ['task.host_network']],
  [{ network_mode: 'none' }, { resources: { ports: [{ label: 'http', value: 80 }] } }, ['network']], [{ network_mode: 'host' }, { resources: { ports: [{ label: 'http', value: 80 }] } }, ['task.network_mode']]
])('a word is said of %j %j: %j', (task, allocation, said) => {
  const notices = noticesOf(given({ image: `busybox@sha256:${'0'.repeat(64)}`, ...task }, {}, allocation))
  expect(notices.map(({ at }) => pathText(at))).toEqual(said)
  expect(notices.every(({ text }) => text.length > 10)).toBe(true)
})

it('ALL adds what is not dropped by name, and a privileged task keeps what the host can grant', () => {
  const bounding = (task: Some, facts: Partial<Facts> = {}): ReadonlyArray<string> => taskOf(given(task), facts).confinement.capabilities
  const but = (...names: ReadonlyArray<string>): ReadonlyArray<string> => [...ALL_CAPABILITIES].filter((name) => !names.includes(name)).sort()
  expect(bounding({ cap_add: ['all'] })).toEqual(but())
  expect(bounding({ cap_add: ['all'], cap_drop: ['chown', 'kill'] })).toEqual(but('CAP_CHOWN', 'CAP_KILL'))
  expect(bounding({ cap_add: ['all', 'chown'], cap_drop: ['chown', 'kill'] })).toEqual(but('CAP_KILL'))
  expect(bounding({ cap_drop: ['all'], cap_add: ['kill'] })).toEqual(['CAP_KILL'])
  expect(bounding({ privileged: true }, { host: { ...SAMPLE_HOST, capabilities: ['CAP_KILL', 'CAP_BPF'] } })).toEqual(['CAP_BPF', 'CAP_KILL'])
})
