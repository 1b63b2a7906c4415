import { readFileSync } from 'node:fs'

import { connect, Containerd } from '../../src/effects/containerd/Containerd'
import { WaitTaskResponse } from '../../src/generated/nomad/driver'
import { makeAllocation } from './harness/allocation'
import { IMAGE, importBusybox } from './harness/busybox'
import { PrivateContainerd, startContainerd } from './harness/containerd'
import { settled } from './harness/leftovers'
import { ask, launch } from './harness/plugin'

jest.setTimeout(60_000)

// containerd's units of distributions set it; its shims have one more, and what they start has theirs.
describe.each([300, 700])('with a containerd whose oom_score_adj is %i', (score) => {
  let daemon: PrivateContainerd
  let containerd: Containerd

  beforeAll(async () => {
    daemon = await startContainerd(undefined, `oom_score = ${String(score)}`)
    containerd = connect(daemon.address, daemon.namespace)
    await importBusybox(containerd)
    expect(readFileSync(`/proc/${String(daemon.pid())}/oom_score_adj`, 'utf8').trim()).toBe(String(score))
  }, 60_000)

  afterAll(async () => {
    containerd.close()
    await daemon.stop()
  })

  it.each([
    ['0', {}, {}],
    ['250', { oom_score_adj: 250 }, {}],
    ['120', {}, { oom_score_adj: 120 }]
  ])('a task has %s where the job says %j and the operator %j', async (expected, job, operator) => {
    const plugin = await launch({ containerd_runtime: 'io.containerd.runc.v2', address: daemon.address, namespace: daemon.namespace, ...operator })
    const one = makeAllocation({ config: { image: IMAGE, command: 'cat', args: ['/proc/self/oom_score_adj'], ...job } })
    try {
      const { id } = one.config
      await ask((done) => plugin.driver.startTask({ task: one.config }, done))
      expect((await ask<WaitTaskResponse>((done) => plugin.driver.waitTask({ taskId: id }, done))).result?.exitCode).toBe(0)
      await one.outputEnds
      await ask((done) => plugin.driver.destroyTask({ taskId: id, force: true }, done))
      expect([one.stdout().trim(), await settled(containerd)]).toEqual([expected, []])
    } finally {
      one.remove()
      await plugin.kill()
    }
  })
})
