import * as fc from 'fast-check'
import * as E from 'fp-ts/Either'

import { Compiled } from '../../src/core/compile/Compiled'
import * as PluginConfig from '../../src/core/decode/PluginConfig'
import { pathText } from '../../src/core/domain/DocumentPath'
import { decode, Documents } from '../../src/core/resolve/Request'
import { translate } from '../../src/core/translate'
import { Case, cases } from '../../src/testing/facts'
import { Document } from '../../src/testing/ofFields'
import * as reach from '../laws/reach'

const list = (...items: ReadonlyArray<string>): fc.Arbitrary<ReadonlyArray<string>> => fc.subarray([...items])

/** Tighter operator's options, each alone: what is added to a config that lets everything run. */
const tighter: fc.Arbitrary<Document> = fc.oneof(
  fc.constant({ allow_privileged: false }), fc.constant({ allow_unconfined: false }), fc.constant({ seccomp: true }),
  list('chown', 'net_raw', 'sys_admin', 'net_bind_service').map((allow_caps) => ({ allow_caps })),
  list('io.containerd.kata.v2').map((allow_runtimes) => ({ allow_runtimes })),
  list('/dev/fuse', '/dev/snd', 'vendor.com/*').map((allow_devices) => ({ allow_devices })),
  list('net.*', 'kernel.*').map((allow_sysctls) => ({ allow_sysctls })),
  fc.record({ network: list('host'), pid: list('host'), ipc: list('host'), uts: list('host'), userns: list('host', '0:*'), cgroup: list('host') }).map((allowed_modes) => ({ allowed_modes })),
  fc.constant({ volumes: { enabled: false } }), fc.constant({ volumes: { allowed_paths: ['/a', '/data'] } }), fc.constant({ volumes: { allow_shared_propagation: false } }),
  fc.integer({ min: 1, max: 1000 }).map((pids_limit) => ({ pids_limit })), fc.integer({ min: 1, max: 8192 }).map((memory_hard_limit) => ({ memory_hard_limit })),
  fc.constant({ seccomp_profile_dir: '/opt/seccomp' }), fc.constant({ seccomp_profile_dir: '/elsewhere' })
)

const under = ({ documents, facts }: Case, plugin: Document): E.Either<unknown, Compiled> => {
  const request = decode({ ...documents, plugin: { ...(documents.plugin as Document), ...plugin } })
  return E.isLeft(request) ? request : translate(request.right, facts)
}

const VOLUMES = ['volumes']

// A block replaces the block that the case has: the place of named volumes stays.
const merged = ({ documents }: Case, plugin: Document): Document =>
  Object.fromEntries(Object.entries(plugin).map(([name, value]) => {
    const before = (documents.plugin as Document)[name]
    return VOLUMES.includes(name) && before !== null && before !== undefined ? [name, { ...(before), ...(value as object) }] : [name, value]
  }))

describe('a tighter policy never gives more', () => {
  it('no capability, device, host path, shared namespace, system call, writable mount, right or memory', () => {
    fc.assert(fc.property(cases, tighter, (given, plugin) => {
      const before = under(given, {})
      const after = under(given, merged(given, plugin))
      if (E.isRight(before) && E.isRight(after)) expect(reach.gained(before.right, after.right)).toEqual([])
    }))
  })

  it('and what one refuses, the same with more restrictions refuses too', () => {
    fc.assert(fc.property(cases, tighter, tighter, (given, one, more) => {
      fc.pre(Object.keys(one).every((name) => !(name in more)))
      if (E.isLeft(under(given, merged(given, one)))) expect(E.isLeft(under(given, { ...merged(given, one), ...merged(given, more) }))).toBe(true)
    }))
  })

  it('and every refusal of a policy names the option that refused', () => {
    const names = Object.keys(PluginConfig.fields)
    fc.assert(fc.property(cases, tighter, (given, plugin) => {
      const request = decode({ ...given.documents, plugin: { ...(given.documents.plugin as Document), ...merged(given, plugin) } })
      if (E.isRight(request)) return
      for (const issue of request.left.filter(({ _tag }) => _tag === 'RefusedByPolicy')) {
        const named = `${issue.reason} ${issue.hint ?? ''}`
        expect(names.some((name) => named.includes(`\`${name}`)) ? '' : named).toBe('')
      }
    }))
  })
})

describe('hardened', () => {
  const hardened = { hardened: true }
  const EMPTY = { image: 'redis', command: 'sh' }

  const withTask = (given: Case, task: object): Documents => ({ ...given.documents, task, plugin: { containerd_runtime: 'io.containerd.runc.v2', ...hardened } })

  it('gives a task that asks for nothing the floor: a filter, no NET_RAW, no host namespace, masked paths, a ceiling of processes', () => {
    fc.assert(fc.property(cases, (given) => {
      const request = decode(withTask(given, EMPTY))
      const compiled = E.isRight(request) ? translate(request.right, { ...given.facts, images: given.facts.images }) : request
      if (E.isLeft(compiled)) return
      expect(reach.belowTheFloor(compiled.right, given.facts.host?.cgroups ?? 'v2')).toEqual([])
    }))
  })

  it.each<readonly [string, object, object]>([
    ['privileged', { privileged: true }, { allow_privileged: true }], ['seccomp', { seccomp: false }, { allow_unconfined: true }],
    ['masked_paths', { masked_paths: [] }, { allow_unconfined: true }], ['readonly_paths', { readonly_paths: [] }, { allow_unconfined: true }],
    ['writable_cgroups', { writable_cgroups: true }, { allow_unconfined: true }],
    ['no_new_privileges', { no_new_privileges: false }, { allow_unconfined: true }], ['cap_add[0]', { cap_add: ['NET_RAW'] }, { allow_caps: ['all'] }],
    ['host_network', { host_network: true }, { allowed_modes: { network: ['host'] } }], ['pid_mode', { pid_mode: 'host' }, { allowed_modes: { pid: ['host'] } }],
    ['ipc_mode', { ipc_mode: 'host' }, { allowed_modes: { ipc: ['*'] } }], ['uts_mode', { uts_mode: 'host' }, { allowed_modes: { uts: ['host'] } }],
    ['cgroupns', { cgroupns: 'host' }, { allowed_modes: { cgroup: ['host'] } }], ['cgroup_conf.memory.high', { cgroup_conf: { 'memory.high': '1' } }, { allow_cgroup_conf: ['memory.*'] }],
    ['devices[0]', { devices: ['/dev/fuse'] }, { allow_devices: ['/dev/fuse'] }], ['sysctl.net.core.somaxconn', { sysctl: { 'net.core.somaxconn': '1' } }, { allow_sysctls: ['net.core.*'] }],
    ['mounts[0].source', { mounts: [{ type: 'bind', target: '/x', source: '/srv' }] }, { volumes: { enabled: true, allowed_paths: ['/srv'] } }],
    ['volumes[0]', { volumes: ['/srv:/x'] }, { volumes: { enabled: true, allowed_paths: ['/srv'] } }], ['mounts[0].source', { mounts: [{ target: '/x', source: 'data' }] }, { volumes: { enabled: true } }],
    ['mounts[0].options', { mounts: [{ type: 'bind', target: '/x', source: 'local', options: ['rshared'] }] }, { volumes: { allow_shared_propagation: true } }],
    ['pids_limit', { pids_limit: 100_000 }, { pids_limit: 200_000 }], ['seccomp_profile', { seccomp_profile: '/etc/p.json' }, { seccomp_profile_dir: '/etc' }]
  ])('refuses task.%s, and one plugin option by name lets it', (at, task, override) => {
    const allocation = { id: 'a/web/1', name: 'web', allocDir: '/var/lib/nomad/alloc/a' }
    const under = (plugin: object): ReadonlyArray<string> => {
      const outcome = decode({ task: { ...EMPTY, ...task }, plugin: { containerd_runtime: 'r', ...plugin }, allocation })
      return E.isLeft(outcome) ? outcome.left.map((issue) => `${issue._tag} ${pathText(issue.at)}`) : []
    }
    expect(under({})).toEqual(at === 'seccomp_profile' ? ['Conflict task.seccomp_profile'] : [])
    expect(under(hardened)).toEqual([`RefusedByPolicy task.${at}`])
    expect(under({ ...hardened, ...override })).toEqual([])
  })
})
