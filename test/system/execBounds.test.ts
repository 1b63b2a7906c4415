import { execFileSync } from 'node:child_process'
import * as fs from 'node:fs'
import * as path from 'node:path'

import { connect, Containerd } from '../../src/effects/containerd/Containerd'
import { ExecTaskResponse, StartTaskResponse } from '../../src/generated/nomad/driver'
import { Allocation, makeAllocation } from './harness/allocation'
import { IMAGE, importBusybox } from './harness/busybox'
import { PrivateContainerd, startContainerd } from './harness/containerd'
import { settled } from './harness/leftovers'
import { ask, launch, Plugin, refusal } from './harness/plugin'
import { sleep } from './harness/process'

let daemon: PrivateContainerd
let containerd: Containerd
let plugin: Plugin
let task: Allocation
let started: StartTaskResponse

const config = (stateDirectory = 'state-of-driver'): Readonly<Record<string, unknown>> => ({
  containerd_runtime: 'io.containerd.runc.v2', address: daemon.address, namespace: daemon.namespace,
  state_dir: path.join(daemon.directory, stateDirectory)
})

beforeAll(async () => {
  daemon = await startContainerd()
  containerd = connect(daemon.address, daemon.namespace)
  await importBusybox(containerd)
  plugin = await launch(config())
  task = makeAllocation({ config: { image: IMAGE, command: 'tail', args: ['-f', '/dev/null'] } })
  started = await ask((done) => plugin.driver.startTask({ task: task.config }, done))
}, 60_000)

afterEach(async () => { expect(await left()).toEqual([]) })

afterAll(async () => {
  await ask((done) => plugin.driver.destroyTask({ taskId: task.config.id, force: true }, done))
  expect(await settled(containerd)).toEqual([])
  task.remove()
  await plugin.kill()
  containerd.close()
  await daemon.stop()
})

const containerId = (): string =>
  (JSON.parse(Buffer.from(started.handle?.driverState ?? []).toString()) as { readonly containerId: string }).containerId

const ctr = (verb: string): string =>
  execFileSync('ctr', ['-a', daemon.address, '-n', daemon.namespace, 'task', verb, containerId()], { encoding: 'utf8' })

const sh = (script: string, timeoutMs: number): Promise<ExecTaskResponse> => ask((done) => plugin.driver.execTask({
  taskId: task.config.id, command: ['sh', '-c', script], timeout: { seconds: BigInt(Math.floor(timeoutMs / 1000)), nanos: (timeoutMs % 1000) * 1e6 }
}, done))

/** The commands of what runs in the task beside its own process. */
const commands = async (): Promise<ReadonlyArray<string>> => {
  const { processes } = await ask<{ readonly processes: ReadonlyArray<{ readonly pid: number }> }>((done) =>
    containerd.tasks.listPids({ containerId: containerId() }, containerd.headers(), done))
  return processes.map(({ pid }) => commandOf(pid)).filter((line) => line !== '' && !line.startsWith('tail'))
}

const commandOf = (pid: number): string => {
  try {
    return fs.readFileSync(`/proc/${String(pid)}/cmdline`, 'utf8').split('\0').join(' ').trim()
  } catch {
    return ''
  }
}

const pipes = (): ReadonlyArray<string> => ['state-of-driver', 'elsewhere'].flatMap((name) => {
  const directory = path.join(daemon.directory, name, containerId())
  return fs.existsSync(directory) ? fs.readdirSync(directory).filter((one) => one.startsWith('exec-')) : []
})

/** What is left of commands. A moment is given. */
const left = async (): Promise<ReadonlyArray<string>> => {
  const until = Date.now() + 15_000
  for (;;) {
    const found = [...pipes(), ...(await commands())]
    if (found.length === 0 || Date.now() > until) return found
    await sleep(20)
  }
}

/** The refusal of a script that takes longer than its time, and how long that took. */
const late = async (script: string, timeoutMs: number): Promise<readonly [string, number]> => {
  const before = Date.now()
  const { details } = await refusal(sh(script, timeoutMs))
  return [details, Date.now() - before]
}

const LATE = /^context deadline exceeded: "sh" took longer than \d+ ms and is killed$/

describe('a script whose time is up', () => {
  it('is answered in time while containerd hangs, and killed once that goes on', async () => {
    const answer = late('sleep 1020', 700)
    while (!(await commands()).some((line) => line.includes('1020'))) await sleep(20)
    process.kill(daemon.pid(), 'SIGSTOP')
    try {
      const [words, tookMs] = await answer
      expect(words).toMatch(LATE)
      expect(tookMs).toBeLessThan(3000)
      const [other, otherMs] = await late('sleep 1021', 500)
      expect(other).toMatch(LATE)
      expect(otherMs).toBeLessThan(3000)
    } finally {
      process.kill(daemon.pid(), 'SIGCONT')
    }
  }, 60_000)

  it('is answered in time while its container is paused, and killed once that runs on', async () => {
    const answer = late('sleep 1022 & sleep 1023', 700)
    while (!(await commands()).some((line) => line.includes('1023'))) await sleep(20)
    ctr('pause')
    try {
      const [words, tookMs] = await answer
      expect(words).toMatch(LATE)
      expect(tookMs).toBeLessThan(3000)
      expect((await refusal(sh('true', 1000))).details).toContain('cannot exec in a paused state')
      await sleep(1500)
      expect(pipes()).toHaveLength(1)
    } finally {
      ctr('resume')
    }
    expect(await left()).toEqual([])
  }, 60_000)
})

it('a plugin without a descriptor left says so, and goes on', async () => {
  expect((await sh('true', 5000)).result?.exitCode).toBe(0)
  const open = fs.readdirSync(`/proc/${String(plugin.pid)}/fd`)
  const limit = (...how: ReadonlyArray<string>): string => execFileSync('prlimit', ['--pid', String(plugin.pid), ...how], { encoding: 'utf8' })
  const usual = limit('--nofile', '--output', 'SOFT,HARD', '--noheadings').trim().split(/\s+/)
  // Whoever opens something is given the lowest number that is free.
  limit(`--nofile=${String(open.length + 2)}:${usual[1] ?? ''}`)
  const wordsOf = (wrong: unknown): string => (wrong as { readonly details: string }).details
  const refusals = await Promise.all(Array.from({ length: 24 }, () => sh('sleep 1', 20_000).then(() => 'ran', wordsOf)))
  limit(`--nofile=${usual.join(':')}`)
  expect(refusals.filter((words) => /too many open files|EMFILE/.test(words)).length).toBeGreaterThan(0)
  for (const words of refusals) expect(words).toMatch(/^ran$|pipes in .*(EMFILE|too many open files)/)
  expect((await sh('true', 5000)).result?.exitCode).toBe(0)
}, 60_000)

it('a command of a plugin that was killed is found by one that has another `state_dir`', async () => {
  const cut = sh('sleep 1024', 60_000).then(() => 'ran', () => 'cut')
  while (!(await commands()).some((line) => line.includes('1024'))) await sleep(20)
  await plugin.kill('SIGKILL')
  expect(await cut).toBe('cut')
  plugin = await launch(config('elsewhere'))
  await ask((done) => plugin.driver.recoverTask({ taskId: '', handle: started.handle }, done))
  expect(await left()).toEqual([])
  expect(Buffer.from((await sh('echo again', 5000)).stdout).toString()).toBe('again\n')
}, 60_000)
