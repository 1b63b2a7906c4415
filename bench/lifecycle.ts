import { connect } from '../src/effects/containerd/Containerd'
import { StartTaskResponse } from '../src/generated/nomad/driver'
import { Allocation, makeAllocation } from '../test/system/harness/allocation'
import { IMAGE, importBusybox } from '../test/system/harness/busybox'
import { startContainerd } from '../test/system/harness/containerd'
import { ask, launch, Plugin } from '../test/system/harness/plugin'
import { sleep } from '../test/system/harness/process'
import { GoClient, inTurn, Pairs } from './GoClient'
import { timed } from './measure'

const ROUNDS = 40
const WARM = 1
const BURSTS = 3
const COUNT = 100
const WORKERS = 16

// Ends at once when it is asked to, once it has said that it knows how.
const SCRIPT = 'trap "exit 0" TERM; echo ready; sleep 1000 & wait'

/** A task's life, by the driver's calls and by containerd's own Go client in a warm process, in turn. */
export interface LifecycleTimes {
  readonly start: Pairs
  /** StopTask and DestroyTask; kill, wait and delete of task, container and snapshot. */
  readonly stop: Pairs
  /** 100 starts, 16 at once. */
  readonly burst: Pairs
}

export const lifecycleTimes = async (): Promise<LifecycleTimes> => {
  const daemon = await startContainerd()
  const containerd = connect(daemon.address, daemon.namespace)
  await importBusybox(containerd)
  const plugin = await launch({ containerd_runtime: 'io.containerd.runc.v2', address: daemon.address, namespace: daemon.namespace })
  const client = GoClient('lifecycle', daemon.address, daemon.namespace, IMAGE, SCRIPT)
  const { start, stop } = await oneByOne(plugin, client)
  const burst = await inTurn(BURSTS, 1, () => ourBurst(plugin), () => client.ask(`burst ${String(COUNT)} ${String(WORKERS)}`))
  client.end()
  await plugin.kill()
  containerd.close()
  await daemon.stop()
  return { start, stop, burst }
}

const allocated = (): Allocation => makeAllocation({ config: { image: IMAGE, command: 'sh', args: ['-c', SCRIPT], host_network: true } })

const started = (plugin: Plugin, { config }: Allocation): Promise<StartTaskResponse> =>
  ask((done) => plugin.driver.startTask({ task: config }, done))

const ended = async (plugin: Plugin, { config: { id: taskId } }: Allocation, signal = ''): Promise<void> => {
  await ask((done) => plugin.driver.stopTask({ taskId, timeout: { seconds: 10n, nanos: 0 }, signal }, done))
  await ask((done) => plugin.driver.destroyTask({ taskId, force: false }, done))
}

/** Starts and stops: the times of the stops are those of the containers that were started before. */
const oneByOne = async (plugin: Plugin, client: GoClient): Promise<Omit<LifecycleTimes, 'burst'>> => {
  const stops: { readonly ours: Array<number>; readonly theirs: Array<number> } = { ours: [], theirs: [] }
  const ours = async (): Promise<number> => {
    const one = allocated()
    const took = await timed(() => started(plugin, one))
    while (one.stdout() === '') await sleep(1)
    stops.ours.push(await timed(() => ended(plugin, one)))
    one.remove()
    return took
  }
  const theirs = async (): Promise<number> => {
    const took = await client.ask('start')
    stops.theirs.push(await client.ask('stop'))
    return took
  }
  const start = await inTurn(ROUNDS, WARM, ours, theirs)
  return { start, stop: { ours: stops.ours.slice(WARM), theirs: stops.theirs.slice(WARM) } }
}

const ourBurst = async (plugin: Plugin): Promise<number> => {
  const all = Array.from({ length: COUNT }, allocated)
  const waiting = [...all]
  const worker = async (): Promise<void> => {
    for (let one = waiting.pop(); one !== undefined; one = waiting.pop()) await started(plugin, one)
  }
  const took = await timed(() => Promise.all(Array.from({ length: WORKERS }, worker)))
  for (const one of all) {
    await ended(plugin, one, 'SIGKILL')
    one.remove()
  }
  return took
}
