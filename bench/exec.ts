import { execFileSync, spawn } from 'node:child_process'
import * as readline from 'node:readline'

import { connect } from '../src/effects/containerd/Containerd'
import { ExecTaskResponse, StartTaskResponse } from '../src/generated/nomad/driver'
import { makeAllocation } from '../test/system/harness/allocation'
import { IMAGE, importBusybox } from '../test/system/harness/busybox'
import { startContainerd } from '../test/system/harness/containerd'
import { ask, launch } from '../test/system/harness/plugin'

const ROUNDS = 40
const WARM = 5

/** Milliseconds of each run of a command in a task. */
interface Times {
  readonly ours: ReadonlyArray<number>
  readonly theirs: ReadonlyArray<number>
}

/** `/bin/true` in one task: by ExecTask, and by containerd's own Go client in a warm process, in turn. */
export const execTimes = async (): Promise<Times> => {
  const binary = execFileSync('bash', ['bench/build-go.sh', 'exec'], { encoding: 'utf8' }).trim()
  const daemon = await startContainerd()
  const containerd = connect(daemon.address, daemon.namespace)
  await importBusybox(containerd)
  const plugin = await launch({ containerd_runtime: 'io.containerd.runc.v2', address: daemon.address, namespace: daemon.namespace })
  const one = makeAllocation({ config: { image: IMAGE, command: 'sleep', args: ['1000'] } })
  const { handle } = await ask<StartTaskResponse>((done) => plugin.driver.startTask({ task: one.config }, done))
  const { containerId } = JSON.parse(Buffer.from(handle?.driverState ?? []).toString()) as { readonly containerId: string }
  const client = spawn(binary, [daemon.address, daemon.namespace, containerId], { stdio: ['pipe', 'pipe', 'inherit'] })
  const lines = readline.createInterface({ input: client.stdout })[Symbol.asyncIterator]()
  const theirs = async (): Promise<number> => {
    client.stdin.write('1\n')
    return Number((await lines.next()).value) / 1000
  }
  const ours = async (): Promise<number> => {
    const before = process.hrtime.bigint()
    await ask<ExecTaskResponse>((done) => plugin.driver.execTask({ taskId: one.config.id, command: ['/bin/true'], timeout: { seconds: 10n, nanos: 0 } }, done))
    return Number(process.hrtime.bigint() - before) / 1e6
  }
  const rounds: Array<readonly [number, number]> = []
  for (let count = 0; count < ROUNDS + WARM; count += 1) rounds.push([await ours(), await theirs()])
  client.stdin.end()
  await ask((done) => plugin.driver.destroyTask({ taskId: one.config.id, force: true }, done))
  await plugin.kill()
  one.remove()
  containerd.close()
  await daemon.stop()
  return { ours: rounds.slice(WARM).map(([a]) => a), theirs: rounds.slice(WARM).map(([, b]) => b) }
}
