import * as fc from 'fast-check'

import * as PluginConfig from '../../src/core/decode/PluginConfig'
import * as TaskConfig from '../../src/core/decode/TaskConfig'
import { clean } from '../../src/core/domain/path'
import { LATER } from '../../src/core/resolve/policy'
import { Documents } from '../../src/core/resolve/Request'
import { envName, program, user } from './imageConfig'
import { absolute, mounts, NOMADS } from './mounts'
import { anyText, Document, Overrides, valid } from './ofFields'

/** Image names as people write them. */
export const image: fc.Arbitrary<string> = fc.constantFrom(
  'redis', 'redis:7', 'docker.io/library/redis:7', 'registry:5000/team/app', 'ghcr.io/a/b__c:v1.2', `redis@sha256:${'a1'.repeat(32)}`
)

const later: ReadonlyArray<string> = LATER

/** The options of a task that this version compiles. */
export const compilable = Object.fromEntries(Object.entries(TaskConfig.fields).filter(([name]) => !later.includes(name)))

export const taskOverrides: Overrides = {
  image,
  mounts,
  command: program,
  entrypoint: fc.oneof(fc.constantFrom([], ['']), fc.tuple(program, anyText)),
  cwd: absolute.filter((path) => !/^\/+(?:proc|dev|x\/)/.test(path)),
  hostname: fc.constantFrom('web', 'db-1.internal', 'a'.repeat(63))
}

/** A task's config that compiles. The command is always there: an entrypoint of the task drops the image's. */
export const task: fc.Arbitrary<Document> = fc
  .tuple(valid(compilable, taskOverrides), program)
  .map(([options, command]) => ({ ...options, command: options['command'] ?? command }))

export const plugin: fc.Arbitrary<Document> = valid(PluginConfig.fields, {
  containerd_runtime: fc.constantFrom('io.containerd.runc.v2', 'io.containerd.kata.v2'),
  snapshotter: fc.constantFrom('overlayfs', 'native')
})

/** A task's name: most are words, some are any letters at all. */
export const taskName: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom('web', 'db_1', 'a.b', '-', 'x'.repeat(200)),
  anyText.map((text) => text.replaceAll('/', '')).filter((name) => name !== '' && name !== '.' && name !== '..')
)

const ROOT = '/var/lib/nomad/alloc'
const memory = fc.oneof(
  fc.record({ memoryMb: fc.integer({ min: 0, max: 65_536 }) }),
  fc.record({ memoryMb: fc.integer({ min: 1, max: 4096 }), memoryMaxMb: fc.integer({ min: 4096, max: 65_536 }) }),
  fc.record({ memoryMb: fc.integer({ min: 1, max: 4096 }), memoryMaxMb: fc.constantFrom(-1, '-1') })
)

const resources = fc.record({
  allocatedResources: fc.record({ memory, cpu: fc.constant({ cpuShares: '100' }) }),
  linuxResources: fc.record({
    cpuShares: fc.oneof(fc.integer({ min: -5, max: 2_000_000 }), fc.integer({ min: 0, max: 9000 }).map(String)),
    memoryLimitBytes: fc.nat().map(String),
    cpusetCpus: fc.constantFrom('', '0', '0-3,7'),
    cpusetCgroup: fc.constantFrom(
      '', '/sys/fs/cgroup/nomad.slice/share.slice/a.web.scope', '/sys/fs/cgroup/cpuset/nomad/shared', '/sys/fs/cgroup/cpuset/nomad/reserve/a.web'
    )
  })
})

const volumes = fc.uniqueArray(
  fc.record({
    taskPath: absolute.map((path) => `/volumes${path}`),
    hostPath: absolute,
    readonly: fc.boolean(),
    propagationMode: fc.constantFrom('', 'private', 'host-to-task', 'bidirectional')
  }),
  { maxLength: 2, selector: ({ taskPath }) => clean(taskPath) }
)

const env = fc.dictionary(envName.filter((name) => !name.startsWith('NOMAD_')), anyText, { maxKeys: 5, noNullPrototype: true })

/** Nomad's task message. `netns` is the group's network, when it asks for one. */
export const allocation: fc.Arbitrary<Document> = fc
  .tuple(fc.uuid(), taskName, fc.record({ env, resources, mounts: volumes, user: fc.oneof(fc.constant(''), user) }), fc.boolean())
  .map(([allocId, name, rest, isolated]) => ({
    ...rest,
    id: `${allocId}/${name}/1a2b3c4d`,
    name,
    allocId,
    allocDir: `${ROOT}/${allocId}`,
    env: { NOMAD_ALLOC_DIR: NOMADS[0], NOMAD_TASK_DIR: NOMADS[1], NOMAD_SECRETS_DIR: NOMADS[2], NOMAD_TASK_NAME: name, ...rest.env },
    stdoutPath: `${ROOT}/${allocId}/alloc/logs/.${name}.stdout.fifo`,
    stderrPath: `${ROOT}/${allocId}/alloc/logs/.${name}.stderr.fifo`,
    devices: isolated ? [{ hostPath: '/dev/fuse', taskPath: '/dev/fuse', cgroupPermissions: 'rw' }] : [],
    ...(isolated ? { networkIsolationSpec: { mode: 'GROUP', path: `/var/run/netns/${allocId}` } } : {})
  }))

/** Three documents that compile, given what their questions ask. */
export const documents: fc.Arbitrary<Documents> = fc
  .record({ task, plugin, allocation })
  .map(({ task: options, ...rest }) =>
    'networkIsolationSpec' in rest.allocation ? { ...rest, task: { ...options, host_network: false } } : { ...rest, task: options }
  )
