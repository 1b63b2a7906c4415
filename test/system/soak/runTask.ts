import { randomBytes } from 'node:crypto'
import * as fs from 'node:fs'

import { ServiceError } from '@grpc/grpc-js'

import { ExecTaskResponse, StartTaskResponse, TaskHandle, WaitTaskResponse } from '../../../src/generated/nomad/driver'
import { Allocation, makeAllocation } from '../harness/allocation'
import { IMAGE } from '../harness/busybox'
import { sleep } from '../harness/process'
import { Agent, isGone } from './Agent'
import { failed, Tally } from './Tally'

/** What a soak runs on; `random` is below its argument. */
export interface Soak {
  readonly agent: Agent
  readonly tally: Tally
  readonly nodeId: string
  readonly random: (below: number) => number
  /** How often containerd was killed so far. */
  readonly containerdKills: () => number
}

/** One job: how long it runs, how it ends by itself, what it does when it is asked to end, and whether it is. */
interface Job {
  readonly runsMs: number
  readonly code: number
  readonly obeys: boolean
  readonly stopAfterMs: number | undefined
}

const CODE_OF_TRAP = 7
const KILLED = 137
const LONGEST_MS = 8000
const MOST_TRIES = 40
const PAUSE_MS = 300

const jobOf = ({ random }: Soak): Job => ({
  runsMs: random(LONGEST_MS), code: random(4) === 0 ? 0 : 10 + random(90), obeys: random(4) > 0,
  stopAfterMs: random(3) === 0 ? random(LONGEST_MS) : undefined
})

const scriptOf = ({ runsMs, code, obeys }: Job): string =>
  `trap "${obeys ? `exit ${String(CODE_OF_TRAP)}` : ''}" TERM; sleep ${String(runsMs / 1000)} & wait $!; ${obeys ? '' : 'wait; '}exit ${String(code)}`

/** Runs one random job as Nomad does, through whatever is killed meanwhile, to its destroy. */
export const runTask = async (soak: Soak): Promise<void> => {
  const job = jobOf(soak)
  const allocation = makeAllocation({ config: { image: IMAGE, command: 'sh', args: ['-c', scriptOf(job)], extra_hosts: ['db:10.0.0.7'] }, memoryMb: 32 })
  // Nomad's log collector goes on reading from one run of a task to the next.
  const readers = [allocation.config.stdoutPath, allocation.config.stderrPath].map((fifo) => fs.openSync(fifo, 'r+'))
  allocation.config.nodeId = soak.nodeId
  try {
    for (let count = 0; count < MOST_TRIES; count += 1) {
      allocation.config.id = `${allocation.config.allocId}/web/${randomBytes(4).toString('hex')}`
      const handle = await started(soak, allocation)
      if (handle !== undefined && await ranOnce(soak, allocation, handle, job)) return
      await sleep(PAUSE_MS)
    }
    soak.tally.wrong.push(`a task could not be run in ${String(MOST_TRIES)} tries: ${allocation.config.id}`)
  } finally {
    for (const reader of readers) fs.closeSync(reader)
    allocation.remove()
  }
}

/** Undefined where the start failed: Nomad starts the task again then, under another id. */
const started = async ({ agent, tally }: Soak, { config: task }: Allocation): Promise<TaskHandle | undefined> => {
  try {
    const { handle } = await agent.ask<StartTaskResponse>((driver, done) => driver.startTask({ task }, done))
    tally.starts += 1
    return handle
  } catch (thrown) {
    failed(tally, isGone(thrown) ? 'the plugin was killed meanwhile' : (thrown as ServiceError).details)
    return undefined
  }
}

/** Whether it came to its end; a task that cannot be found again is destroyed and started anew. */
const ranOnce = async (soak: Soak, { config: { id } }: Allocation, handle: TaskHandle, job: Job): Promise<boolean> => {
  const over = new AbortController()
  const kills = soak.containerdKills()
  const beside = [execs(soak, id, over.signal), samples(soak, id, over.signal), stopped(soak, id, job, over.signal)]
  const end = await ended(soak, id, handle)
  over.abort()
  const [, , wasStopped] = await Promise.all(beside)
  await destroyed(soak, id)
  if (end === undefined) {
    soak.tally.lost += 1
    return false
  }
  judge(soak, end, job, { id, wasStopped: wasStopped === true, mayBeUnknown: soak.containerdKills() > kills })
  return true
}

const ended = async ({ agent }: Soak, id: string, handle: TaskHandle): Promise<WaitTaskResponse | undefined> => {
  for (;;) {
    try {
      return await agent.ask<WaitTaskResponse>((driver, done) => driver.waitTask({ taskId: id }, done))
    } catch (thrown) {
      if (!isGone(thrown) && !/not found/.test((thrown as ServiceError).details)) return undefined
      if (!(await agent.recover(handle))) return undefined
    }
  }
}

interface Around {
  readonly id: string
  readonly wasStopped: boolean
  readonly mayBeUnknown: boolean
}

const judge = ({ tally }: Soak, { result, err }: WaitTaskResponse, { code, obeys }: Job, { id, wasStopped, mayBeUnknown }: Around): void => {
  tally.exits += 1
  const may = wasStopped ? [code, KILLED, ...(obeys ? [CODE_OF_TRAP] : [])] : [code]
  if (result !== undefined && err === '' && may.includes(result.exitCode)) return
  if (err !== '' && result?.exitCode === 255 && mayBeUnknown) tally.unknown += 1
  else tally.wrong.push(`an exit is invented: ${id} ended with ${may.join(' or ')}, and was said to end with ${JSON.stringify(result)} ${err}`)
}

const destroyed = async ({ agent, tally }: Soak, id: string): Promise<void> => {
  let last = ''
  for (let count = 0; count < MOST_TRIES; count += 1) {
    try {
      await agent.ask((driver, done) => driver.destroyTask({ taskId: id, force: true }, done))
      return
    } catch (thrown) {
      last = (thrown as ServiceError).details
      await sleep(PAUSE_MS)
    }
  }
  tally.wrong.push(`a task could not be destroyed in ${String(MOST_TRIES)} tries: ${id}: ${last}`)
}

/** Whether it was asked to end before it had. */
const stopped = async ({ agent, random }: Soak, taskId: string, { stopAfterMs }: Job, over: AbortSignal): Promise<boolean> => {
  if (stopAfterMs === undefined) return false
  await pause(stopAfterMs, over)
  if (over.aborted) return false
  const timeout = { seconds: BigInt(1 + random(3)), nanos: 0 }
  await agent.ask((driver, done) => driver.stopTask({ taskId, timeout, signal: '' }, done)).catch(() => undefined)
  return true
}

const EXEC_CODE = 5

const execs = async (soak: Soak, taskId: string, over: AbortSignal): Promise<void> => {
  const { agent, random, tally } = soak
  const rest = (): Promise<void> => pause(1000 + random(4000), over)
  await rest()
  while (!over.aborted) {
    const word = randomBytes(4).toString('hex')
    const timeout = { seconds: 20n, nanos: 0 }
    tally.execs += 1
    try {
      const command = ['sh', '-c', `echo ${word}; exit ${String(EXEC_CODE)}`]
      const { stdout, result } = await agent.ask<ExecTaskResponse>((driver, done) => driver.execTask({ taskId, command, timeout }, done))
      // A command ends with its task.
      const isWhole = Buffer.from(stdout).toString() === `${word}\n` && result?.exitCode === EXEC_CODE
      if (!isWhole && result?.exitCode !== KILLED) tally.wrong.push(`a command said ${JSON.stringify(Buffer.from(stdout).toString())} and ended with ${String(result?.exitCode)}`)
    } catch {
      tally.failedExecs += 1
    }
    await rest()
  }
}

const samples = async ({ agent, tally }: Soak, taskId: string, over: AbortSignal): Promise<void> => {
  while (!over.aborted) {
    const { driver } = await agent.plugin()
    const stream = driver.taskStats({ taskId, collectionInterval: { seconds: 1n, nanos: 0 } })
    const cut = (): void => { stream.cancel() }
    over.addEventListener('abort', cut)
    stream.on('data', () => { tally.samples += 1 })
    await new Promise<void>((resolve) => { stream.on('error', () => { resolve() }); stream.on('end', () => { resolve() }) })
    over.removeEventListener('abort', cut)
    await pause(1000, over)
  }
}

const pause = (ms: number, over: AbortSignal): Promise<void> => new Promise((resolve) => {
  if (over.aborted) { resolve(); return }
  const done = (): void => { clearTimeout(timer); over.removeEventListener('abort', done); resolve() }
  const timer = setTimeout(done, ms)
  over.addEventListener('abort', done)
})
