import * as fc from 'fast-check'

import * as TaskConfig from '../core/decode/TaskConfig'
import { ALL_CAPABILITIES } from '../core/domain/capabilities'
import { clean } from '../core/domain/path'
import { program } from './imageConfig'
import { absolute, mounts, tmpfs, volumes } from './mounts'
import { anyText, Document, Overrides, valid } from './ofFields'

/** Image names as people write them. */
export const image: fc.Arbitrary<string> = fc.constantFrom(
  'redis',
  'redis:7',
  'docker.io/library/redis:7',
  'registry:5000/team/app',
  'ghcr.io/a/b__c:v1.2',
  `redis@sha256:${'a1'.repeat(32)}`
)

/** A capability as people write it. */
export const capability: fc.Arbitrary<string> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc
      .tuple(fc.constantFrom(...ALL_CAPABILITIES), fc.nat({ max: 2 }))
      .map(([name, way]) => [name, name.slice(4), name.slice(4).toLowerCase()][way] ?? name)
  },
  { weight: 1, arbitrary: fc.constantFrom('all', 'ALL', 'CAP_ALL') }
)

const capabilities = fc.array(capability, { maxLength: 3 })
const hostName = fc.constantFrom('web', 'db-1.internal', 'a'.repeat(63))
const word = fc.constantFrom('a.example', 'ndots:2', 'example.com')
const path = absolute.map(clean).filter((one) => one !== '/')

const names = (prefix: string): fc.Arbitrary<unknown> =>
  fc.dictionary(
    anyText.filter((key) => key !== '__proto__').map((key) => `${prefix}${key}`),
    anyText,
    { maxKeys: 2, noNullPrototype: true }
  )

const record = (values: Readonly<Record<string, fc.Arbitrary<string>>>): fc.Arbitrary<unknown> =>
  fc.record(values, { requiredKeys: [], noNullPrototype: true })

const number = (min: number, max: number): fc.Arbitrary<string> => fc.integer({ min, max }).map(String)

export const CDI_NAMES = ['vendor.com/net=a', 'vendor.com/net=b']
export const BLOCK_DEVICE = '/dev/sda'

const devices: fc.Arbitrary<unknown> = fc.uniqueArray<unknown, unknown>(
  fc.constantFrom<unknown>(
    '/dev/fuse',
    '/dev/fuse:/dev/other',
    '/dev/fuse:/dev/third:wr',
    '/dev/snd',
    ...CDI_NAMES,
    { host_path: '/dev/fuse', container_path: '/dev/block', cgroup_permissions: 'r' },
    { host_path: '/dev/fuse', container_path: '/dev/full2' }
  ),
  { maxLength: 3, selector: (entry) => entry }
)

const rates = (unit: fc.Arbitrary<string>): fc.Arbitrary<unknown> =>
  fc.array(
    unit.map((amount) => `${BLOCK_DEVICE}:${amount}`),
    { maxLength: 2 }
  )

/** Values that suit the options which not every text does. */
export const taskOverrides: Overrides = {
  image,
  load: fc.constant(null), mounts,
  volumes,
  tmpfs,
  devices,
  platform: fc.constantFrom('linux/amd64', 'linux/arm64/v8'),
  snapshotter: fc.constantFrom('overlayfs', 'native'),
  runtime: fc.constantFrom('io.containerd.runc.v2', 'io.containerd.kata.v2'),
  'auth.server_address': fc.constant(null),
  labels: names('team.'),
  annotations: names('example.com/'),
  command: program,
  entrypoint: fc.oneof(fc.constantFrom([], ['']), fc.tuple(program, anyText)),
  cwd: absolute.map(clean).filter((one) => !/^\/(?:proc|dev)(?:\/|$)/.test(one)),
  hostname: hostName,
  domainname: hostName,
  group_add: fc.array(fc.constantFrom('staff', 'wheel', '7', '1001'), { maxLength: 3 }),
  ulimit: record({
    nofile: fc.constant('1:1'),
    core: fc.constantFrom('0', '0:100'),
    RLIMIT_NPROC: fc.constantFrom('5:10', '7')
  }),
  oom_score_adj: fc.integer({ min: 0, max: 1000 }),
  network_mode: fc.constantFrom('', 'none', 'host', 'bridge', 'cni/blue', 'task:db'),
  ports: fc.constant([]),
  dns_servers: fc.array(fc.constantFrom('10.0.0.2', 'fe80::1%eth0', '::1'), { maxLength: 2 }),
  dns_search_domains: fc.array(word, { maxLength: 2 }),
  dns_options: fc.array(word, { maxLength: 2 }),
  extra_hosts: fc.array(fc.constantFrom('db:10.0.0.7', 'six:fd00::1', 'v4:::ffff:10.0.0.1', 'h:host-gateway'), {
    maxLength: 2
  }),
  cap_add: capabilities,
  cap_drop: capabilities,
  cap_ambient: capabilities,
  seccomp_profile: fc.constant('/opt/seccomp/p.json'),
  apparmor_profile: fc.constantFrom('unconfined', 'web'),
  selinux_opts: fc.array(fc.constantFrom('disable', 'type:web_t', 'level:s0:c1,c2', 'user:u', 'filetype:f_t'), {
    maxLength: 3
  }),
  masked_paths: fc.array(path, { maxLength: 2 }),
  readonly_paths: fc.array(path, { maxLength: 2 }),
  sysctl: record({
    'net.core.somaxconn': number(1, 9),
    'net/ipv4/ip_forward': fc.constant('1'),
    'kernel.shmmax': number(1, 9),
    'fs.mqueue.msg_max': number(1, 9)
  }),
  userns: fc.constantFrom('', 'host', '0:100000:2147483648', '0:100000:1000,1000:500000:3000000000'),
  cpuset_cpus: fc.constantFrom('0', '0-3,7'),
  cpuset_mems: fc.constantFrom('0', '0-1'),
  memory_hard_limit: fc.integer({ min: 1, max: 65_536 }),
  memory_reservation: fc.constantFrom('1k', '512k'),
  memory_swap: fc.constantFrom('-1', '512g'),
  cgroup_conf: record({ 'memory.high': number(1, 9), 'cpu.idle': fc.constant('1') }),
  blkio_weight_device: rates(number(10, 1000)),
  device_read_bps: rates(fc.constantFrom('1m', '5')),
  device_write_bps: rates(fc.constant('2g')),
  device_read_iops: rates(number(1, 1000)),
  device_write_iops: rates(number(1, 1000))
}

const without = (options: Document, ...removed: ReadonlyArray<string>): Document =>
  Object.fromEntries(Object.entries(options).filter(([name]) => !removed.includes(name)))

const isOn = (options: Document, name: string, ...values: ReadonlyArray<unknown>): boolean =>
  values.includes(options[name])

type Rule = readonly [(options: Document) => boolean, ReadonlyArray<string>]

/** Options that exclude each other: where the first part holds, the others go. */
const EXCLUSIVE: ReadonlyArray<Rule> = [
  [(o) => isOn(o, 'network_mode', 'none', 'bridge', 'cni/blue', 'task:db'), ['host_network']],
  [(o) => isOn(o, 'host_network', true) || isOn(o, 'network_mode', 'host', 'task:db'), ['sysctl']],
  [(o) => isOn(o, 'ipc_mode', 'host', 'none'), ['shm_size', 'sysctl']],
  [(o) => isOn(o, 'uts_mode', 'host'), ['hostname', 'domainname']],
  [(o) => isOn(o, 'pid_mode', 'host'), ['userns']],
  [(o) => isOn(o, 'cgroupns', 'host'), ['writable_cgroups']],
  [(o) => !isOn(o, 'seccomp', true), ['seccomp_profile']],
  [(o) => isOn(o, 'force_pull', true), ['pull_policy']],
  [(o) => Object.keys((o['cgroup_conf'] ?? {})).length > 0, ['memory_swappiness']]
]

/** Removes what contradicts what stays. */
export const consistent = (options: Document): Document =>
  onePlaceEach(EXCLUSIVE.reduce((kept, [holds, removed]) => (holds(kept) ? without(kept, ...removed) : kept), options))

// A device of the job and its directory, or a short mount and a block, may come to stand at one place.
const onePlaceEach = (options: Document): Document => {
  const blocks = (options['mounts'] ?? []) as ReadonlyArray<Document>
  const places = new Set(blocks.map(({ target }) => clean(String(target))))
  const isNew = (place: string): boolean => !places.has(clean(place)) && places.add(clean(place)).size > 0
  const short = ((options['volumes'] ?? []) as ReadonlyArray<string>).filter((text) => isNew(text.split(':')[1] ?? ''))
  const memory = ((options['tmpfs'] ?? []) as ReadonlyArray<string>).filter((text) => isNew(text.split(':')[0] ?? ''))
  return {
    ...options,
    ...(options['volumes'] === undefined ? {} : { volumes: short }),
    ...(options['tmpfs'] === undefined ? {} : { tmpfs: memory })
  }
}

/** A task's config that compiles, with a command: an entrypoint of the task drops the image's. */
export const task: fc.Arbitrary<Document> = fc
  .tuple(valid(TaskConfig.fields, taskOverrides), program)
  .map(([options, command]) => consistent({ ...options, command: options['command'] ?? command }))
