import * as fc from 'fast-check'

import { Around } from '../../src/core/migrate/rows/Around'
import { anyText } from '../../src/testing/ofFields'

type Document = Readonly<Record<string, unknown>>

const texts = fc.array(anyText, { maxLength: 3 })
const textMap = fc.dictionary(anyText.filter((key) => key !== '__proto__'), anyText, { maxKeys: 3, noNullPrototype: true })
const number = fc.oneof(fc.constantFrom(0, 1, -1, 4096, 999_999_999_999), fc.integer())
const mode = fc.constantFrom('', 'host', 'private', 'none', 'shareable', 'container:abc', 'default', 'bridge', 'cni/blue', 'my-net')

const record = (values: Readonly<Record<string, fc.Arbitrary<unknown>>>, requiredKeys: ReadonlyArray<string> = []): fc.Arbitrary<Document> =>
  fc.record(values, { requiredKeys: [...requiredKeys], noNullPrototype: true })

/** A block of a JSON job: itself, or in a list as Nomad's parser writes it. */
const block = (inner: fc.Arbitrary<Document>): fc.Arbitrary<unknown> => fc.oneof(inner, inner.map((one) => [one]))

const mount = record({
  type: fc.constantFrom('volume', 'bind', 'tmpfs', ''), target: anyText.map((text) => `/${text}`), source: fc.oneof(anyText, fc.constant('/var/run/docker.sock')),
  readonly: fc.boolean(),
  bind_options: block(record({ propagation: fc.constantFrom('', 'rprivate', 'rshared', 'nonsense') })),
  tmpfs_options: block(record({ size: number, mode: number })),
  volume_options: block(record({ no_copy: fc.boolean(), labels: textMap, driver_config: block(record({ name: anyText, options: textMap })) }))
}, ['target'])

const security = fc.constantFrom(
  'no-new-privileges', 'no-new-privileges:true', 'no-new-privileges=false', 'seccomp=unconfined', 'seccomp=/etc/s.json', 'seccomp=s.json',
  'apparmor=web', 'apparmor:unconfined', 'label=disable', 'label:type:web_t', 'systempaths=unconfined', 'credentialspec=x', 'nonsense'
)

/** The `config` of a docker task as it stands in a JSON job: every option of that driver, with values that it takes. */
export const dockerConfig: fc.Arbitrary<Document> = record({
  image: fc.constantFrom('redis', 'redis:7', 'redis:latest', 'https://registry:5000/team/app', 'ghcr.io/a/b:v1', `redis@sha256:${'a1'.repeat(32)}`, 'a1b2c3d4e5f6'),
  advertise_ipv6_address: fc.boolean(), args: texts,
  auth: block(record({ username: anyText, password: anyText, email: anyText, server_address: fc.constantFrom('', 'https://index.docker.io/v1/', 'ghcr.io') })),
  auth_soft_fail: fc.boolean(), cap_add: texts, cap_drop: texts, cgroupns: mode, command: anyText, cpuset_cpus: anyText, cpu_hard_limit: fc.boolean(),
  cpu_cfs_period: number, container_exists_attempts: number,
  devices: fc.array(record({ host_path: anyText, container_path: anyText, cgroup_permissions: fc.constantFrom('', 'rwm', 'r') }, ['host_path']), { maxLength: 2 }),
  dns_search_domains: texts, dns_options: texts, dns_servers: texts, entrypoint: texts,
  extra_hosts: fc.array(fc.constantFrom('db:10.0.0.7', 'host:host-gateway'), { maxLength: 2 }), force_pull: fc.boolean(), group_add: texts,
  healthchecks: block(record({ disable: fc.boolean() })), hostname: anyText, init: fc.boolean(), interactive: fc.boolean(), ipc_mode: mode,
  ipv4_address: anyText, ipv6_address: anyText, isolation: anyText, labels: fc.oneof(textMap, textMap.map((one) => [one]), fc.constant({ 'com.docker.x': 'y', a: 'b' })),
  load: anyText, logging: block(record({ type: anyText, driver: anyText, config: textMap })), mac_address: anyText, memory_hard_limit: number,
  mount: fc.array(mount, { maxLength: 3 }), mounts: fc.array(mount, { maxLength: 2 }), network_aliases: texts, network_mode: mode, oom_score_adj: number,
  runtime: fc.constantFrom('', 'runc', 'runsc', 'kata', 'nvidia', 'io.containerd.kata.v2', 'other'), pids_limit: number, pid_mode: mode, ports: texts,
  port_map: fc.dictionary(fc.constantFrom('http', 'db'), fc.integer(), { noNullPrototype: true }), privileged: fc.boolean(),
  image_pull_timeout: fc.constantFrom('5m', '10h', '', '1000h', '0s'), readonly_rootfs: fc.boolean(), security_opt: fc.array(security, { maxLength: 4 }), shm_size: number,
  storage_opt: textMap, sysctl: textMap, tty: fc.boolean(), ulimit: textMap, uts_mode: mode, userns_mode: mode,
  volumes: fc.array(fc.oneof(anyText, fc.constantFrom('local/a:/a:z', '/var/run/docker.sock:/x', 'name:/data')), { maxLength: 3 }), volume_driver: anyText, work_dir: anyText
}, ['image'])

/** What stands around the task. */
export const around: fc.Arbitrary<Around> = fc.record({
  driver: fc.constant('docker' as const), network: fc.constantFrom('', 'bridge', 'cni/blue'), ports: fc.constantFrom([], ['http'], ['http', 'db']),
  hasNvidia: fc.boolean(), made: fc.constantFrom([], ['local/a']), driverAddresses: fc.constantFrom([], ['web'])
})
