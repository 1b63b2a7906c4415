import * as fc from 'fast-check'

import { clean } from '../core/domain/path'
import { envName, user } from './imageConfig'
import { absolute, NOMADS } from './mounts'
import { anyText, Document } from './ofFields'

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
    PercentTicks: fc.constantFrom(0, 0.25, 0.001),
    memoryLimitBytes: fc.nat().map(String),
    cpusetCpus: fc.constantFrom('', '0', '0-3,7'),
    cpusetCgroup: fc.constantFrom(
      '',
      '/sys/fs/cgroup/nomad.slice/share.slice/a.web.scope',
      '/sys/fs/cgroup/cpuset/nomad/shared',
      '/sys/fs/cgroup/cpuset/nomad/reserve/a.web'
    )
  }),
  ports: fc.constantFrom([], [{ label: 'http', value: 20_000, to: 80, hostIp: '10.0.0.1' }])
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

const env = fc.dictionary(
  envName.filter((name) => !name.startsWith('NOMAD_')),
  anyText,
  { maxKeys: 5, noNullPrototype: true }
)

/** Nomad's task message. `netns` is the group's network, when it asks for one. */
export const allocation: fc.Arbitrary<Document> = fc
  .tuple(
    fc.uuid(),
    taskName,
    fc.record({ env, resources, mounts: volumes, user: fc.oneof(fc.constant(''), user) }),
    fc.boolean(),
    fc.boolean()
  )
  .map(([allocId, name, rest, isolated, named]) => ({
    ...rest,
    id: `${allocId}/${name}/1a2b3c4d`,
    name,
    allocId,
    allocDir: `${ROOT}/${allocId}`,
    jobName: 'shop',
    taskGroupName: 'front',
    namespace: 'default',
    env: {
      NOMAD_ALLOC_DIR: NOMADS[0],
      NOMAD_TASK_DIR: NOMADS[1],
      NOMAD_SECRETS_DIR: NOMADS[2],
      NOMAD_TASK_NAME: name,
      ...rest.env
    },
    stdoutPath: `${ROOT}/${allocId}/alloc/logs/.${name}.stdout.fifo`,
    stderrPath: `${ROOT}/${allocId}/alloc/logs/.${name}.stderr.fifo`,
    devices: isolated ? [{ hostPath: '/dev/fuse', taskPath: '/dev/plugin', cgroupPermissions: 'rw' }] : [],
    ...(isolated
      ? { networkIsolationSpec: { mode: 'GROUP', path: `/var/run/netns/${allocId}`, ...(named ? NAMED : {}) } }
      : {}),
    ...(named ? { dns: { servers: ['10.1.1.1'], searches: [], options: [] } } : {})
  }))

const NAMED = { hostsConfig: { hostname: 'own', address: '172.26.64.5' } }
