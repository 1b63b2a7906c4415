import * as fs from 'node:fs'

import { connect } from '../src/effects/containerd/Containerd'
import { StartTaskResponse } from '../src/generated/nomad/driver'
import { Allocation, makeAllocation } from '../test/system/harness/allocation'
import { IMAGE, importBusybox } from '../test/system/harness/busybox'
import { PrivateContainerd, startContainerd } from '../test/system/harness/containerd'
import { ask, launch, Plugin } from '../test/system/harness/plugin'
import { sleep } from '../test/system/harness/process'
import type { Figure } from './compile'
import { cpuMs } from './measure'

const AT_ONCE = 16
const WARM_MS = 5000
// A shim gives memory back every thirty seconds, which costs it 8 ms: each part has as many of these.
const SECONDS = 60

/** CPU of the host's processes that belong to samples, in milliseconds for each sample. */
interface Cost {
  readonly containerd: number
  readonly shims: number
  readonly plugin: number
  readonly samples: number
}

/** The processes whose command line holds a word: those of one containerd name its socket or its directory. */
const pidsOf = (word: string): ReadonlyArray<readonly [number, string]> =>
  fs.readdirSync('/proc').filter((name) => /^\d+$/.test(name)).flatMap((name) => {
    try {
      const line = fs.readFileSync(`/proc/${name}/cmdline`, 'utf8')
      return line.includes(word) ? [[Number(name), line] as const] : []
    } catch {
      return []
    }
  })

export const startMany = async (plugin: Plugin, count: number): Promise<ReadonlyArray<Allocation>> => {
  const made = Array.from({ length: count }, () => makeAllocation({ config: { image: IMAGE, command: 'sleep', args: ['100000'] }, readers: false }))
  const left = [...made]
  const readers = made.flatMap(({ config }) => [config.stdoutPath, config.stderrPath]).map((path) => fs.openSync(path, fs.constants.O_RDWR))
  const worker = async (): Promise<void> => {
    for (let one = left.pop(); one !== undefined; one = left.pop()) {
      const task = one.config
      await ask<StartTaskResponse>((done) => plugin.driver.startTask({ task }, done))
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, worker))
  for (const one of readers) fs.closeSync(one)
  return made
}

/** Opens streams of statistics and counts what comes. */
export const listen = (plugin: Plugin, taskIds: ReadonlyArray<string>): { readonly count: () => number; readonly stop: () => void } => {
  let count = 0
  const streams = taskIds.map((taskId) => {
    const stream = plugin.driver.taskStats({ taskId, collectionInterval: { seconds: 1n, nanos: 0 } })
    stream.on('data', () => { count += 1 })
    stream.on('error', () => undefined)
    return stream
  })
  return { count: () => count, stop: () => { for (const one of streams) one.cancel() } }
}

/** CPU that the processes used while this many seconds passed, in milliseconds. */
type Used = Omit<Cost, 'samples'>

const used = async (daemon: PrivateContainerd, plugin: Plugin, seconds: number): Promise<Used> => {
  const all = pidsOf(daemon.directory)
  const shims = all.filter(([, line]) => line.includes('containerd-shim')).map(([pid]) => pid)
  const daemons = all.filter(([, line]) => line.startsWith('containerd\0')).map(([pid]) => pid)
  const sum = (pids: ReadonlyArray<number>): number => pids.reduce((total, pid) => total + cpuMs(pid), 0)
  const look = (): Used => ({ containerd: sum(daemons), shims: sum(shims), plugin: cpuMs(plugin.pid) })
  const before = look()
  await sleep(seconds * 1000)
  const after = look()
  return {
    containerd: after.containerd - before.containerd, shims: after.shims - before.shims,
    plugin: after.plugin - before.plugin
  }
}

/** What the samples of some streams cost, less what the same processes use when nobody listens. */
const costOf = async (daemon: PrivateContainerd, plugin: Plugin, taskIds: ReadonlyArray<string>, idle: Used): Promise<Cost> => {
  const listening = listen(plugin, taskIds)
  await sleep(WARM_MS)
  const before = listening.count()
  const busy = await used(daemon, plugin, SECONDS)
  const samples = listening.count() - before
  listening.stop()
  const each = (part: keyof Used): number => (busy[part] - idle[part]) / samples
  return { containerd: each('containerd'), shims: each('shims'), plugin: each('plugin'), samples }
}

const wordsOf = ({ containerd, shims, plugin, samples }: Cost): string =>
  `containerd ${containerd.toFixed(3)} + shims ${shims.toFixed(3)} + plugin ${plugin.toFixed(3)} ms (${String(samples)} samples)`

const totalOf = ({ containerd, shims, plugin }: Cost): number => containerd + shims + plugin

/**
 * CPU of the whole host for each sample, one a second: of plugin, containerd and shims. Ten streams a task show what
 * the plugin needs for ten times as many tasks.
 */
export const statsFigures = async (tasks: number): Promise<ReadonlyArray<Figure>> => {
  const daemon = await startContainerd()
  const containerd = connect(daemon.address, daemon.namespace)
  await importBusybox(containerd)
  const plugin = await launch({ containerd_runtime: 'io.containerd.runc.v2', address: daemon.address, namespace: daemon.namespace })
  const made = await startMany(plugin, tasks)
  const ids = made.map(({ config }) => config.id)
  const idle = await used(daemon, plugin, SECONDS)
  process.stdout.write(`idle in ${String(SECONDS)} s: containerd ${String(idle.containerd)} + shims ${String(idle.shims)} + plugin ${String(idle.plugin)} ms\n`)
  const one = await costOf(daemon, plugin, ids, idle)
  const ten = await costOf(daemon, plugin, Array.from({ length: 10 }, () => ids).flat(), idle)
  for (const [what, cost] of [['one stream a task', one], ['ten streams a task', ten]] as const)
    process.stdout.write(`statistics of ${String(tasks)} tasks, ${what}: ${wordsOf(cost)}\n`)
  for (const { config: { id } } of made) await ask((done) => plugin.driver.destroyTask({ taskId: id, force: true }, done))
  await plugin.kill('SIGTERM')
  for (const one of made) one.remove()
  containerd.close()
  await daemon.stop()
  return [
    { figure: `CPU of the host for a sample, ${String(tasks)} tasks`, value: totalOf(one), limit: 0.2, unit: 'ms' },
    { figure: '  with ten times the samples / that', value: totalOf(ten) / totalOf(one), limit: 1.2, unit: '×' }
  ]
}
