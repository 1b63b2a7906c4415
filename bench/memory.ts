import { spawn, spawnSync } from 'node:child_process'

import { connect } from '../src/effects/containerd/Containerd'
import { importBusybox } from '../test/system/harness/busybox'
import { startContainerd } from '../test/system/harness/containerd'
import { ask, launch } from '../test/system/harness/plugin'
import { sleep } from '../test/system/harness/process'
import type { Figure } from './compile'
import { median, now, rssMb } from './measure'
import { listen, startMany } from './stats'

/** A collection that V8 makes of itself when nothing is asked comes within this time. */
const QUIET_MS = 14_000
const MINUTES = Number(process.env['MINUTES'] ?? 2)
const ROUNDS = 15

/** Node alone. */
const bareMb = async (): Promise<number> => {
  const child = spawn('node', ['-e', 'setTimeout(() => {}, 1e6)'], { stdio: 'ignore' })
  await sleep(QUIET_MS)
  const mb = rssMb(child.pid ?? 0)
  child.kill()
  return mb
}

/** From the start of the program to its first line, and the start of Node alone, in turn: the ratio of their medians. */
const handshake = async (): Promise<number> => {
  const pairs: Array<readonly [number, number]> = []
  for (let index = 0; index < ROUNDS; index += 1) {
    const before = now()
    const plugin = await launch()
    const between = now()
    await plugin.kill()
    const started = now()
    spawnSync('node', ['-e', '0'])
    pairs.push([between - before, now() - started])
  }
  return median(pairs.map(([ours]) => ours)) / median(pairs.map(([, bare]) => bare))
}

/**
 * Memory of the plugin, idle and with tasks whose statistics are listened to, beside that of Node alone; and its start
 * beside Node's. The plugin runs from the code that V8 made at the build, or at an earlier start.
 */
export const memoryFigures = async (tasks: number): Promise<ReadonlyArray<Figure>> => {
  const daemon = await startContainerd()
  const containerd = connect(daemon.address, daemon.namespace)
  await importBusybox(containerd)
  const config = { containerd_runtime: 'io.containerd.runc.v2', address: daemon.address, namespace: daemon.namespace }
  const bare = await bareMb()
  const plugin = await launch(config)
  await sleep(QUIET_MS)
  const idle = rssMb(plugin.pid)
  const made = await startMany(plugin, tasks)
  const listening = listen(plugin, made.map(({ config: { id } }) => id))
  await sleep(60_000)
  const early = rssMb(plugin.pid)
  await sleep(MINUTES * 60_000)
  const late = rssMb(plugin.pid)
  listening.stop()
  for (const { config: { id } } of made) await ask((done) => plugin.driver.destroyTask({ taskId: id, force: true }, done))
  await plugin.kill('SIGTERM')
  for (const one of made) one.remove()
  containerd.close()
  await daemon.stop()
  process.stdout.write(`Node ${process.version}: bare ${bare.toFixed(1)}, plugin idle ${idle.toFixed(1)}, with ${String(tasks)} tasks ${early.toFixed(1)}, ${String(MINUTES)} minutes later ${late.toFixed(1)} MB\n`)
  return [
    { figure: 'plugin idle, beyond Node alone', value: idle - bare, limit: 14, unit: 'MB' },
    { figure: `plugin with ${String(tasks)} tasks, beyond Node alone`, value: late - bare, limit: 26, unit: 'MB' },
    { figure: `  growth in ${String(MINUTES)} minutes`, value: late - early, limit: 2, unit: 'MB' },
    { figure: 'handshake / node -e 0', value: await handshake(), limit: 3, unit: '×' }
  ]
}
