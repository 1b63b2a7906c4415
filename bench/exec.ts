import { connect } from '../src/effects/containerd/Containerd'
import { ExecTaskResponse, StartTaskResponse } from '../src/generated/nomad/driver'
import { makeAllocation } from '../test/system/harness/allocation'
import { IMAGE, importBusybox } from '../test/system/harness/busybox'
import { startContainerd } from '../test/system/harness/containerd'
import { ask, launch } from '../test/system/harness/plugin'
import { GoClient, inTurn, Pairs } from './GoClient'
import { timed } from './measure'

const ROUNDS = 100
const WARM = 10

/** `/bin/true` in one task: by ExecTask, and by containerd's own Go client in a warm process, in turn. */
export const execTimes = async (): Promise<Pairs> => {
  const daemon = await startContainerd()
  const containerd = connect(daemon.address, daemon.namespace)
  await importBusybox(containerd)
  const plugin = await launch({ containerd_runtime: 'io.containerd.runc.v2', address: daemon.address, namespace: daemon.namespace })
  const one = makeAllocation({ config: { image: IMAGE, command: 'sleep', args: ['1000'] } })
  const { handle } = await ask<StartTaskResponse>((done) => plugin.driver.startTask({ task: one.config }, done))
  const { containerId } = JSON.parse(Buffer.from(handle?.driverState ?? []).toString()) as { readonly containerId: string }
  const client = GoClient('exec', daemon.address, daemon.namespace, containerId)
  const ours = (): Promise<number> => timed(() => ask<ExecTaskResponse>((done) =>
    plugin.driver.execTask({ taskId: one.config.id, command: ['/bin/true'], timeout: { seconds: 10n, nanos: 0 } }, done)))
  const times = await inTurn(ROUNDS, WARM, ours, () => client.ask('1'))
  client.end()
  await ask((done) => plugin.driver.destroyTask({ taskId: one.config.id, force: true }, done))
  await plugin.kill()
  one.remove()
  containerd.close()
  await daemon.stop()
  return times
}
