import * as E from 'fp-ts/Either'

import { inAllocation, inJobFile, inTask, pathText, placeIn } from '../../../src/core/domain/DocumentPath'
import { expandText } from '../../../src/core/job/interpolate'
import { decode, Group, JobTask, Place } from '../../../src/core/job/Job'
import { toDocuments } from '../../../src/core/job/toDocuments'

const ALLOC = '00000000-0000-4000-8000-000000000001'

const place = (task: Partial<JobTask> = {}, group: Partial<Group> = {}, job: Partial<Place['job']> = {}): Place =>
  ({ job: { ID: 'shop', ...job }, group: { Name: 'front', ...group }, task: { Name: 'web', Driver: 'd', ...task } })

const allocationOf = (...of: Parameters<typeof place>): Readonly<Record<string, unknown>> =>
  toDocuments(place(...of)).documents.allocation as Readonly<Record<string, unknown>>

it('a task of a job that says nothing has the names, paths and environment of the sample', () => {
  expect(toDocuments(place())).toEqual({
    documents: {
      task: {},
      allocation: {
        id: `${ALLOC}/web/00000000`, name: 'web', allocId: ALLOC, allocDir: `/var/lib/nomad/alloc/${ALLOC}`, jobName: 'shop', jobId: 'shop', taskGroupName: 'front', namespace: 'default',
        nodeId: '00000000-0000-4000-8000-000000000002', nodeName: 'sample', user: '',
        env: {
          NOMAD_ALLOC_DIR: '/alloc', NOMAD_TASK_DIR: '/local', NOMAD_SECRETS_DIR: '/secrets', NOMAD_ALLOC_ID: ALLOC, NOMAD_SHORT_ALLOC_ID: '00000000', NOMAD_ALLOC_INDEX: '0',
          NOMAD_ALLOC_NAME: 'shop.front[0]', NOMAD_CPU_LIMIT: '100', NOMAD_DC: 'dc1', NOMAD_GROUP_NAME: 'front', NOMAD_JOB_ID: 'shop', NOMAD_JOB_NAME: 'shop', NOMAD_MEMORY_LIMIT: '300',
          NOMAD_NAMESPACE: 'default', NOMAD_PARENT_CGROUP: 'nomad.slice', NOMAD_REGION: 'global', NOMAD_TASK_NAME: 'web'
        },
        stdoutPath: `/var/lib/nomad/alloc/${ALLOC}/alloc/logs/.web.stdout.fifo`, stderrPath: `/var/lib/nomad/alloc/${ALLOC}/alloc/logs/.web.stderr.fifo`,
        resources: {
          allocatedResources: { cpu: { cpuShares: 100 }, memory: { memoryMb: 300, memoryMaxMb: 0 } },
          linuxResources: { cpuShares: 100, memoryLimitBytes: 300 * 1024 * 1024, cpusetCpus: '', cpusetCgroup: `/sys/fs/cgroup/nomad.slice/share.slice/${ALLOC}.web.scope` },
          ports: []
        }
      }
    },
    notices: [],
    spread: {}
  })
})

it('what a job says is in the message: its names, cores, memory and meta', () => {
  const made = allocationOf(
    { Resources: { Cores: 2, MemoryMB: 10, MemoryMaxMB: 20 }, Meta: { both: 'task', 'a-b': '1' } }, { Meta: { both: 'group', g: '2' } },
    { Name: 'Shop', Namespace: 'ns', Region: 'eu', Datacenters: ['eu-*', 'eu1'], Meta: { both: 'job', j: '3' } }
  )
  expect(made).toMatchObject({
    jobName: 'Shop', namespace: 'ns',
    resources: { linuxResources: { cpuShares: 4000, memoryLimitBytes: 20 * 1024 * 1024, cpusetCpus: '0,1', cpusetCgroup: `/sys/fs/cgroup/nomad.slice/reserve.slice/${ALLOC}.web.scope` } },
    env: {
      NOMAD_ALLOC_NAME: 'Shop.front[0]', NOMAD_JOB_NAME: 'Shop', NOMAD_NAMESPACE: 'ns', NOMAD_REGION: 'eu', NOMAD_DC: 'eu1', NOMAD_CPU_CORES: '0,1', NOMAD_MEMORY_MAX_LIMIT: '20',
      NOMAD_META_both: 'task', NOMAD_META_BOTH: 'task', NOMAD_META_a_b: '1', NOMAD_META_A_B: '1', NOMAD_META_g: '2', NOMAD_META_j: '3'
    }
  })
})

it('the environment of the job is expanded in its config and user, and what stays as written is told where it stands', () => {
  const { documents, notices, spread } = toDocuments(place({ Env: { A: 'x${NOMAD_TASK_NAME}', B: '${b}', C: 'c' }, Config: { image: '${A}', args: ['${c}', '$${C}', '${env.B}'] }, User: '${A}${u}' }))
  expect(spread).toEqual({ A: 'xweb', B: '${b}' })
  expect(documents.unknown).toEqual([{ at: inTask('args', 0), name: '${c}' }, { at: inJobFile('env', 'B'), name: '${b}' }, { at: inAllocation('user'), name: '${u}' }])
  expect(documents.task).toEqual({ image: 'xweb', args: ['${c}', '${C}', '${b}'] })
  expect(documents.allocation).toMatchObject({ user: 'xweb${u}', env: { A: 'xweb', B: '${b}' } })
  expect(notices.map(({ at, text }) => `${pathText(at)}: ${text.slice(0, 4)}`)).toEqual(['task.args[0]: ${c}', 'env.B: ${b}', 'allocation.user: ${u}'])
})

it.each([
  [undefined, false], [[], false], [[{}], false], [[{ Mode: 'host' }], false], [[{ Mode: '' }], false], [[{ Mode: 'bridge' }, { Mode: 'host' }], true], [[{ Mode: 'none' }], true]
])('with networks %j the task is in a network of the group: %s', (Networks, isolated) => {
  expect(allocationOf({}, { Networks })['networkIsolationSpec']).toEqual(isolated ? { mode: 'GROUP', path: `/var/run/netns/${ALLOC}` } : undefined)
})

it.each([
  [undefined, undefined], [null, undefined], [{}, { servers: [], searches: [], options: [] }], [{ Servers: ['1'], Searches: ['2'], Options: ['3'] }, { servers: ['1'], searches: ['2'], options: ['3'] }],
  [{ Servers: null }, { servers: [], searches: [], options: [] }]
])('the name servers %j of the group are %j', (DNS, dns) => {
  expect(allocationOf({}, { Networks: [{ ...(DNS === undefined ? {} : { DNS }) }] })['dns']).toEqual(dns)
})

it('ports without a number of their own are 0', () => {
  const Networks = [{ ReservedPorts: [{ Label: 'a' }] }, { DynamicPorts: [{ Label: 'b' }] }, { ReservedPorts: null, DynamicPorts: null }]
  expect(allocationOf({}, { Networks })).toMatchObject({ resources: { ports: [{ label: 'a', value: 0, to: 0 }, { label: 'b', value: 20_000, to: 0 }] } })
})

it('what only a client knows is told', () => {
  const { notices } = toDocuments(place({ VolumeMounts: [{}], Resources: { Devices: [{}] } }, { Networks: [{ DynamicPorts: [{ Label: 'a' }] }] }))
  expect(notices).toEqual([
    { at: inJobFile('network'), text: 'ports and addresses are given by Nomad; their NOMAD_ variables are not in this environment' },
    { at: inJobFile('volume_mount'), text: 'what Nomad mounts for it is known only on a client; it is not in this spec' },
    { at: inJobFile('resources', 'device'), text: 'what a device plugin gives is known only on a client; it is not in this spec' }
  ])
})

it.each([['$${NOPE}', '${NOPE}', 0], ['${A b}', '${A b}', 1], ['${b A}', '${b A}', 1], ['${ env.A }', 'x', 0]])('the text %j is %j, with %d unknown references', (text, value, count) => {
  const made = expandText(text, { A: 'x' })
  expect([made.value, made.unknown.length]).toEqual([value, count])
})

it('a job that is none is told without a value', () => {
  expect(decode({ ID: 'x', TaskGroups: [{ Name: 5 }] })).toEqual(E.left([{ _tag: 'WrongType', at: placeIn('job', 'TaskGroups', 'Name'), reason: 'is not what a Nomad job has there' }]))
})

it.each([['bridge', 'web-1', 1], ['', 'web-1', 1], ['bridge', '', 0]])('a group network of mode "%s" with the hostname "%s" is told of, as Nomad refuses it', (Mode, Hostname, count) => {
  const notices = toDocuments(place({}, { Networks: [{ Mode, Hostname }] })).notices.filter(({ at }) => pathText(at) === 'network.hostname')
  expect(notices).toHaveLength(count)
  for (const { text } of notices) expect(text).toMatch(/^Nomad refuses an allocation with it .* use `hostname` of the task/)
})
