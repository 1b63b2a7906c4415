import { pathText } from '../../../src/core/domain/DocumentPath'
import { ALLOC_ID, NOMAD, OWNER } from '../../../src/core/domain/labels'
import * as Job from '../../../src/core/job/Job'
import { FromJob } from '../../../src/core/job/toDocuments'
import * as allocations from '../../../src/core/live/allocationOf'
import { hostsConfigOf } from '../../../src/core/live/hostsConfigOf'
import { knownOf } from '../../../src/core/live/knownOf'
import { identityOf, Live } from '../../../src/core/live/Live'
import { parseSpec } from '../../../src/core/live/parseSpec'
import { hostsFile } from '../../../src/core/resolve/hostsFile'
import { rightOf } from '../../../src/testing/facts'

const CORES = 4

const documentsOf = (place: Job.Place, live: Live): FromJob => allocations.documentsOf(place, live, CORES)
const allocationOf = (sample: unknown, live: Live): unknown => allocations.allocationOf(sample, live, { cpuCores: CORES, extraHosts: 0 })

const ALLOC = 'aaaaaaaa-0000-4000-8000-000000000001'

interface Ran {
  readonly env?: ReadonlyArray<string>
  readonly cgroupsPath?: string
  readonly cpus?: string
  readonly quota?: number
  readonly netns?: string
  readonly labels?: Readonly<Record<string, string>>
  readonly mounts?: ReadonlyArray<object>
  readonly io?: Live['io']
}

const live = ({ env = [], cgroupsPath = '/nomad.slice/share.slice/x.scope', cpus, quota, netns, labels = {}, mounts = [], io }: Ran): Live => ({
  spec: rightOf(parseSpec(JSON.stringify({
    process: { args: ['x'], env }, mounts: [{ destination: '/alloc', source: `/srv/nomad/${ALLOC}/alloc` }, ...mounts],
    linux: { cgroupsPath, namespaces: netns === undefined ? [{ type: 'network' }] : [{ type: 'network', path: netns }], resources: { cpu: { ...(cpus === undefined ? {} : { cpus }), ...(quota === undefined ? {} : { quota, period: 100_000 }) } } }
  }))),
  container: {
    id: 'web-1', owner: `${ALLOC}/web/1`, labels: { [OWNER]: `${ALLOC}/web/1`, [ALLOC_ID]: ALLOC, ...labels }, snapshotter: 'overlayfs',
    runtime: { name: 'io.containerd.runc.v2', options: { _tag: 'None' } }, image: { name: 'x' }
  },
  runtimeLabels: {}, files: {}, pins: {}, ...(io === undefined ? {} : { io })
})

const place = (task: object = {}, group: object = {}, job: object = {}): Job.Place => {
  const [one] = Job.placesOf(rightOf(Job.decode({ ID: 'shop', TaskGroups: [{ Name: 'front', Tasks: [{ Name: 'web', Driver: 'containerd-driver', Config: { image: 'x' }, ...task }], ...group }], ...job })))
  if (one === undefined) throw new Error('no task')
  return one
}

const linuxOf = (allocation: unknown): unknown => (allocation as { readonly resources: { readonly linuxResources: unknown } }).resources.linuxResources

it('identity, directories and output are those of the container', () => {
  const made = documentsOf(place(), live({ env: ['NOMAD_NAMESPACE=prod', `NOMAD_ALLOC_ID=${ALLOC}`], labels: { [`${NOMAD}node_name`]: 'n1', [`${NOMAD}node_id`]: 'id1' } })).documents.allocation
  expect(made).toMatchObject({
    id: `${ALLOC}/web/1`, allocId: ALLOC, name: 'web', allocDir: `/srv/nomad/${ALLOC}`, nodeName: 'n1', nodeId: 'id1', namespace: 'prod', jobId: 'shop', taskGroupName: 'front',
    stdoutPath: `/srv/nomad/${ALLOC}/alloc/logs/.web.stdout.fifo`, stderrPath: `/srv/nomad/${ALLOC}/alloc/logs/.web.stderr.fifo`, env: { NOMAD_ALLOC_ID: ALLOC, NOMAD_NAMESPACE: 'prod' }
  })
  expect(allocationOf(made, live({ io: { stdout: '/o', stderr: '/e', terminal: false } }))).toMatchObject({ stdoutPath: '/o', stderrPath: '/e' })
  expect(allocationOf(made, live({ io: { stdout: '/o', stderr: '', terminal: true } }))).toMatchObject({ stdoutPath: '/o', stderrPath: `/srv/nomad/${ALLOC}/alloc/logs/.web.stderr.fifo` })
})

it.each([
  ['a scope of v2', '/nomad.slice/share.slice/x.scope', '/sys/fs/cgroup/nomad.slice/share.slice/x.scope'],
  ['a parent of v1', '/clients/nomad/web-1', '/sys/fs/cgroup/cpuset/clients/nomad/share'],
  ["the driver's own", '/nomad/web-1', ''],
  ['none', '', '']
])('the cgroup: %s', (_what, cgroupsPath, cpusetCgroup) => {
  expect(linuxOf(documentsOf(place(), live({ cgroupsPath })).documents.allocation)).toMatchObject({ cpusetCgroup })
})

it('which cores, and their MHz, are the client\'s choice; how many is the job\'s', () => {
  const of = (Cores: number): unknown => linuxOf(documentsOf(place({ Resources: { Cores } }), live({ cpus: '2-3', env: ['NOMAD_CPU_LIMIT=6200', 'NOMAD_CPU_CORES=2-3'] })).documents.allocation)
  expect(of(2)).toMatchObject({ cpusetCpus: '2-3', cpuShares: 6200 })
  expect(of(3)).toMatchObject({ cpusetCpus: '0,1,2', cpuShares: 6000 })
  expect(linuxOf(documentsOf(place({ Resources: { CPU: 300 } }), live({ cpus: '2-3', env: ['NOMAD_CPU_LIMIT=200'] })).documents.allocation)).toMatchObject({ cpusetCpus: '', cpuShares: 300 })
})

it("the part of all CPU is what the client reckoned, and changes with the job's MHz", () => {
  const ran = live({ quota: 25_000 * CORES, env: ['NOMAD_CPU_LIMIT=500'] })
  const partOf = (CPU: number): number => (linuxOf(documentsOf(place({ Resources: { CPU } }), ran).documents.allocation) as { readonly PercentTicks: number }).PercentTicks
  expect(Math.floor(partOf(500) * 100_000)).toBe(25_000)
  expect(partOf(1000)).toBeCloseTo(0.5, 4)
  expect(linuxOf(documentsOf(place(), live({ env: ['NOMAD_CPU_LIMIT=500'] })).documents.allocation)).not.toHaveProperty('PercentTicks')
})

it('the namespace of the group is the container\'s; a job that has none now keeps none, and a container that has none gets none', () => {
  const bridge = place({}, { Networks: [{ Mode: 'bridge' }] })
  expect(documentsOf(bridge, live({ netns: '/var/run/netns/x' })).documents.allocation).toMatchObject({ networkIsolationSpec: { mode: 'GROUP', path: '/var/run/netns/x' } })
  expect(documentsOf(place(), live({ netns: '/var/run/netns/x' })).documents.allocation).not.toHaveProperty('networkIsolationSpec')
  expect(documentsOf(bridge, live({})).documents.allocation).toMatchObject({ networkIsolationSpec: { path: expect.stringContaining('/var/run/netns/00000000') as string } })
})

it('the environment: what a client knows is the container\'s, what the job says is the job\'s', () => {
  const env = [
    'NOMAD_ALLOC_INDEX=4', 'NOMAD_PORT_http=8080', 'NOMAD_MEMORY_LIMIT=1', 'NOMAD_CPU_LIMIT=2', 'NOMAD_META_owner=old', 'NOMAD_REGION=eu', 'NOMAD_NAMESPACE=prod', 'NOMAD_DC=dc9',
    'VAULT_TOKEN=s', 'GREETING=x', 'PATH=/bin'
  ]
  const known = knownOf(place({ Env: { NOMAD_PORT_http: 'own' }, Resources: { CPU: 200, MemoryMB: 64 } }, {}, { Namespace: 'default', Meta: { owner: 'new' } }), live({ env }))
  expect(known).toEqual({
    NOMAD_ALLOC_INDEX: '4', NOMAD_MEMORY_LIMIT: '64', NOMAD_CPU_LIMIT: '200', NOMAD_META_owner: 'new', NOMAD_META_OWNER: 'new', NOMAD_REGION: 'eu', NOMAD_NAMESPACE: 'default', NOMAD_DC: 'dc9',
    NOMAD_GROUP_NAME: 'front', NOMAD_TASK_NAME: 'web', NOMAD_JOB_ID: 'shop', NOMAD_JOB_NAME: 'shop', VAULT_TOKEN: 's'
  })
})

it('references are expanded with what the client knew', () => {
  const made = documentsOf(place({ Config: { image: 'x', args: ['${NOMAD_PORT_http}', '${attr.x}'] } }, { Networks: [{ DynamicPorts: [{ Label: 'http' }] }] }), live({ env: ['NOMAD_PORT_http=8080', 'NOMAD_HOST_PORT_http=23456'] }))
  expect(made.documents.task).toMatchObject({ args: ['8080', '${attr.x}'] })
  expect(made.documents.allocation).toMatchObject({ resources: { ports: [{ label: 'http', value: 23_456 }] } })
  expect(made.notices.map(({ at }) => pathText(at))).toEqual(['task.args[1]'])
})

it('volumes come from where the container has them; one that it has not is told', () => {
  const VolumeMounts = [{ Volume: 'data', Destination: '/srv' }, { Volume: 'gone', Destination: '/gone' }]
  const made = documentsOf(place({ VolumeMounts }), live({ mounts: [{ destination: '/srv', source: '/mnt/data', options: ['rbind', 'rshared', 'rw'] }] }))
  expect(made.documents.allocation).toMatchObject({ mounts: [{ taskPath: '/srv', hostPath: '/mnt/data', readonly: false, propagationMode: 'bidirectional' }] })
  expect(documentsOf(place({ VolumeMounts }), live({})).notices.map(({ at }) => pathText(at))).toEqual(['volume_mount'])
})

it.each([
  ['the name that Nomad gave', { addresses: ['172.26.64.3'], names: ['job-s', 'own'] }, [], 0, { address: '172.26.64.3', hostname: 'own' }],
  ['the same before the job\'s lines', { addresses: ['fd00::3'], names: ['own'] }, [{ address: '10.0.0.7', name: 'db' }], 1, { address: 'fd00::3', hostname: 'own' }],
  ['the job\'s lines alone', { addresses: [], names: [] }, [{ address: '10.0.0.7', name: 'db' }], 1, undefined],
  ['its own name, and no address', { addresses: ['127.0.1.1'], names: ['web-1'] }, [], 0, undefined]
] as const)('/etc/hosts holds %s', (_what, own, extra, many, expected) => {
  const container = live({}).container
  expect(hostsConfigOf({ container, spec: live({}).spec, files: { '/state/web-1/hosts': hostsFile(own, extra), '/state/web-1/resolv.conf': 'nameserver 1.1.1.1\n' } }, many)).toEqual(expected)
})

it('a container of another client has no identity, and its spec is read all the same', () => {
  expect(identityOf({ 'io.kubernetes.pod': 'x' })).toBeUndefined()
  const spec = rightOf(parseSpec('{"process":{"args":["sh"]},"mounts":[{"destination":"/proc"}],"linux":{}}'))
  expect(allocationOf({ id: 'a' }, { spec, container: { ...live({}).container, labels: {} }, runtimeLabels: {}, files: {}, pins: {} })).toMatchObject({ id: 'a', allocDir: '' })
  for (const bad of ['{', '[]', '{}', '{"process":{"args":["x"]},"mounts":[{}],"linux":{}}']) expect(parseSpec(bad)).toHaveProperty('left')
})
