import * as fc from 'fast-check'
import * as E from 'fp-ts/Either'

import { fields } from '../../src/core/decode/TaskConfig'
import { compact } from '../../src/core/domain/canonical'
import { ALL_CAPABILITIES } from '../../src/core/domain/capabilities'
import { loginsOf } from '../../src/core/resolve/loginOf'
import { pullPolicyOf } from '../../src/core/resolve/pullPolicyOf'
import { decode } from '../../src/core/resolve/Request'
import { fetchOf, translate } from '../../src/core/translate'
import { Case, cases } from '../../src/testing/facts'

const login = (username: string): object => ({ username, password: 'p' })

/** Two values for every option of a task that have to make a difference. A new option has no row here, which breaks the test. */
const VALUES: Readonly<Record<keyof typeof fields, readonly [unknown, unknown]>> = {
  image: ['redis:6', 'redis:8'], image_pull_timeout: ['1m', '2m'], pull_policy: ['never', 'always'], load: ['a.tar', 'b.tar'], force_pull: [true, false],
  platform: ['linux/amd64', 'linux/arm64'], snapshotter: ['a', 'b'], runtime: ['a.b', 'a.c'], auth: [login('a'), login('b')], auth_soft_fail: [true, false],
  labels: [{ a: 'b' }, { a: 'c' }], annotations: [{ a: 'b' }, { a: 'c' }], command: ['a', 'b'], args: [['a'], ['b']], entrypoint: [['a'], ['b']],
  cwd: ['/a', '/b'], init: [true, false], tty: [true, false], umask: ['022', '077'], group_add: [['77777'], null], ulimit: [{ core: '1' }, { core: '2' }],
  oom_score_adj: [1, 2], hostname: ['a', 'b'], domainname: ['a', 'b'], host_network: [true, false], network_mode: ['bridge', 'none'], ports: [['law'], null],
  host_dns: [true, false], dns_servers: [['1.1.1.1'], ['1.1.1.2']], dns_search_domains: [['a'], ['b']], dns_options: [['a'], ['b']],
  extra_hosts: [['a:1.1.1.1'], ['a:1.1.1.2']], privileged: [true, false], cap_add: [['ALL'], null], cap_drop: [['ALL'], null], cap_ambient: [['CAP_CHOWN'], null],
  no_new_privileges: [true, false], seccomp: [true, false], seccomp_profile: ['/a', null], apparmor_profile: ['a', 'b'], selinux_opts: [['type:a'], ['type:b']],
  masked_paths: [['/a'], []], readonly_paths: [['/a'], []], readonly_rootfs: [true, false], writable_cgroups: [true, false], sysctl: [{ 'net.a': 'b' }, { 'net.a': 'c' }],
  pid_mode: ['host', ''], ipc_mode: ['host', 'none'], uts_mode: ['host', ''], cgroupns: ['host', 'private'], userns: ['0:1:1', '0:2:1'],
  pids_limit: [1, 2], cpu_hard_limit: [true, false], cpu_cfs_period: [1000, 1_000_000], cpuset_cpus: ['0', '1'], cpuset_mems: ['0', '1'],
  memory_hard_limit: [70_000, 80_000], memory_reservation: ['1', '2'], memory_swap: ['-1', '999t'], memory_swappiness: [1, 2], cgroup_conf: [{ 'a.b': '1' }, { 'a.b': '2' }],
  blkio_weight: [10, 20], blkio_weight_device: [['/dev/sda:10'], ['/dev/sda:20']], device_read_bps: [['/dev/sda:1'], ['/dev/sda:2']],
  device_write_bps: [['/dev/sda:1'], ['/dev/sda:2']], device_read_iops: [['/dev/sda:1'], ['/dev/sda:2']], device_write_iops: [['/dev/sda:1'], ['/dev/sda:2']],
  shm_size: ['1m', '2m'], mounts: [[{ type: 'tmpfs', target: '/law' }], []], volumes: [['/srv:/law'], null], tmpfs: [['/law'], null], devices: [['/dev/sda:/dev/law'], null]
}

/** All that an option can have an effect on, the refusal included. */
const effectOf = ({ documents, facts }: Case, options: object): string => {
  const request = decode({ ...documents, task: { ...(documents.task as object), ...options } })
  if (E.isLeft(request)) return compact(request.left)
  const images = { ...facts.images, [fetchOf(request.right).name]: Object.values(facts.images)[0] }
  const paths = { ...facts.paths, '/srv': { kind: 'directory', realPath: '/srv' }, [request.right.plugin.init_path]: { kind: 'file', realPath: '/init' } }
  const host = { ...facts.host, capabilities: ALL_CAPABILITIES }
  const compiled = translate(request.right, { ...facts, images, paths, host } as Case['facts'])
  return compact([compiled, fetchOf(request.right), pullPolicyOf(request.right), loginsOf(request.right)])
}

/** What an option needs beside it to have a meaning. */
const BESIDE: Readonly<Record<string, object>> = {
  cpu_cfs_period: { cpu_hard_limit: true }, force_pull: { pull_policy: null, image: 'redis:7', load: null }, seccomp: { seccomp_profile: null },
  cap_add: { cap_drop: ['ALL'], cap_ambient: null, privileged: false }, cap_drop: { cap_add: null, cap_ambient: null, privileged: false },
  cap_ambient: { cap_add: null, privileged: false }, host_network: { network_mode: null }, cgroupns: {}, writable_cgroups: { cgroupns: null }, masked_paths: {}, mounts: { volumes: null, tmpfs: null },
  volumes: { mounts: null, tmpfs: null }, tmpfs: { mounts: null, volumes: null }
}

const isFree = ({ request: { allocation } }: Case): boolean => allocation.networkIsolationSpec === undefined && allocation.dns === undefined

it.each(Object.entries(VALUES))('task.%s is either obeyed or refused, never ignored', (name, [one, other]) => {
  const beside = BESIDE[name] ?? {}
  fc.assert(fc.property(cases.filter(isFree), (given) => {
    const options = name === 'host_dns' ? { dns_servers: null, dns_search_domains: null, dns_options: null } : beside
    // A mount of the task's own stands before the file that an option makes.
    const free = { ...options, ...(['host_dns', 'extra_hosts', 'shm_size', 'ipc_mode'].includes(name) || name.startsWith('dns_') ? { mounts: null, volumes: null, tmpfs: null } : {}) }
    expect(effectOf(given, { ...free, [name]: one })).not.toBe(effectOf(given, { ...free, [name]: other }))
  }), { numRuns: 25 })
})

it('every option has its two values', () => { expect(Object.keys(VALUES).sort()).toEqual(Object.keys(fields).sort()) })
