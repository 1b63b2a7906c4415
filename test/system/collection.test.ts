import { join } from 'node:path'

import { undosOf } from '../../src/core/plan/Plan'
import { planStart } from '../../src/core/plan/plans'
import { questionsOf } from '../../src/core/resolve/questionsOf'
import * as Request from '../../src/core/resolve/Request'
import { translate } from '../../src/core/translate'
import { answer } from '../../src/effects/answer'
import { connect, Containerd } from '../../src/effects/containerd/Containerd'
import * as leases from '../../src/effects/containerd/leases'
import * as snapshots from '../../src/effects/containerd/snapshots'
import { machine } from '../../src/effects/machine'
import { execute, revertAll } from '../../src/effects/ports/execute'
import { Machine } from '../../src/effects/ports/Machine'
import { Looker } from '../../src/effects/ports/Reads'
import { systemClock } from '../../src/effects/ports/systemClock'
import { makeAllocation } from './harness/allocation'
import { IMAGE, importBusybox } from './harness/busybox'
import { PrivateContainerd, startContainerd } from './harness/containerd'
import { settled } from './harness/leftovers'
import { right } from './harness/right'

// Another containerd may be asked by putting its folder first on PATH.
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

/** Lets containerd collect now: what nothing names is gone when this resolves. */
const collect = async (): Promise<void> => {
  right(await leases.hold(containerd, 'collect', 'test', 60)())
  right(await leases.release(containerd, 'collect', true)())
}

/** The real machine, with a collection before each act and undo and after it. */
const collecting = (real: Machine): Machine => {
  const amid = <A>(act: () => Promise<A>) => async (): Promise<A> => {
    await collect()
    const answered = await act()
    await collect()
    return answered
  }
  return { perform: (act, how) => amid(real.perform(act, how)), revert: (undo, how) => amid(real.revert(undo, how)) }
}

it('a snapshot that nothing names is collected', async () => {
  const snapshot = { snapshotter: 'overlayfs', key: 'nameless' }
  right(await snapshots.prepare(containerd, { ...snapshot, parent: '' }, 'test')())
  expect(right(await snapshots.stat(containerd, snapshot)())).toBeDefined()
  await collect()
  expect(right(await snapshots.stat(containerd, snapshot)())).toBeUndefined()
})

it('a start loses nothing to a collection between any two steps, and an end leaves nothing', async () => {
  const allocation = makeAllocation({ config: {} })
  const { msgpackDriverConfig: _config, ...given } = allocation.config
  const task = { image: IMAGE, command: 'sh', args: ['-c', 'echo "it runs"; cat /etc/hosts; sleep 1000'], extra_hosts: ['db:10.0.0.7'] }
  const plugin = { containerd_runtime: 'io.containerd.runc.v2', state_dir: join(daemon.directory, 'files') }
  const request = right(Request.decode({ task, plugin, allocation: given }))
  const compiled = right(translate(request, right(await answer(containerd, questionsOf(request), new Map(), Looker('collection'))())))
  const plan = planStart(compiled)
  const workshop = { machine: collecting(machine(containerd)), clock: systemClock }
  try {
    const report = await execute(workshop, plan, { materials: { compiled } })
    expect(report._tag).toBe('Completed')
    await systemClock.sleep(500)
    expect(allocation.stdout()).toContain('it runs\n')
    expect(allocation.stdout()).toContain('10.0.0.7')
    const rootfs = { snapshotter: 'overlayfs', key: compiled.container.id }
    expect(right(await snapshots.stat(containerd, rootfs)())).toBeDefined()
    expect(await revertAll(workshop, plan.owner, undosOf(plan))).toEqual([])
    expect(await settled(containerd)).toEqual([])
  } finally {
    allocation.remove()
  }
})
