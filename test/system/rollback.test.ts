import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

import * as TE from 'fp-ts/TaskEither'

import { Compiled } from '../../src/core/compile/Compiled'
import { Failure } from '../../src/core/domain/Failure'
import { planStart } from '../../src/core/plan/plans'
import { Act } from '../../src/core/plan/Step'
import { questionsOf } from '../../src/core/resolve/questionsOf'
import * as Request from '../../src/core/resolve/Request'
import { translate } from '../../src/core/translate'
import { answer } from '../../src/effects/answer'
import { connect, Containerd } from '../../src/effects/containerd/Containerd'
import { machine } from '../../src/effects/machine'
import { execute } from '../../src/effects/ports/execute'
import { Machine, Materials, Performing } from '../../src/effects/ports/Machine'
import { Looker } from '../../src/effects/ports/Reads'
import { systemClock } from '../../src/effects/ports/systemClock'
import { Allocation, makeAllocation } from './harness/allocation'
import { IMAGE, importBusybox } from './harness/busybox'
import { PrivateContainerd, startContainerd } from './harness/containerd'
import { settled } from './harness/leftovers'
import { right } from './harness/right'

let daemon: PrivateContainerd
let containerd: Containerd

beforeAll(async () => {
  daemon = await startContainerd()
  containerd = connect(daemon.address, daemon.namespace)
  await importBusybox(containerd)
}, 60_000)

afterAll(async () => {
  containerd.close()
  await daemon.stop()
})

const made: Array<Allocation> = []

const allocated = (): Allocation => {
  const one = makeAllocation({ config: {} })
  made.push(one)
  return one
}

afterEach(() => { for (const one of made.splice(0)) one.remove() })

const compiledFor = async ({ config: { msgpackDriverConfig: _config, ...allocation } }: Allocation): Promise<Compiled> => {
  const task = { image: IMAGE, command: 'sleep', args: ['1000'], extra_hosts: ['db:10.0.0.7'] }
  const plugin = { containerd_runtime: 'io.containerd.runc.v2', state_dir: join(daemon.directory, 'files') }
  const request = right(Request.decode({ task, plugin, allocation }))
  return right(translate(request, right(await answer(containerd, questionsOf(request), new Map(), Looker('rollback'))())))
}

const how = (materials: Materials): Performing => ({ owner: 'me', materials, outputs: {}, signal: new AbortController().signal })

type Trouble = 'refused' | 'reply lost' | 'thrown'

/** The real machine with one act that goes wrong: not done, done with its answer lost, or a bug. */
const troubled = (real: Machine, step: number, trouble: Trouble): Machine => {
  let count = -1
  return {
    ...real,
    perform: (act, how) => {
      count += 1
      if (count !== step) return real.perform(act, how)
      switch (trouble) {
        case 'refused':
          return TE.left(Failure('Denied', act._tag, 'refused'))
        case 'reply lost':
          return TE.chain(() => TE.left(Failure('Unavailable', act._tag, 'reply lost')))(real.perform(act, how))
        case 'thrown':
          return () => Promise.reject(new Error('a bug'))
      }
    }
  }
}

const STEPS = ['CreateContainer', 'WriteFile', 'PrepareSnapshot', 'InspectPaths', 'CreateTask', 'StartTask']
const TROUBLES: ReadonlyArray<Trouble> = ['refused', 'reply lost', 'thrown']

describe('a start that fails leaves containerd and the kernel as they were', () => {
  it.each(STEPS.flatMap((step, index) => TROUBLES.map((trouble) => [step, trouble, index] as const)))(
    '%s: %s', async (step, trouble, index) => {
      const allocation = allocated()
      const compiled = await compiledFor(allocation)
      const plan = planStart(compiled)
      expect(plan.steps.map(({ act }) => act._tag)).toEqual(STEPS)
      const report = await execute({ machine: troubled(machine(containerd), index, trouble), clock: systemClock }, plan, { materials: { compiled } })
      expect(report).toMatchObject({ _tag: 'RolledBack', step: plan.steps[index]?.id, leftovers: [] })
      expect(report._tag === 'RolledBack' && report.cause.doing.length > 0).toBe(true)
      expect(await settled(containerd)).toEqual([])
      expect(existsSync(join(daemon.directory, 'files')) ? readdirSync(join(daemon.directory, 'files')) : []).toEqual([])
      expect(plan.steps[index]?.act._tag).toBe(step)
    }
  )
})

describe('a file of a container', () => {
  const planned = async (): Promise<{ readonly compiled: Compiled; readonly act: Act<'WriteFile'> }> => {
    const compiled = await compiledFor(allocated())
    const act = planStart(compiled).steps.flatMap((step) => (step.act._tag === 'WriteFile' ? [step.act] : []))[0]
    if (act === undefined) throw new Error('the plan writes no file')
    return { compiled, act }
  }

  it('is not written through a link in the place of its directory, and nothing is removed through one', async () => {
    const { compiled, act } = await planned()
    const elsewhere = join(daemon.directory, 'elsewhere')
    mkdirSync(elsewhere)
    mkdirSync(dirname(dirname(act.path)), { recursive: true })
    symlinkSync(elsewhere, dirname(act.path))
    expect(await machine(containerd).perform(act, how({ compiled }))()).toMatchObject({ left: { _tag: 'Denied', detail: expect.stringContaining('is no directory of this user') as string } })
    writeFileSync(join(elsewhere, 'hosts'), 'another\'s')
    expect(await machine(containerd).revert({ _tag: 'RemoveFile', path: act.path }, how({}))()).toMatchObject({ _tag: 'Right' })
    expect(readdirSync(elsewhere)).toEqual(['hosts'])
    rmSync(dirname(act.path))
  })

  it('takes the place of a link of its name, and of what a crash left', async () => {
    const { compiled, act } = await planned()
    const stranger = join(daemon.directory, 'stranger')
    writeFileSync(stranger, 'another\'s')
    mkdirSync(dirname(act.path), { recursive: true })
    symlinkSync(stranger, act.path)
    symlinkSync(stranger, `${act.path}.new`)
    expect(await machine(containerd).perform(act, how({ compiled }))()).toMatchObject({ _tag: 'Right' })
    expect([readFileSync(stranger, 'utf8'), readFileSync(act.path, 'utf8')]).toEqual(['another\'s', expect.stringContaining('10.0.0.7 db')])
    for (const _twice of [1, 2]) expect(await machine(containerd).revert({ _tag: 'RemoveFile', path: act.path }, how({}))()).toMatchObject({ _tag: 'Right' })
    expect(existsSync(dirname(act.path))).toBe(false)
  })

  it('is not written when the plan names another text', async () => {
    const { compiled, act } = await planned()
    expect(await machine(containerd).perform({ ...act, text: { _tag: 'Known', digest: 'sha256:other' } }, how({ compiled }))()).toMatchObject({ left: { _tag: 'Invalid' } })
    expect(await machine(containerd).perform(act, how({}))()).toMatchObject({ left: { _tag: 'Invalid' } })
    expect(existsSync(dirname(act.path))).toBe(false)
  })
})
