import * as E from 'fp-ts/Either'

import { inJobFile, pathText } from '../../../src/core/domain/DocumentPath'
import { decode, Place, placesOf } from '../../../src/core/job/Job'
import { toDocuments } from '../../../src/core/job/toDocuments'
import { rightOf } from '../../../src/testing/facts'

const job = {
  ID: 'shop', Name: 'Shop', Datacenters: ['*', 'dc7'], Meta: { 'a.b': '1' },
  TaskGroups: [
    {
      Name: 'front', Networks: null, Meta: null,
      Tasks: [
        {
          Name: 'web', Driver: 'containerd-driver', Env: { GREETING: 'hi ${NOMAD_TASK_NAME}', TOKEN: '${attr.x}' }, User: 'app', Meta: null,
          Config: {
            image: 'redis:7', args: [1, '${GREETING}'], host_network: 'true', auth: [{ username: 'bob', password: 'p' }],
            mounts: [{ type: 'tmpfs', target: '/${NOMAD_TASK_NAME}' }]
          },
          Resources: { CPU: 500, MemoryMB: 256, MemoryMaxMB: 512, Cores: null }
        },
        { Name: 'log', Driver: 'raw_exec', Config: null }
      ]
    },
    { Name: 'empty', Tasks: null }
  ]
}

const placeOf = (given: unknown, index = 0): Place => {
  const place = placesOf(rightOf(decode(given)))[index]
  if (place === undefined) throw new Error('no such task')
  return place
}

it('every task of every group is found, in the order of the file', () => {
  expect(placesOf(rightOf(decode(job))).map(({ group, task }) => `${group.Name}/${task.Name}`)).toEqual(['front/web', 'front/log'])
})

it('a job may stand under "Job", as `nomad job run -output` writes it', () => { expect(decode({ Job: job })).toEqual(decode(job)) })

it.each<readonly [string, unknown, string]>([
  ['no id', {}, 'job.ID'], ['a group without a name', { ID: 'x', TaskGroups: [{}] }, 'job.TaskGroups.Name'], ['a text', 'x', 'job'], ['null', null, 'job'],
  ['a task whose driver is a number', { ID: 'x', TaskGroups: [{ Name: 'g', Tasks: [{ Name: 't', Driver: 1 }] }] }, 'job.TaskGroups.Tasks.Driver']
])('a job with %s is refused where it stands', (_what, given, at) => {
  const outcome = decode(given)
  expect(E.isLeft(outcome) && outcome.left.map((issue) => pathText(issue.at))).toContain(at)
})

describe('a task of a job is what the driver would receive', () => {
  const { documents, notices } = toDocuments(placeOf(job))
  const allocation = documents.allocation as Readonly<Record<string, unknown>>

  it("its config has the driver's types and no references", () => {
    expect(documents.task).toEqual({
      image: 'redis:7', args: ['1', 'hi web'], host_network: true, auth: { username: 'bob', password: 'p' }, mounts: [{ type: 'tmpfs', target: '/web' }]
    })
  })

  it('its environment is Nomad\'s and its own', () => {
    expect(allocation['env']).toMatchObject({
      GREETING: 'hi web', TOKEN: '${attr.x}', NOMAD_TASK_NAME: 'web', NOMAD_GROUP_NAME: 'front', NOMAD_JOB_ID: 'shop', NOMAD_JOB_NAME: 'Shop', NOMAD_DC: 'dc7',
      NOMAD_META_a_b: '1', NOMAD_META_A_B: '1', NOMAD_CPU_LIMIT: '500', NOMAD_MEMORY_LIMIT: '256', NOMAD_MEMORY_MAX_LIMIT: '512', NOMAD_ALLOC_NAME: 'Shop.front[0]'
    })
    expect(allocation['env']).not.toHaveProperty('NOMAD_CPU_CORES')
  })

  it('its resources are what the job asks for', () => {
    expect(allocation['resources']).toEqual({
      allocatedResources: { cpu: { cpuShares: 500 }, memory: { memoryMb: 256, memoryMaxMb: 512 } },
      linuxResources: {
        cpuShares: 500, memoryLimitBytes: 512 * 1024 * 1024, cpusetCpus: '',
        cpusetCgroup: '/sys/fs/cgroup/nomad.slice/share.slice/00000000-0000-4000-8000-000000000001.web.scope'
      },
      ports: []
    })
  })

  it('its ports are those of the group: reserved as they are, dynamic ones from 20000 on', () => {
    const Networks = [{ Mode: 'bridge', ReservedPorts: [{ Label: 'lb', Value: 8889, To: 8889 }], DynamicPorts: [{ Label: 'http', To: 8080 }, { Label: 'admin' }] }]
    const { documents } = toDocuments({ job: { ID: 'shop' }, group: { Name: 'front', Networks }, task: { Name: 'web', Driver: 'containerd-driver', Config: {} } })
    expect(documents.allocation).toMatchObject({ resources: { ports: [
      { label: 'lb', value: 8889, to: 8889 }, { label: 'http', value: 20_000, to: 8080 }, { label: 'admin', value: 20_001, to: 0 }
    ] } })
  })

  it('and what only a Nomad client knows is said', () => {
    expect(notices).toEqual([{ at: inJobFile('env', 'TOKEN'), text: '${attr.x} is known only on a Nomad client; it stays as written' }])
    expect(allocation['user']).toBe('app')
    expect(allocation).not.toHaveProperty('networkIsolationSpec')
  })
})

it('a task that says nothing gets Nomad\'s defaults', () => {
  const { documents } = toDocuments(placeOf(job, 1))
  expect(documents.task).toEqual({})
  expect(documents.allocation).toMatchObject({ user: '', resources: { allocatedResources: { cpu: { cpuShares: 100 }, memory: { memoryMb: 300, memoryMaxMb: 0 } } } })
})

it('reserved cores are the first ones of the sample host', () => {
  const task = { Name: 'web', Driver: 'd', Resources: { Cores: 2 } }
  const { documents } = toDocuments(placeOf({ ID: 'x', TaskGroups: [{ Name: 'g', Tasks: [task] }] }))
  expect(documents.allocation).toMatchObject({ env: { NOMAD_CPU_CORES: '0,1' }, resources: { linuxResources: { cpuShares: 4000, cpusetCpus: '0,1' } } })
})

it.each([['bridge', true], ['cni/mynet', true], ['host', false], ['', false], [null, false]])('a group with network mode %j is isolated: %s', (Mode, isolated) => {
  const { documents, notices } = toDocuments(placeOf({ ID: 'x', TaskGroups: [{ Name: 'g', Networks: [{ Mode }], Tasks: [{ Name: 't', Driver: 'd' }] }] }))
  expect(Object.hasOwn(documents.allocation as object, 'networkIsolationSpec')).toBe(isolated)
  expect(notices).toEqual([])
})
