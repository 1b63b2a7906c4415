import * as E from 'fp-ts/Either'

import { pathText } from '../../../src/core/domain/DocumentPath'
import { policyOf } from '../../../src/core/policy/Policy'
import { decode } from '../../../src/core/resolve/Request'

type Some = Readonly<Record<string, unknown>>

const OPERATOR = { containerd_runtime: 'io.containerd.runc.v2' }

/** What a request is refused for, as `Tag place: reason`. */
const refusals = (task: Some, plugin: Some = {}, allocation: Some = {}): ReadonlyArray<string> => {
  const request = decode({
    task: { image: 'busybox:1', ...task }, plugin: { ...OPERATOR, ...plugin }, allocation: { id: 'i', name: 'web', allocDir: '/var/lib/nomad/alloc/a', ...allocation }
  })
  return E.isLeft(request) ? request.left.map(({ _tag, at, reason }) => `${_tag} ${pathText(at)}: ${reason}`) : []
}

const word = 'must be one word'
const address = 'must be an IP address'
const rights = 'must be made of `r`, `w` and `m`, each once'

describe("what Nomad and its plugins say is checked like a job's", () => {
  const isolated = (spec: Some): Some => ({ networkIsolationSpec: { path: '/var/run/netns/x', ...spec } })
  const device = (cgroupPermissions: string): Some => ({ devices: [{ taskPath: '/dev/x', hostPath: '/dev/x', cgroupPermissions }] })
  it.each<readonly [Some, ReadonlyArray<string>]>([
    [{ allocDir: '/' }, ['BadValue allocation.allocDir: must be an absolute path, and not the root']],
    [{ allocDir: 'a' }, ['BadValue allocation.allocDir: must be an absolute path, and not the root']],
    ...['', '.', '..', 'a/b'].map((name) => [{ name }, ['BadValue allocation.name: must be a name without a slash, and not empty, `.` or `..`']] as const),
    [{ name: '...' }, []],
    [isolated({}), []], [isolated({ path: 'x' }), ['BadValue allocation.networkIsolationSpec.path: must be an absolute path']], [{ networkIsolationSpec: {} }, []],
    [isolated({ hostsConfig: {} }), []], [isolated({ hostsConfig: { hostname: 'web', address: '10.0.0.1' } }), []],
    [isolated({ hostsConfig: { hostname: 'a b', address: 'x' } }), [
      `BadValue allocation.networkIsolationSpec.hostsConfig.address: ${address}`, `BadValue allocation.networkIsolationSpec.hostsConfig.hostname: ${word}`
    ]],
    [isolated({ hostsConfig: { hostname: 'a#b' } }), [`BadValue allocation.networkIsolationSpec.hostsConfig.hostname: ${word}`]],
    [{ dns: {} }, []], [{ dns: { servers: ['10.0.0.1'], searches: ['a'], options: ['b'] } }, []],
    [{ dns: { servers: ['10.0.0.1', 'x'] } }, [`BadValue allocation.dns.servers[1]: ${address}`]],
    [{ dns: { searches: ['a b'] } }, [`BadValue allocation.dns: ${word}`]], [{ dns: { options: [''] } }, [`BadValue allocation.dns: ${word}`]],
    ...['', 'r', 'rw', 'mwr'].map((permissions) => [device(permissions), []] as const),
    ...['rr', 'x', 'rwmr', 'rx', 'xr', 'rwmx', 'xrwm'].map((permissions) => [device(permissions), [`BadValue allocation.devices[0].cgroupPermissions: ${rights}`]] as const)
  ])('%j', (allocation, said) => { expect(refusals({}, {}, allocation)).toEqual(said) })
})

describe("the operator's own options", () => {
  const helper = 'BadValue plugin.auth.helper: must be the name behind `docker-credential-`, such as "ecr-login"'
  const runtime = 'BadValue plugin.containerd_runtime: is no name of a containerd runtime, such as "io.containerd.runc.v2"'
  const identifier = 'must be letters and digits, with single `.`, `_` or `-` between them, at most 76'
  it.each<readonly [Some, ReadonlyArray<string>]>([
    [{ containerd_runtime: 'ru nc' }, [runtime]], [{ containerd_runtime: '' }, [runtime]], [{ containerd_runtime: '/usr/bin/runc' }, []],
    [{ namespace: 'a-b', snapshotter: 'overlayfs' }, []], [{ namespace: 'a--b', snapshotter: '' }, [`BadValue plugin.namespace: ${identifier}`, `BadValue plugin.snapshotter: ${identifier}`]],
    [{ auth: { username: 'u', password: 'p', server_address: 'ghcr.io' } }, []],
    [{ auth: { username: 'u', server_address: 'ghcr.io' } }, ['Missing plugin.auth.password: is required: a login has both']],
    [{ auth: { password: 'p', server_address: 'ghcr.io' } }, ['Missing plugin.auth.username: is required: a login has both']],
    [{ auth: { username: 'u', password: 'p' } }, ['Missing plugin.auth.server_address: is required: a login is for one registry']],
    ...['docker.io', 'https://index.docker.io/v1/', 'GHCR.io/', '127.0.0.1:5000', '[::1]:5000'].map((server_address) => [
      { auth: { username: 'u', password: 'p', server_address } }, []
    ] as const),
    ...['', 'https://', 'https://u@ghcr.io', '*', 'a b', 'ghcr.io:x'].map((server_address) => [
      { auth: { username: 'u', password: 'p', server_address } }, ['BadValue plugin.auth.server_address: names no registry']
    ] as const),
    [{ auth: { helper: 'ecr-login' } }, ['Missing plugin.auth.server_address: is required: a login is for one registry']],
    [{ auth: { helper: 'ecr-login', server_address: 'ghcr.io' } }, []],
    ...['', '../x', 'x/..', 'a'.repeat(65)].map((name) => [{ auth: { helper: name, server_address: 'ghcr.io' } }, [helper]] as const),
    [{ allow_caps: ['chown', 'fly'] }, ['BadValue plugin.allow_caps[1]: is no capability']],
    [{ extra_labels: ['task*'] }, []],
    [{ default_ulimit: { nofile: '1:2', NOFILE: '3' } }, ['Conflict plugin.default_ulimit.NOFILE: is set twice, in two ways to write it']]
  ])('%j', (plugin, said) => { expect(refusals({}, plugin)).toEqual(said) })

  it('a pattern of labels that names none is refused', () => {
    expect(refusals({}, { extra_labels: ['x*'] })).toEqual([expect.stringMatching(/^BadValue plugin\.extra_labels\[0\]: names none of \w+(, \w+)+$/)])
  })
})

describe('the ceilings', () => {
  const reserve = (memoryMb: number, memoryMaxMb = 0): Some => ({ resources: { allocatedResources: { memory: { memoryMb, memoryMaxMb } } } })
  const most = 'the plugin option `memory_hard_limit` allows at most 100 MB'
  const bytes = 'is more megabytes than the kernel can count bytes'
  it.each<readonly [Some, Some, Some, ReadonlyArray<string>]>([
    [{ pids_limit: 10 }, { pids_limit: 10 }, {}, []], [{ pids_limit: 11 }, { pids_limit: 10 }, {}, ['RefusedByPolicy task.pids_limit: the plugin option `pids_limit` allows at most 10']],
    [{ pids_limit: 0 }, { pids_limit: 10 }, {}, ['RefusedByPolicy task.pids_limit: the plugin option `pids_limit` allows at most 10']], [{ pids_limit: -1 }, {}, {}, []], [{}, { pids_limit: 10 }, {}, []],
    [{ memory_hard_limit: 100 }, { memory_hard_limit: 100 }, reserve(100, 100), []],
    [{ memory_hard_limit: 101 }, { memory_hard_limit: 100 }, {}, [`RefusedByPolicy task.memory_hard_limit: ${most}`]],
    [{}, { memory_hard_limit: 100 }, reserve(101), [`RefusedByPolicy allocation.resources.allocatedResources.memory.memoryMb: ${most}`]],
    [{}, { memory_hard_limit: 100 }, reserve(1, 101), [`RefusedByPolicy allocation.resources.allocatedResources.memory.memoryMaxMb: ${most}`]],
    [{ memory_hard_limit: 50 }, {}, reserve(51), ['BadValue task.memory_hard_limit: is below what `resources` reserves, 51 MB']], [{ memory_hard_limit: 51 }, {}, reserve(51), []],
    [{}, {}, reserve(2 ** 33, 2 ** 33), []],
    [{}, {}, reserve(2 ** 33 + 1), [`BadValue allocation.resources.allocatedResources.memory.memoryMb: ${bytes}`]],
    [{}, {}, reserve(1, 2 ** 33 + 1), [`BadValue allocation.resources.allocatedResources.memory.memoryMaxMb: ${bytes}`]]
  ])('%j %j %j', (task, plugin, allocation, said) => { expect(refusals(task, plugin, allocation)).toEqual(said) })
})

describe('sets of CPUs', () => {
  const cores = (cpusetCpus: string): Some => ({ resources: { linuxResources: { cpusetCpus } } })
  const set = 'must be numbers and ranges with commas, such as "0-3,7"'
  it.each<readonly [Some, Some, ReadonlyArray<string>]>([
    ...['0', '0-3', '0-3,7', '3-3', '1,0'].map((text) => [{ cpuset_cpus: text, cpuset_mems: text }, {}, []] as const),
    ...['', '3-0', '0,', 'a', '0-1,3-2', '3-2,0-1', '123456', '0-', '1 '].map((text) => [{ cpuset_cpus: text, cpuset_mems: text }, {}, [`BadValue task.cpuset_cpus: ${set}`, `BadValue task.cpuset_mems: ${set}`]] as const),
    [{}, cores('0-3'), []], [{}, cores(''), []], [{}, cores('x'), ['BadValue allocation.resources.linuxResources.cpusetCpus: must be numbers and ranges with commas']],
    [{ cpuset_cpus: '0' }, cores('0-3'), ['Conflict task.cpuset_cpus: contradicts the cores that Nomad reserved, 0-3']], [{ cpuset_mems: '0' }, cores('0-3'), []]
  ])('%j %j', (task, allocation, said) => { expect(refusals(task, {}, allocation)).toEqual(said) })

  it('are checked when Nomad\'s message is mistaken too', () => {
    expect(refusals({ cpuset_cpus: '0', host_network: true, network_mode: 'host', ports: ['x'] }, {}, { id: 1 })).toEqual(['WrongType allocation.id: must be a string'])
  })
})

describe('kernel parameters', () => {
  const lines = 'must be one line that is not empty'
  const twice = 'is set twice, in two ways to write it'
  const dot = 'has a dot in a part of its name, which the runtime takes for a slash'
  const host = 'is no parameter of a namespace: it would change the whole host, which only the operator may do there'
  const none = 'is no name of a kernel parameter'
  it.each<readonly [Some, ReadonlyArray<string>]>([
    [{ 'net.core.somaxconn': '1' }, []], [{ 'net/core/somaxconn': '1' }, []], [{ 'net.ipv4.conf.eth0/1.forwarding': '1' }, [dot]],
    [{ 'net/ipv4/conf/eth0.1/forwarding': '1' }, [dot]], [{ 'net.core.somaxconn': '1', 'net/core/somaxconn': '2' }, [twice]],
    ...['', ' ', '\t', '1\n2', '1\r', '\n'].map((value) => [{ 'net.core.somaxconn': value }, [lines]] as const), [{ 'net.core.somaxconn': ' 1 ' }, []],
    [{ '/net/core': '1' }, [host]], [{ '.net': '1' }, [host]], [{ 'a b': '1' }, [none]], [{ 'net..x': '1' }, [none]], [{ 'vm.swappiness': '1' }, [host]]
  ])('%j', (sysctl, said) => {
    expect(refusals({ sysctl }, { allow_sysctls: ['*'] }).map((line) => line.slice(line.indexOf(': ') + 2))).toEqual(said)
  })
})

describe('labels and annotations', () => {
  const long = (name: string): string => `BadValue task.labels.${name}: is longer than 4096 bytes with its name, the most that containerd stores`
  it.each<readonly [Some, ReadonlyArray<string>]>([
    [{ a: 'x'.repeat(4095) }, []], [{ a: 'x'.repeat(4096) }, [long('a')]], [{ é: '\u007f'.repeat(4094) }, []], [{ é: 'x'.repeat(4095) }, [long('é')]],
    [{ a: '\u0080'.repeat(2047) }, []], [{ a: '\u0080'.repeat(2048) }, [long('a')]], [{ a: `${'\u07ff'.repeat(2047)}x` }, []], [{ a: `${'\u07ff'.repeat(2047)}xy` }, [long('a')]],
    [{ a: '\u0800'.repeat(1365) }, []], [{ a: `${'\u0800'.repeat(1365)}x` }, [long('a')]], [{ a: '\uffff'.repeat(1365) }, []], [{ a: `${'\uffff'.repeat(1365)}x` }, [long('a')]],
    [{ a: `${'\u{10000}'.repeat(1023)}xyz` }, []], [{ a: '\u{10000}'.repeat(1024) }, [long('a')]]
  ])('%# of labels', (labels, said) => { expect(refusals({ labels })).toEqual(said) })
})

describe('mounts', () => {
  const bind = (change: Some): Some => ({ mounts: [{ type: 'bind', source: 'local', target: '/d', ...change }] })
  it.each<readonly [Some, ReadonlyArray<string>]>([
    [bind({ options: ['shared', 'ro'] }), ['RefusedByPolicy task.mounts[0].options: the plugin option `volumes.allow_shared_propagation` is false on this host']],
    [bind({ options: ['slave', 'ro'] }), []], [bind({ options: ['ridmap'] }), ['BadValue task.mounts[0].options: maps ids, and the task has no `userns`']],
    [{ ...bind({ options: ['ridmap'] }), userns: 'host' }, ['BadValue task.mounts[0].options: maps ids, and the task has no `userns`']],
    [{ ...bind({ options: ['idmap'] }), userns: '' }, ['BadValue task.mounts[0].options: maps ids, and the task has no `userns`']],
    [{ ...bind({ options: ['idmap'] }), userns: '0:100000:65536' }, []],
    [bind({ type: 'tmpfs', source: '', options: ['bind'] }), ['Conflict task.mounts[0].options: binds, and a tmpfs has nothing to bind']],
    [bind({ type: 'tmpfs', source: '', options: ['rbind'] }), ['Conflict task.mounts[0].options: binds, and a tmpfs has nothing to bind']],
    [bind({ type: 'tmpfs', source: '/etc' }), []], [bind({ type: 'tmpfs', source: 'tmpfs' }), []],
    [bind({ source: '' }), ['Missing task.mounts[0].source: a bind mount needs a host path']], [bind({ type: 'volume', source: '' }), ['Missing task.mounts[0].source: a volume needs a name, or an absolute host path']],
    [bind({ target: '/init' }), []], [bind({ target: '/proc' }), ['BadValue task.mounts[0].target: must not lie below /proc']]
  ])('%j', (task, said) => {
    expect(refusals(task, { allowed_modes: { userns: ['*'] }, volumes: { allow_shared_propagation: false } })).toEqual(said)
  })

  it('a host without volumes has no named ones, and no paths of its own', () => {
    const off = { volumes: { enabled: false } }
    expect(refusals(bind({ type: 'volume', source: 'data' }), off)).toEqual(['RefusedByPolicy task.mounts[0].source: the plugin option `volumes.enabled` is false on this host: no named volumes'])
    expect(refusals(bind({ type: 'tmpfs', source: 'tmpfs' }), off)).toEqual([])
    expect(refusals(bind({ type: 'volume', source: '' }), off)).toEqual(['Missing task.mounts[0].source: a volume needs a name, or an absolute host path'])
    expect(refusals(bind({ source: 'local' }), off)).toEqual([])
  })
})

describe('the confinement', () => {
  const strict = { allow_unconfined: false }
  const no = (option: string): string => `RefusedByPolicy task.${option}: the plugin option \`allow_unconfined\` is false on this host`
  const profile = 'BadValue task.apparmor_profile: must be the name of a profile, without spaces and quotes'
  it.each<readonly [Some, Some, ReadonlyArray<string>]>([
    [{ selinux_opts: ['type:spc_t'] }, strict, [no('selinux_opts')]], [{ selinux_opts: ['type:container_t'] }, strict, []], [{ selinux_opts: ['disable'] }, strict, [no('selinux_opts')]],
    [{ selinux_opts: ['level:s0', 'type:unconfined_t'] }, strict, [no('selinux_opts')]], [{ selinux_opts: ['type:spc_t'] }, {}, []], [{}, strict, []],
    [{ selinux_opts: ['label=disable'] }, strict, [no('selinux_opts')]], [{ selinux_opts: ['label=type:spc_t'] }, strict, [no('selinux_opts')]],
    [{ seccomp: false }, strict, [no('seccomp')]], [{ no_new_privileges: false }, strict, [no('no_new_privileges')]], [{ masked_paths: [] }, strict, [no('masked_paths')]],
    [{ writable_cgroups: true }, strict, [no('writable_cgroups')]], [{ writable_cgroups: false }, strict, []],
    [{ privileged: true, seccomp: false, selinux_opts: ['disable'] }, { ...strict, allow_privileged: true }, []],
    ...['a b', '"a', 'a\'', '', 'a'.repeat(256), ' a', 'a '].map((name) => [{ apparmor_profile: name }, {}, [profile]] as const), [{ apparmor_profile: 'a'.repeat(255) }, {}, []]
  ])('%j %j', (task, plugin, said) => { expect(refusals(task, plugin)).toEqual(said) })
})

describe('devices and namespaces', () => {
  it.each<readonly [Some, Some, ReadonlyArray<string>]>([
    [{ devices: [{ host_path: '/dev/a', container_path: '/dev/x' }] }, { devices: [{ hostPath: '/dev/h', taskPath: '/dev/x' }] }, ['Conflict task.devices[0]: another device stands there']],
    [{ devices: [{ host_path: '/dev/a', container_path: '/dev/h' }] }, { devices: [{ hostPath: '/dev/h', taskPath: '/dev/x' }] }, []],
    [{ devices: [{ host_path: '/dev/h' }] }, { devices: [{ hostPath: '/dev/h' }] }, ['Conflict task.devices[0]: another device stands there']],
    ...['xr', 'rx', 'rr', 'rwmr'].map((cgroup_permissions) => [{ devices: [{ host_path: '/dev/a', cgroup_permissions }] }, {}, [`BadValue task.devices[0]: ${rights}`]] as const),
    [{ shm_size: '1m', ipc_mode: 'none' }, {}, ['Conflict task.shm_size: has no meaning with `ipc_mode = "none"`: there is no /dev/shm of the container\'s own']], [{ shm_size: '1m' }, {}, []],
    [{ ulimit: { nofile: '1:2', NOFILE: '3', nproc: '1' } }, {}, ['Conflict task.ulimit.NOFILE: is set twice, in two ways to write it']],
    [{ cwd: '/' }, {}, []], [{ cwd: '/a/' }, {}, []], [{ cwd: '//' }, {}, []], [{ cwd: '/a//b' }, {}, ['BadValue task.cwd: must be written without `.`, `..` and slashes too many']]
  ])('%j %j', (task, allocation, said) => { expect(refusals(task, { allow_devices: ['*'] }, allocation)).toEqual(said) })

  it('up to three missing capabilities are named', () => {
    const named = (names: ReadonlyArray<string>): ReadonlyArray<string> => refusals({ cap_add: ['all'] }, { allow_caps: names }).map((line) => line.slice(line.indexOf('list ') + 5))
    const all = ['BPF', 'PERFMON', 'CHECKPOINT_RESTORE', 'SYSLOG']
    const rest = (missing: number): ReadonlyArray<string> => named(ALL.filter((name) => !all.slice(0, missing).includes(name)))
    expect([rest(1), rest(3), rest(4)]).toEqual([['CAP_BPF'], ['CAP_PERFMON, CAP_BPF, CAP_CHECKPOINT_RESTORE'], ['CAP_SYSLOG, CAP_PERFMON, CAP_BPF and 1 more']])
  })
})

const ALL = [
  'CHOWN', 'DAC_OVERRIDE', 'DAC_READ_SEARCH', 'FOWNER', 'FSETID', 'KILL', 'SETGID', 'SETUID', 'SETPCAP', 'LINUX_IMMUTABLE', 'NET_BIND_SERVICE', 'NET_BROADCAST', 'NET_ADMIN',
  'NET_RAW', 'IPC_LOCK', 'IPC_OWNER', 'SYS_MODULE', 'SYS_RAWIO', 'SYS_CHROOT', 'SYS_PTRACE', 'SYS_PACCT', 'SYS_ADMIN', 'SYS_BOOT', 'SYS_NICE', 'SYS_RESOURCE', 'SYS_TIME',
  'SYS_TTY_CONFIG', 'MKNOD', 'LEASE', 'AUDIT_WRITE', 'AUDIT_CONTROL', 'SETFCAP', 'MAC_OVERRIDE', 'MAC_ADMIN', 'SYSLOG', 'WAKE_ALARM', 'BLOCK_SUSPEND', 'AUDIT_READ', 'PERFMON',
  'BPF', 'CHECKPOINT_RESTORE'
]

it('a policy has the runtimes that the operator names, and the directories that the driver lives by', () => {
  expect(policyOf({}).runtimes).toEqual([])
  expect(policyOf({ containerd_runtime: 'a', allow_runtimes: ['b'] }).runtimes).toEqual(['a', 'b'])
  expect(policyOf({ allow_runtimes: ['b'] }).runtimes).toEqual(['b'])
  expect(policyOf({ state_dir: '/var/lib/x/', address: '/run/x.sock' }).ours).toEqual(expect.arrayContaining(['/var/lib/x', '/run/x.sock']))
  expect(policyOf({ state_dir: '/', address: 'x' }).ours).toEqual([])
})

it('an option that does not decode is told once: no refusal follows from it', () => {
  const options = ['network_mode', 'pid_mode', 'ipc_mode', 'uts_mode', 'userns', 'cgroupns', 'sysctl', 'mounts', 'volumes', 'devices', 'ports', 'labels', 'ulimit', 'cap_add', 'selinux_opts', 'apparmor_profile', 'memory_hard_limit', 'pids_limit']
  const said = refusals(Object.fromEntries(options.map((option) => [option, 5n])), { memory_hard_limit: 1, pids_limit: 1, allow_unconfined: false })
  expect(said.filter((line) => !/^(?:WrongType|BadValue) task\.\w+: must be /.test(line))).toEqual([
    'RefusedByPolicy task.memory_hard_limit: the plugin option `memory_hard_limit` allows at most 1 MB', 'RefusedByPolicy task.pids_limit: the plugin option `pids_limit` allows at most 1'
  ])
})
