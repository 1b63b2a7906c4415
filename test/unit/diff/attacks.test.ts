import { Verdict } from '../../../src/core/diff/Change'
import { Json } from '../../../src/core/domain/Json'
import { changesOf } from '../../../src/core/judge/changesOf'
import { changes, FULL, SPEC, verdictOf } from './sample'

const mount = (index: number, ...options: ReadonlyArray<string>): readonly [string, Json] => [`mounts/${String(index)}/options`, options]

describe('an edit of a spec that opens a wall weakens', () => {
  it.each<readonly [string, string, Json | undefined]>([
    ['rw after ro', ...mount(3, 'bind', 'ro', 'rprivate', 'rw')],
    ['no ro', ...mount(3, 'bind', 'rprivate')],
    ['nosuid taken back by a later suid', ...mount(2, 'bind', 'rw', 'nosuid', 'suid')],
    ['rbind for bind', ...mount(3, 'rbind', 'ro', 'rprivate')],
    ['a later shared', ...mount(3, 'bind', 'ro', 'rprivate', 'rshared')],
    ['ro for rro', ...mount(5, 'rbind', 'ro')],
    ['rrw after rro', ...mount(5, 'rbind', 'rro', 'rrw')],
    ['a larger tmpfs', ...mount(1, 'nosuid', 'mode=755', 'size=65537k')],
    ['a tmpfs without end', ...mount(1, 'nosuid', 'mode=755', 'size=0')],
    ['a later size', ...mount(1, 'nosuid', 'mode=755', 'size=1k', 'size=1g')],
    ['another source', 'mounts/3/source', '/etc'],
    ['a type that shows a disk', 'mounts/4', { destination: '/proc/secret', type: 'ext4', source: '/dev/sda1', options: ['ro'] }],
    ['a read-only mount that covered part of a writable one', 'mounts/3', undefined],
    ['a mask in /proc', 'mounts/4', undefined],
    ['the root of the host as a namespace', 'linux/namespaces/1/path', '/proc/1/ns/net'],
    ['a joined pid namespace', 'linux/namespaces/0/path', '/run/pidns'],
    ['no namespaces', 'linux/namespaces', null],
    ['an empty list of namespaces', 'linux/namespaces', []],
    ['no linux', 'linux', undefined],
    ['no uid', 'process/user/uid', undefined],
    ['uid null', 'process/user/uid', null],
    ['no user', 'process/user', undefined],
    ['user null', 'process/user', null],
    ['no_new_privileges null', 'process/noNewPrivileges', null],
    ['no_new_privileges as a text', 'process/noNewPrivileges', 'true'],
    ['process null', 'process', null],
    ['no AppArmor profile', 'process/apparmorProfile', undefined],
    ['unconfined in a name space', 'process/apparmorProfile', ':root:unconfined'],
    ['unconfined after another', 'process/apparmorProfile', 'a//&unconfined'],
    ['spc_t', 'process/selinuxLabel', 'system_u:system_r:spc_t:s0'],
    ['unconfined_service_t', 'process/selinuxLabel', 'system_u:system_r:unconfined_service_t:s0'],
    ['a lower score', 'process/oomScoreAdj', -500],
    ['no score', 'process/oomScoreAdj', undefined],
    ['a laxer mask', 'process/user/umask', 0],
    ['a hard limit of 2^64-1', 'process/rlimits/0/hard', 18446744073709551615n],
    ['a root file system without readonly', 'root/readonly', undefined],
    ['no root', 'root', undefined],
    ['a mapping to root', 'linux/uidMappings/0/hostID', 0],
    ['one more mapping', 'linux/uidMappings/1', { containerID: 10, hostID: 0, size: 1 }],
    ['more ids', 'linux/gidMappings/0/size', 11],
    ['no mapping', 'linux/uidMappings', undefined],
    ['a device for all', 'linux/devices/0/fileMode', 0o666],
    ['a device without a mode', 'linux/devices/0/fileMode', undefined],
    ['another device at the same path', 'linux/devices/0/major', 8],
    ['more access', 'linux/resources/devices/1/access', 'rwm'],
    ['less denied', 'linux/resources/devices/0/access', 'm'],
    ['a rule for the same number, but of a major', 'linux/resources/devices/1', { allow: true, type: 'c', major: 3, access: 'r' }],
    ['allowed instead of denied', 'linux/resources/devices/0/allow', true],
    ['no device rules', 'linux/resources/devices', undefined],
    ['all cores', 'linux/resources/cpu/cpus', undefined],
    ['more cores', 'linux/resources/cpu/cpus', '0-4'],
    ['more memory nodes', 'linux/resources/cpu/mems', '0-1'],
    ['memory 0', 'linux/resources/memory/limit', 0],
    ['memory null', 'linux/resources/memory/limit', null],
    ['no resources', 'linux/resources', undefined],
    ['quota -1', 'linux/resources/cpu/quota', -1],
    ['processes 0', 'linux/resources/pids/limit', 0],
    ['no killer', 'linux/resources/memory/disableOOMKiller', true],
    ['rshared', 'linux/rootfsPropagation', 'rshared'],
    ['a mask with another spelling', 'linux/maskedPaths', ['/proc//kcore']],
    ['no masks', 'linux/maskedPaths', null],
    ['no write protection', 'linux/readonlyPaths', []],
    ['no filter', 'linux/seccomp', undefined],
    ['a filter of null', 'linux/seccomp', null],
    ['a filter that says nothing', 'linux/seccomp', {}],
    ['a filter without a default', 'linux/seccomp/defaultAction', undefined],
    ['a default that only logs', 'linux/seccomp/defaultAction', 'SCMP_ACT_LOG'],
    ['a call that is logged', 'linux/seccomp/syscalls/2', { names: ['mount'], action: 'SCMP_ACT_LOG' }],
    ['another default and a call', 'linux/seccomp', { defaultAction: 'SCMP_ACT_TRACE', architectures: ['SCMP_ARCH_X86_64'], syscalls: [{ names: ['mount'], action: 'SCMP_ACT_ALLOW' }] }],
    ['a rule that refused part of a call', 'linux/seccomp/syscalls/1', undefined],
    ['fewer arguments', 'linux/seccomp/syscalls/1/args', [{ index: 1, value: 1, op: 'SCMP_CMP_EQ' }]],
    ['a rule with a second name', 'linux/seccomp/syscalls/2', { names: ['mount'], name: 'read', action: 'SCMP_ACT_ALLOW' }],
    ['one more architecture', 'linux/seccomp/architectures/1', 'SCMP_ARCH_X32'],
    ['speculation', 'linux/seccomp/flags', ['SECCOMP_FILTER_FLAG_SPEC_ALLOW']],
    ['a hook', 'hooks', { createRuntime: [{ path: '/bin/x' }] }],
    ['a hook of no known moment', 'hooks', { odd: [{ path: '/bin/x' }] }],
    ['capabilities in capital letters, which Go reads too', 'process/Capabilities', { bounding: ['CAP_SYS_ADMIN'] }],
    ['NoNewPrivileges', 'process/NoNewPrivileges', false],
    ['Mounts', 'Mounts', [{ destination: '/x', type: 'bind', source: '/', options: ['rbind'] }]],
    ['Seccomp', 'linux/Seccomp', null]
  ])('%s', (_name, path, value) => {
    expect(verdictOf(changes(SPEC, path, value))).toBe('weakens')
    expect(verdictOf(changes(FULL, `spec/${path}`, value))).toBe('weakens')
  })
})

describe('an edit that this program cannot judge is at least unknown', () => {
  it.each<readonly [string, string, Json | undefined]>([
    ['personality', 'linux/personality', { domain: 'LINUX32' }],
    ['intelRdt', 'linux/intelRdt', { closID: 'a' }],
    ['mountLabel', 'linux/mountLabel', 'x'],
    ['timeOffsets', 'linux/timeOffsets', { monotonic: { secs: 1 } }],
    ['netDevices', 'linux/netDevices', { eth0: {} }],
    ['rdma', 'linux/resources/rdma', { mlx: { hcaHandles: 1 } }],
    ['network classes', 'linux/resources/network', { classID: 1 }],
    ['a kernel limit', 'linux/resources/memory/kernel', 1],
    ['real time', 'linux/resources/cpu/realtimeRuntime', 1],
    ['unified', 'linux/resources/unified', { 'memory.max': 'max' }],
    ['sysctl', 'linux/sysctl', { 'net.ipv4.ip_forward': '1' }],
    ['annotations', 'annotations', { 'run.oci.hooks': 'x' }],
    ['an I/O priority', 'process/ioPriority', { class: 'IOPRIO_CLASS_RT' }],
    ['a scheduler', 'process/scheduler', { policy: 'SCHED_FIFO' }],
    ['a command line', 'process/commandLine', 'x'],
    ['a user by name', 'process/user/username', 'root'],
    ['no capabilities at all', 'process/capabilities', undefined],
    ['another AppArmor profile', 'process/apparmorProfile', 'lax'],
    ['another level of SELinux', 'process/selinuxLabel', 'system_u:system_r:container_t:s0'],
    ['capabilities that are no list', 'process/capabilities/bounding', 'CAP_SYS_ADMIN'],
    ['masks that are no list', 'linux/maskedPaths', { a: 1 }],
    ['namespaces that are no list', 'linux/namespaces', { 0: { type: 'pid' } }],
    ['mappings of a mount', 'mounts/3/uidMappings', [{ containerID: 0, hostID: 0, size: 1 }]],
    ['another name of options', 'mounts/3/Options', ['rw']],
    ['an option that is not known', ...mount(3, 'bind', 'ro', 'rprivate', 'idmap')],
    ['options that are a text', 'mounts/3/options', 'rw'],
    ['another order of mounts in each other', 'mounts', [3, 2, 0, 1, 4, 5].map((index) => (SPEC as { readonly mounts: ReadonlyArray<Json> }).mounts[index]!)],
    ['another order of device rules', 'linux/resources/devices', [{ allow: true, type: 'c', major: 1, minor: 3, access: 'r' }, { allow: false, access: 'rwm' }]],
    ['another order of rules of one call', 'linux/seccomp/syscalls', (SPEC as { readonly linux: { readonly seccomp: { readonly syscalls: ReadonlyArray<Json> } } }).linux.seccomp.syscalls.toReversed()],
    ['a rule without names', 'linux/seccomp/syscalls/2', { name: 'mount', action: 'SCMP_ACT_ALLOW' }],
    ['cores that are no list', 'linux/resources/cpu/cpus', 'all'],
    ['cores without end', 'linux/resources/cpu/cpus', '0-99999'],
    ['a listener', 'linux/seccomp/listenerPath', '/run/x'],
    ['a call that somebody else decides', 'linux/seccomp/syscalls/2', { names: ['mount'], action: 'SCMP_ACT_NOTIFY' }],
    ['an action of no known name', 'linux/seccomp/syscalls/2', { names: ['mount'], action: 'SCMP_ACT_NEW' }],
    ['two namespaces of a kind', 'linux/namespaces/4', { type: 'pid', path: '/proc/1/ns/pid' }],
    ['a namespace of another name', 'linux/namespaces/1/Path', '/proc/1/ns/net'],
    ['another joined namespace', 'linux/namespaces/1/path', '/run/netns/b'],
    ['a namespace of no known kind', 'linux/namespaces/4', { type: 'odd' }],
    ['a cgroup elsewhere', 'linux/cgroupsPath', '/'],
    ['the cgroup above', 'linux/cgroupsPath', '/nomad/..'],
    ['no cgroup', 'linux/cgroupsPath', undefined],
    ['a working directory that leads out', 'process/cwd', '/proc/self/fd/7'],
    ['a variable for devices', 'process/env/1', 'NVIDIA_VISIBLE_DEVICES=all'],
    ['another root', 'root/path', '/'],
    ['a member whose name looks like a place', 'process/args~1x', 1],
    ['vm', 'vm', { kernel: { path: '/x' } }],
    ['a member of no known name', 'odd', 1]
  ])('%s', (_name, path, value) => {
    expect(['unknown', 'weakens']).toContain(verdictOf(changes(SPEC, path, value)))
    expect(['unknown', 'weakens']).toContain(verdictOf(changes(FULL, `spec/${path}`, value)))
  })
})

describe('beside the spec', () => {
  it.each<readonly [Verdict, string, Json | undefined]>([
    ['unknown', 'container/image/digest', 'sha256:c'],
    ['unknown', 'container/image/name', 'docker.io/library/redis:8'],
    ['unknown', 'container/image/chainId', 'sha256:c'],
    ['unknown', 'container/runtime/name', 'io.containerd.kata.v2'],
    ['unknown', 'container/runtime/options/BinaryName', '/tmp/runc'],
    ['neutral', 'container/runtime/options/ioUid', 1],
    ['neutral', 'container/labels/mine', 'y'],
    ['neutral', 'container/labels/com.hashicorp.nomad.alloc_id', 'y'],
    ['weakens', 'container/labels/containerd.io~1restart.loguri', 'binary:///bin/sh'],
    ['weakens', 'container/labels/nerdctl~1x', 'y'],
    ['weakens', 'io/stdout', 'binary:///bin/sh'],
    ['neutral', 'io/stdout', '/out2'],
    ['neutral', 'stop/signal', 9],
    ['weakens', 'network', { _tag: 'Host' }],
    ['unknown', 'network/netns', '/run/netns/b'],
    ['tightens', 'network', { _tag: 'Isolated' }],
    ['weakens', 'seccomp', { _tag: 'Unconfined' }],
    ['neutral', 'seccomp', { _tag: 'Custom', path: '/p', digest: 'd' }],
    ['unknown', 'fetch/auth', { source: 'task' }],
    ['unknown', 'fetch/hosts', '/etc/elsewhere'],
    ['neutral', 'fetch/silenceMs', 5000],
    ['unknown', 'fetch/local', { transport: 'archive', path: '/a', below: '/', image: '' }],
    ['unknown', 'fetch/policy', 'always'],
    ['unknown', 'fetch/platform', 'linux/arm64'],
    ['unknown', 'odd', 1],
    ['unknown', 'linux', { seccomp: { defaultAction: 'SCMP_ACT_ALLOW' } }]
  ])('%s: %s', (verdict, path, value) => {
    expect(verdictOf(changes(FULL, path, value))).toBe(verdict)
  })

  it('a part of the spec that stands at the wrong place does not say how the spec is judged', () => {
    const before = { ...(FULL as object), linux: { seccomp: { defaultAction: 'SCMP_ACT_ALLOW' } } } as Json
    expect(verdictOf(changes(before, 'spec/linux/seccomp/syscalls/2', { names: ['mount'], action: 'SCMP_ACT_ALLOW' }))).toBe('weakens')
  })

  it('a task that is refused does not tighten, and one that is not any more is unknown', () => {
    const refused: Json = { version: 2, issues: [{ at: 'image', reason: 'x' }] }
    expect(verdictOf(changesOf(FULL, refused))).toBe('unknown')
    expect(verdictOf(changesOf(refused, FULL))).toBe('unknown')
    expect(verdictOf(changesOf(FULL, { ...(FULL as object), issues: [] }))).toBe('unknown')
  })

  it('a key of a mount that somebody ignores does not hide a second one at the same place', () => {
    const second = changes(SPEC, 'mounts/6', { destination: '/data', type: 'bind', source: '/', options: ['rbind'] })
    expect(second.map(({ key }) => key)).toEqual(['/mounts/~1data#2'])
  })
})

describe('the order of mounts', () => {
  it('a mount hides those before it that lie below: without it they show again', () => {
    const at = (destination: string, type: string, source: string): Json => ({ destination, type, source, options: ['rbind', 'rw'] })
    const host = at('/data/x', 'bind', '/srv')
    const spec = (...mounts: ReadonlyArray<Json>): Json => ({ ...(SPEC as object), mounts })
    const cover = at('/data', 'tmpfs', 'tmpfs')
    expect(changesOf(spec(host, cover), spec(host))).toMatchObject([{ verdict: 'weakens', reason: 'what it covered of /data/x shows again' }])
    expect(changesOf(spec(cover, host), spec(host))).toMatchObject([{ verdict: 'tightens' }])
    expect(verdictOf(changesOf(spec(host, cover), spec()))).toBe('tightens')
  })
})

describe('cores', () => {
  it.each<readonly [Verdict, string | undefined]>([
    ['neutral', '0,2,3'], ['neutral', '2-3,0,0'], ['neutral', '1'], ['neutral', '1-2'], ['tightens', '0'], ['tightens', '2-3'], ['weakens', '0-3'], ['weakens', ''], ['weakens', undefined]
  ])('%s: from 0,2-3 to %s', (verdict, cpus) => {
    expect(verdictOf(changes(SPEC, 'linux/resources/cpu/cpus', cpus))).toBe(verdict)
  })
})

it('a filter that leaves a call to somebody else is no wall that is known', () => {
  const open = changes(SPEC, 'linux/seccomp', undefined)
  expect(verdictOf(open)).toBe('weakens')
  const without = { ...(SPEC as object), linux: {} } as Json
  const asked = { defaultAction: 'SCMP_ACT_ALLOW', listenerPath: '/run/x', syscalls: [{ names: ['mount'], action: 'SCMP_ACT_NOTIFY' }] }
  expect(verdictOf(changes(without, 'linux/seccomp', asked))).toBe('unknown')
})
