import * as fc from 'fast-check'

import { isJsonList, isJsonRecord, Json } from '../../src/core/domain/Json'

type Path = ReadonlyArray<string>
type Edit = (old: Json | undefined) => Json | undefined

/** A document in which the value at a path is another one; undefined takes it away. Records on the way are made. */
export const withAt = (document: Json | undefined, [name, ...rest]: Path, edit: Edit): Json => {
  if (name === undefined) return edit(document) ?? null
  const record = isJsonRecord(document) ? document : {}
  const old = Object.hasOwn(record, name) ? record[name] : undefined
  const made = rest.length === 0 ? edit(old) : withAt(old, rest, edit)
  const others = Object.fromEntries(Object.entries(record).filter(([known]) => known !== name))
  return made === undefined ? others : { ...others, [name]: made }
}

/** The spec of a document with another value at a path; a bare spec is one itself. */
export const inSpec = (document: Json, path: string, edit: Edit): Json =>
  withAt(document, [...(isJsonRecord(document) && Object.hasOwn(document, 'spec') ? ['spec'] : []), ...path.split('/')], edit)

export const list = (value: Json | undefined): ReadonlyArray<Json> => (isJsonList(value) ? value : [])

const named = (name: string, value: Json) => (item: Json): boolean => isJsonRecord(item) && item[name] === value

/** One thing that weakens the walls of any document: `safe` makes sure that it is not there, `weak` that it is. */
export interface Weakening {
  readonly safe: (document: Json) => Json
  readonly weak: (document: Json) => Json
}

const has = (path: string, without: (item: Json) => boolean, item: Json): Weakening => ({
  safe: (document) => inSpec(document, path, (old) => list(old).filter((one) => !without(one))),
  weak: (document) => inSpec(document, path, (old) => [...list(old).filter((one) => !without(one)), item])
})

const lacks = (path: string, isIt: (item: Json) => boolean, item: Json): Weakening => {
  const { safe, weak } = has(path, isIt, item)
  return { safe: weak, weak: safe }
}

const values = (path: string, safe: Json | undefined, weak: Json | undefined): Weakening =>
  ({ safe: (document) => inSpec(document, path, () => safe), weak: (document) => inSpec(document, path, () => weak) })

const same = (value: Json) => (item: Json): boolean => item === value

const raised = (path: string, unlimited: ReadonlyArray<Json | undefined>): fc.Arbitrary<Weakening> =>
  fc.tuple(fc.integer({ min: 1, max: 2 ** 40 }), fc.oneof(fc.integer({ min: 1, max: 2 ** 40 }), fc.constantFrom(...unlimited)))
    .map(([low, more]) => values(path, low, typeof more === 'number' && more > 0 ? low + more : more))

const FILTERED: Json = { defaultAction: 'SCMP_ACT_ERRNO', architectures: ['SCMP_ARCH_X86_64'], syscalls: [{ names: ['read'], action: 'SCMP_ACT_ALLOW' }] }

const withFilter = ({ safe, weak }: Weakening): Weakening => {
  const filtered = (document: Json): Json => inSpec(document, 'linux/seccomp', (old) => (isJsonRecord(old) ? { ...old, defaultAction: 'SCMP_ACT_ERRNO' } : FILTERED))
  return { safe: (document) => safe(filtered(document)), weak: (document) => weak(filtered(document)) }
}

const call = fc.constantFrom('law_of_calls', 'ptrace2').map((name) =>
  withFilter(has('linux/seccomp/syscalls', (rule) => list(isJsonRecord(rule) ? rule['names'] : []).includes(name), { names: [name], action: 'SCMP_ACT_ALLOW' })))

const mountOf = (destination: string, type: string, source: string, ...options: ReadonlyArray<string>): Json => ({ destination, type, source, options })

const isAt = (destination: string) => named('destination', destination)

/** What always weakens, by name; the other way round it always tightens. */
export const WEAKENINGS: Readonly<Record<string, fc.Arbitrary<Weakening>>> = {
  'a capability': fc.tuple(fc.constantFrom('bounding', 'effective', 'permitted', 'inheritable', 'ambient'), fc.constantFrom('CAP_SYS_ADMIN', 'CAP_NET_RAW', 'CAP_LAW'))
    .map(([set, name]) => has(`process/capabilities/${set}`, same(name), name)),
  'a device': fc.constantFrom('c', 'b').map((type) => has('linux/devices', named('path', '/dev/law'), { path: '/dev/law', type, major: 1, minor: 1, fileMode: 0o600, uid: 0, gid: 0 })),
  'a device rule that allows': fc.constantFrom<Json>({ allow: true, access: 'rwm' }, { allow: true, type: 'c', major: 1, minor: 77, access: 'r' })
    .map((rule) => has('linux/resources/devices', (one) => JSON.stringify(one) === JSON.stringify(rule), rule)),
  'a device rule that denies no more': fc.constant({ allow: false, type: 'c', major: 77, access: 'rwm' })
    .map((rule) => lacks('linux/resources/devices', named('major', 77), rule)),
  'another way to use a device': fc.constantFrom(['r', 'rw'], ['m', 'rwm'], ['w', 'rw']).map(([was = '', is = '']) => {
    const rule = (access: string): Json => ({ allow: true, type: 'c', major: 77, minor: 1, access })
    const of = (access: string) => has('linux/resources/devices', named('major', 77), rule(access)).weak
    return { safe: of(was), weak: of(is) }
  }),
  'a system call': call,
  'no default of the filter': fc.constant(withFilter(values('linux/seccomp/defaultAction', 'SCMP_ACT_ERRNO', 'SCMP_ACT_ALLOW'))),
  'no filter': fc.constantFrom(undefined, null).map((none) => values('linux/seccomp', FILTERED, none)),
  'one more architecture': fc.constant(withFilter(has('linux/seccomp/architectures', same('SCMP_ARCH_LAW'), 'SCMP_ARCH_LAW'))),
  'speculation': fc.constant(withFilter(has('linux/seccomp/flags', same('SECCOMP_FILTER_FLAG_SPEC_ALLOW'), 'SECCOMP_FILTER_FLAG_SPEC_ALLOW'))),
  'a place that can be written': fc.constantFrom([], ['nosuid'], ['ro', 'rw']).map((options) => has('mounts', isAt('/law'), mountOf('/law', 'tmpfs', 'tmpfs', ...options))),
  'a directory of the host': fc.constantFrom(['bind', 'rw'], ['rbind', 'ro'], ['rro', 'rbind']).map((options) => has('mounts', isAt('/law'), mountOf('/law', 'bind', '/etc', ...options))),
  'a disk of the host': fc.constantFrom('ext4', 'overlay', 'nfs').map((type) => has('mounts', isAt('/law'), mountOf('/law', type, '/dev/sda1', 'ro'))),
  'writing where only reading was': fc.constantFrom([['ro'], ['rw']], [['ro'], ['ro', 'rw']], [['ro'], []], [['rro'], ['ro']], [['rw', 'ro'], ['ro', 'rw']], [['rro', 'rw'], ['rw']]).map(([safe = [], weak = []]) => {
    const of = (options: ReadonlyArray<string>) => has('mounts', isAt('/law'), mountOf('/law', 'bind', '/etc', 'rbind', ...options)).weak
    return { safe: of(safe), weak: of(weak) }
  }),
  'a guard of a mount less': fc.constantFrom('nosuid', 'nodev', 'noexec', 'nosymfollow', 'rnosuid').chain((guard) => fc.constantFrom([], [guard, guard.replace('no', '')]).map((weak) => {
    const of = (options: ReadonlyArray<string>) => has('mounts', isAt('/law'), mountOf('/law', 'bind', '/etc', 'rbind', ...options)).weak
    return { safe: of([guard]), weak: of(weak) }
  })),
  'mounts that reach the host': fc.constantFrom('shared', 'rshared').map((word) => {
    const of = (...options: ReadonlyArray<string>) => has('mounts', isAt('/law'), mountOf('/law', 'bind', '/etc', 'rbind', ...options)).weak
    return { safe: of('rprivate'), weak: of('rprivate', word) }
  }),
  'mounts of the host below a mount': fc.constant(mountOf).map((of) => ({
    safe: has('mounts', isAt('/law'), of('/law', 'bind', '/etc', 'bind', 'ro')).weak,
    weak: has('mounts', isAt('/law'), of('/law', 'bind', '/etc', 'rbind', 'ro')).weak
  })),
  'more memory in a tmpfs': fc.constantFrom([['size=64k'], ['size=1m']], [['size=64k'], []], [['size=1g'], ['size=0']], [['size=64k'], ['size=64k', 'size=65k']]).map(([safe = [], weak = []]) => {
    const of = (options: ReadonlyArray<string>) => has('mounts', isAt('/law'), mountOf('/law', 'tmpfs', 'tmpfs', ...options)).weak
    return { safe: of(safe), weak: of(weak) }
  }),
  'sharing a namespace of the host': fc.constantFrom('pid', 'ipc', 'uts', 'mount', 'network', 'cgroup', 'user', 'time')
    .map((type) => lacks('linux/namespaces', named('type', type), { type })),
  'joining a namespace': fc.constantFrom('pid', 'ipc', 'network').map((type) => ({
    safe: has('linux/namespaces', named('type', type), { type }).weak,
    weak: has('linux/namespaces', named('type', type), { type, path: '/proc/1/ns/net' }).weak
  })),
  'unmasking a path': fc.constantFrom('maskedPaths', 'readonlyPaths').map((name) => lacks(`linux/${name}`, same('/proc/law'), '/proc/law')),
  'more memory': raised('linux/resources/memory/limit', [undefined, 0, -1, null]),
  'more swap': raised('linux/resources/memory/swap', [undefined, 0, -1, null]),
  'more CPU time': raised('linux/resources/cpu/quota', [undefined, 0, -1]),
  'more processes': raised('linux/resources/pids/limit', [undefined, 0, -1]),
  'more of a disk': fc.constantFrom('ReadBps', 'WriteBps', 'ReadIOPS', 'WriteIOPS').chain((way) => fc.constantFrom<Json | undefined>(undefined, { major: 7, minor: 77, rate: 0 }, { major: 7, minor: 77, rate: 101 }).map((weak) => {
    const path = `linux/resources/blockIO/throttle${way}Device`
    const { safe, weak: limited } = has(path, named('minor', 77), { major: 7, minor: 77, rate: 100 })
    return { safe: limited, weak: weak === undefined ? safe : has(path, named('minor', 77), weak).weak }
  })),
  'more huge pages': fc.constantFrom<readonly [number, number]>([0, 1], [1, 2]).map(([low, high]) => {
    const of = (limit: number) => has('linux/resources/hugepageLimits', named('pageSize', '2MB'), { pageSize: '2MB', limit }).weak
    return { safe: of(low), weak: of(high) }
  }),
  'a higher hard limit': fc.constantFrom<readonly [Json, Json]>([10, 11], [2n ** 64n - 2n, 2n ** 64n - 1n], [5, 2n ** 64n - 1n]).map(([low, high]) => {
    const of = (hard: Json) => has('process/rlimits', named('type', 'RLIMIT_NOFILE'), { type: 'RLIMIT_NOFILE', soft: 1, hard }).weak
    return { safe: of(low), weak: of(high) }
  }),
  'programs that gain rights': fc.constantFrom(false, undefined, null).map((off) => values('process/noNewPrivileges', true, off)),
  'no AppArmor profile': fc.constantFrom('', 'unconfined', undefined, null).map((none) => values('process/apparmorProfile', 'containerd-default', none)),
  'no SELinux label': fc.constantFrom('', undefined, 'system_u:system_r:spc_t:s0').map((none) => values('process/selinuxLabel', 'system_u:system_r:container_t:s0:c1,c2', none)),
  'a hook': fc.constantFrom('prestart', 'createRuntime', 'createContainer', 'startContainer', 'poststart', 'poststop').map((stage) => has(`hooks/${stage}`, named('path', '/law'), { path: '/law' })),
  'root': fc.tuple(fc.constantFrom('uid', 'gid'), fc.constantFrom(0, undefined, null)).map(([name, root]) => values(`process/user/${name}`, 1000, root)),
  'one more group': fc.constant(has('process/user/additionalGids', same(77_777), 77_777)),
  'a mask that grants more': fc.constant(values('process/user/umask', 0o077, 0o022)),
  'a root file system that can be written': fc.constantFrom(false, undefined).map((off) => values('root/readonly', true, off)),
  'one more user of the host': fc.constantFrom('uidMappings', 'gidMappings').map((name) => ({
    safe: (document) => inSpec(document, `linux/${name}`, () => [{ containerID: 0, hostID: 100_000, size: 10 }]),
    weak: (document) => inSpec(document, `linux/${name}`, () => [{ containerID: 0, hostID: 100_000, size: 10 }, { containerID: 10, hostID: 0, size: 1 }])
  }))
}
