import * as fs from 'node:fs'
import * as path from 'node:path'

import { connect, Containerd } from '../../../src/effects/containerd/Containerd'
import { StartTaskResponse, WaitTaskResponse } from '../../../src/generated/nomad/driver'
import { Allocation, makeAllocation, Wanted } from '../../system/harness/allocation'
import { IMAGE, importBusybox } from '../../system/harness/busybox'
import { PrivateContainerd, startContainerd } from '../../system/harness/containerd'
import { settled } from '../../system/harness/leftovers'
import { ask, launch, Plugin, refusal } from '../../system/harness/plugin'

/** A client whose operator wrote `hardened = true`, a job author on it, and a place on the host that no job may reach. */
export interface Hardened {
  readonly plugin: Plugin
  readonly containerd: Containerd
  readonly daemon: PrivateContainerd
  /** A directory outside of every allocation, with a file `secret`. */
  readonly target: string
  /** Whether all of the target is as it was. */
  readonly untouched: () => boolean
  /** A task that runs a shell script, with options of the job. */
  readonly task: (script: string, options?: Readonly<Record<string, unknown>>, more?: Omit<Wanted, 'config'>) => Allocation
  /** Runs a task to its end: its exit code and what it said. */
  readonly run: (one: Allocation) => Promise<{ readonly code: number; readonly said: string }>
  readonly start: (one: Allocation) => Promise<StartTaskResponse>
  readonly destroy: (one: Allocation) => Promise<unknown>
  /** The words of a start that has to be refused. */
  readonly refused: (one: Allocation) => Promise<string>
  /** Ends and removes every task; what is left of them, which has to be nothing. */
  readonly clear: () => Promise<ReadonlyArray<string>>
  readonly end: () => Promise<void>
}

const SECRET = 'of the host\n'

/** Starts a containerd and a hardened plugin of its own; `options` are more words of the operator. */
export const Hardened = async (options: Readonly<Record<string, unknown>> = {}, executable?: string): Promise<Hardened> => {
  const daemon = await startContainerd()
  const containerd = connect(daemon.address, daemon.namespace)
  await importBusybox(containerd)
  const target = path.join(daemon.directory, 'host')
  fs.mkdirSync(target)
  fs.writeFileSync(path.join(target, 'secret'), SECRET)
  const plugin = await launch({
    containerd_runtime: 'io.containerd.runc.v2', address: daemon.address, namespace: daemon.namespace, hardened: true,
    state_dir: path.join(daemon.directory, 'pins'), ...options
  }, executable)
  const made: Array<Allocation> = []
  const start = ({ config: task }: Allocation): Promise<StartTaskResponse> => ask((done) => plugin.driver.startTask({ task }, done))
  const destroy = ({ config: { id: taskId } }: Allocation): Promise<unknown> => ask((done) => plugin.driver.destroyTask({ taskId, force: true }, done))
  return {
    plugin, containerd, daemon, target, start, destroy,
    untouched: () => fs.readdirSync(target).join() === 'secret' && fs.readFileSync(path.join(target, 'secret'), 'utf8') === SECRET,
    task: (script, wanted = {}, more = {}) => {
      const one = makeAllocation({ ...more, config: { image: IMAGE, command: 'sh', args: ['-c', script], ...wanted } })
      made.push(one)
      return one
    },
    run: async (one) => {
      await start(one)
      const { result } = await ask<WaitTaskResponse>((done) => plugin.driver.waitTask({ taskId: one.config.id }, done))
      await destroy(one)
      await one.outputEnds
      return { code: result?.exitCode ?? -1, said: one.stdout() + one.stderr() }
    },
    refused: async (one) => (await refusal(start(one))).details,
    clear: async () => {
      for (const one of made) await destroy(one)
      const left = await settled(containerd)
      for (const one of made.splice(0)) one.remove()
      return left
    },
    end: async () => {
      await plugin.kill()
      containerd.close()
      await daemon.stop()
    }
  }
}
