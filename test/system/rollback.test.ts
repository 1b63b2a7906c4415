import * as TE from 'fp-ts/TaskEither'

import { Compiled } from '../../src/core/compile/Compiled'
import { Failure } from '../../src/core/domain/Failure'
import { planStart } from '../../src/core/plan/plans'
import { questionsOf } from '../../src/core/resolve/questionsOf'
import * as Request from '../../src/core/resolve/Request'
import { translate } from '../../src/core/translate'
import { answer } from '../../src/effects/answer'
import { connect, Containerd } from '../../src/effects/containerd/Containerd'
import { machine } from '../../src/effects/containerd/machine'
import { execute } from '../../src/effects/execute'
import { Machine } from '../../src/effects/Machine'
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

const compiledFor = async ({ config: { msgpackDriverConfig: _config, ...allocation } }: Allocation): Promise<Compiled> => {
  const task = { image: IMAGE, command: 'sleep', args: ['1000'] }
  const request = right(Request.decode({ task, plugin: { containerd_runtime: 'io.containerd.runc.v2' }, allocation }))
  return right(translate(request, right(await answer(containerd, questionsOf(request), new Map(), 'rollback')())))
}

type Trouble = 'refused' | 'reply lost' | 'thrown'

/** The real machine with one act that goes wrong: not done, done with its answer lost, or a bug. */
const troubled = (real: Machine, step: number, trouble: Trouble): Machine => {
  let count = -1
  return {
    ...real,
    perform: (act, owner, materials) => {
      count += 1
      if (count !== step) return real.perform(act, owner, materials)
      switch (trouble) {
        case 'refused':
          return TE.left(Failure('Denied', act._tag, 'refused'))
        case 'reply lost':
          return TE.chain(() => TE.left(Failure('Unavailable', act._tag, 'reply lost')))(real.perform(act, owner, materials))
        case 'thrown':
          return () => Promise.reject(new Error('a bug'))
      }
    }
  }
}

const STEPS = ['HoldLease', 'PrepareSnapshot', 'CreateContainer', 'ReleaseLease', 'CreateTask', 'StartTask']
const TROUBLES: ReadonlyArray<Trouble> = ['refused', 'reply lost', 'thrown']

describe('a start that fails leaves containerd and the kernel as they were', () => {
  it.each(STEPS.flatMap((step, index) => TROUBLES.map((trouble) => [step, trouble, index] as const)))(
    '%s: %s', async (step, trouble, index) => {
      const allocation = makeAllocation({ config: {} })
      const compiled = await compiledFor(allocation)
      const plan = planStart(compiled)
      expect(plan.steps.map(({ act }) => act._tag)).toEqual(STEPS)
      const report = await execute(troubled(machine(containerd), index, trouble), plan, { compiled })
      expect(report).toMatchObject({ _tag: 'RolledBack', step: plan.steps[index]?.id, leftovers: [] })
      expect(report._tag === 'RolledBack' && report.cause.doing.length > 0).toBe(true)
      expect(await settled(containerd)).toEqual([])
      expect(plan.steps[index]?.act._tag).toBe(step)
      allocation.remove()
    }
  )
})
