import * as E from 'fp-ts/Either'

import * as Allocation from '../../../src/core/decode/Allocation'
import { none } from '../../../src/core/facts/Facts'
import { sampleFacts } from '../../../src/core/facts/sampleFacts'
import { empty } from '../../../src/core/image/ImageConfig'
import * as Job from '../../../src/core/job/Job'
import { planStop } from '../../../src/core/plan/planStop'
import { issues as spoken } from '../../../src/core/report/explain'
import { questionsOf } from '../../../src/core/resolve/questionsOf'
import * as Request from '../../../src/core/resolve/Request'
import { translate } from '../../../src/core/translate'
import { execute } from '../../../src/effects/ports/execute'
import { World } from '../../fakes/World'

/** Mistakes that random input once found. Each stays here so that it is made only once. */

type Some = Readonly<Record<string, unknown>>

const issuesOf = (task: Some, allocation: Some, image: Some = {}): string => {
  const documents = {
    task: { image: 'busybox:1', command: 'true', ...task },
    plugin: { containerd_runtime: 'io.containerd.runc.v2' },
    allocation: { id: 'a/web/1', name: 'web', allocDir: '/var/lib/nomad/alloc/a', ...allocation }
  }
  const request = Request.decode(documents)
  if (E.isLeft(request)) return spoken(request.left)
  const compiled = translate(request.right, sampleFacts(questionsOf(request.right), none, { ...empty, ...image }))
  return E.isLeft(compiled) ? spoken(compiled.left) : 'compiles'
}

describe('what must not compile does not', () => {
  it.each<readonly [string, Some, Some, Some, string]>([
    ['a device whose name every object has', {}, { devices: [{ hostPath: 'constructor', taskPath: '/dev/x' }] }, {}, 'is no device of this host'],
    ['two mounts of Nomad at one place', {}, { mounts: [{ taskPath: '/d', hostPath: '/1' }, { taskPath: '/d/', hostPath: '/2' }] }, {}, 'is a place where Nomad mounts something else too'],
    ['a mount of Nomad over the root', {}, { mounts: [{ taskPath: '', hostPath: '/1' }] }, {}, 'must not be the root of the container'],
    ['a mount of Nomad below /proc', {}, { mounts: [{ taskPath: '/proc', hostPath: '/1' }] }, {}, 'must not lie below /proc'],
    ['a task directory at the root', {}, { env: { NOMAD_TASK_DIR: '/' } }, {}, 'must not be the root of the container'],
    ['a NUL byte in the image\'s environment', {}, {}, { env: ['A=b\u0000c'] }, 'must not contain a NUL byte'],
    ['a NUL byte in the image\'s command', { command: null }, {}, { cmd: ['a\u0000b'] }, 'NUL byte in its command'],
    ['a NUL byte in the image\'s directory', {}, {}, { cwd: '/a\u0000' }, 'has a NUL byte'],
    ['a fraction of a megabyte', {}, { resources: { allocatedResources: { memory: { memoryMb: 0.3 } } } }, {}, 'must be a whole number'],
    ['an allocation at the root of the host', {}, { allocDir: '/' }, {}, 'must be an absolute path, and not the root'],
    ['a task whose name is a path', {}, { name: '/etc' }, {}, 'must be a name without a slash'],
    ['a user in three parts', {}, { user: '0:0:0' }, {}, 'must be `user`, `user:group`'],
    ['a pull that outlives every timer', { image_pull_timeout: '1000h' }, {}, {}, 'must be at most 24 days']
  ])('%s', (_name, task, allocation, image, reason) => {
    expect(issuesOf(task, allocation, image)).toContain(reason)
  })
})

describe('a refusal shows no secret', () => {
  it.each([['two blocks', [{ username: 'u', password: 's3cret' }, {}]], ['a text', 'u:s3cret']])('auth as %s', (_name, auth) => {
    expect(issuesOf({ auth }, {})).toContain('task.auth = "(redacted)"')
    expect(issuesOf({ auth }, {})).not.toContain('s3cret')
  })

  it('a job whose env holds a number', () => {
    const job = { ID: 'j', TaskGroups: [{ Name: 'g', Tasks: [{ Name: 't', Driver: 'd', Env: { DB_PASSWORD: 's3cret', PORT: 8080 } }] }] }
    const outcome = Job.decode(job)
    expect(E.isLeft(outcome) ? spoken(outcome.left) : '').toBe('job.TaskGroups.Tasks.Env.PORT: is not what a Nomad job has there\n')
  })

  it('the raw config of the task message is dropped', () => {
    const outcome = Allocation.codec.decode({ id: 'a', name: 't', allocDir: '/a', msgpackDriverConfig: Buffer.from('s3cret') })
    expect(E.isRight(outcome) && outcome.right.msgpackDriverConfig).toBeUndefined()
  })
})

it('a stop goes on when its signal could not be sent', async () => {
  const world = World({ troubles: [{ _tag: 'Refuse', step: 0, failure: 'Unavailable' }] })
  const report = await execute(world, planStop('me', 'x', 15, 1))
  expect(world.calls.log).toEqual(['SendSignal x', 'AwaitExit x'])
  expect(report).toMatchObject({ _tag: 'Stopped', failures: [{ act: 'SendSignal', failure: { _tag: 'Unavailable' } }] })
})
