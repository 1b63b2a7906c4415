import * as fs from 'node:fs'

import {
  ExecTaskResponse, InspectTaskResponse, StartTaskResponse, TaskConfig, TaskHandle, TaskStatsResponse, WaitTaskResponse
} from '../../../src/generated/nomad/driver'
import { Allocation } from './allocation'
import { ask, Plugin, refusal } from './plugin'
import { sleep } from './process'

/** Nomad's calls about a task, by whichever plugin runs at the moment. */
export interface Calls {
  readonly start: (task: TaskConfig) => Promise<StartTaskResponse>
  readonly wait: (taskId: string) => Promise<WaitTaskResponse>
  readonly stop: (taskId: string, seconds: number, signal?: string) => Promise<object>
  readonly destroy: (taskId: string, force?: boolean) => Promise<object>
  readonly recover: (handle: TaskHandle | undefined) => Promise<object>
  readonly signal: (taskId: string, signal: string) => Promise<object>
  readonly inspect: (taskId: string) => Promise<InspectTaskResponse>
  readonly exec: (taskId: string, command: ReadonlyArray<string>, seconds?: number) => Promise<ExecTaskResponse>
  /** The first sample of its statistics. */
  readonly stats: (taskId: string) => Promise<TaskStatsResponse>
}

const seconds = (count: number): { readonly seconds: bigint; readonly nanos: number } => ({ seconds: BigInt(count), nanos: 0 })

export const Calls = (plugin: () => Plugin): Calls => ({
  start: (task) => ask((done) => plugin().driver.startTask({ task }, done)),
  wait: (taskId) => ask((done) => plugin().driver.waitTask({ taskId }, done)),
  stop: (taskId, within, signal = '') => ask((done) => plugin().driver.stopTask({ taskId, timeout: seconds(within), signal }, done)),
  destroy: (taskId, force = true) => ask((done) => plugin().driver.destroyTask({ taskId, force }, done)),
  recover: (handle) => ask((done) => plugin().driver.recoverTask({ taskId: '', handle }, done)),
  signal: (taskId, signal) => ask((done) => plugin().driver.signalTask({ taskId, signal }, done)),
  inspect: (taskId) => ask((done) => plugin().driver.inspectTask({ taskId }, done)),
  exec: (taskId, command, within = 20) => ask((done) => plugin().driver.execTask({ taskId, command: [...command], timeout: seconds(within) }, done)),
  stats: (taskId) => new Promise((resolve, reject) => {
    const stream = plugin().driver.taskStats({ taskId, collectionInterval: seconds(1) })
    stream.on('error', reject)
    stream.once('data', (sample: TaskStatsResponse) => {
      resolve(sample)
      stream.cancel()
    })
  })
})

/** gRPC's code and the words of a call that has to fail. */
export const refusedWith = async (call: Promise<unknown>): Promise<readonly [number, string]> => {
  const { code, details } = await refusal(call)
  return [code, details]
}

const PATIENCE_MS = 20_000

/** Waits until a task has written something. */
export const said = async (one: Allocation, text: string): Promise<void> => {
  for (const until = Date.now() + PATIENCE_MS; !one.stdout().includes(text);) {
    if (Date.now() > until) throw new Error(`the task has not said ${text}, but: ${one.stdout()}`)
    await sleep(10)
  }
}

/** The lines of the processes of this host whose arguments hold a word. */
export const processesWith = (word: string): ReadonlyArray<string> =>
  fs.readdirSync('/proc').filter((name) => /^\d+$/.test(name)).map(lineOf).filter((line) => line.split(' ').includes(word))

const lineOf = (pid: string): string => {
  try {
    return fs.readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').join(' ').trim()
  } catch {
    return ''
  }
}
