import { execFileSync, spawnSync } from 'node:child_process'
import * as fs from 'node:fs'

import { connect } from '../src/effects/containerd/Containerd'
import { StartTaskResponse, WaitTaskResponse } from '../src/generated/nomad/driver'
import { makeAllocation } from '../test/system/harness/allocation'
import { IMAGE, importBusybox } from '../test/system/harness/busybox'
import { startContainerd } from '../test/system/harness/containerd'
import { ask, EXECUTABLE, launch, Plugin } from '../test/system/harness/plugin'
import { sleep } from '../test/system/harness/process'
import { image, options, readers } from '../test/laws/growing'
import { growthOf, MOMENT_MS } from '../test/laws/linear'
import { compileFigures } from './compile'
import { execTimes } from './exec'
import { Pairs } from './GoClient'
import { lifecycleTimes } from './lifecycle'
import { median, now, rssMb, timed } from './measure'
import { memoryFigures } from './memory'
import { pinTimes } from './pin'
import { pullFigures, serveImage } from './pull'
import { statsFigures } from './stats'
import { toolFigures } from './tool'

const ROUNDS = 15

interface Row {
  readonly figure: string
  readonly value: string
  readonly target: string
  readonly met: boolean
}

const rows: Array<Row> = []
const row = (figure: string, value: number, limit: number, unit: string): void => {
  rows.push({ figure, value: `${value.toFixed(unit === '×' ? 2 : 1)} ${unit}`, target: `≤ ${String(limit)} ${unit}`, met: value <= limit })
}

/** Two commands in turn, so that the machine's speed is the same for both: the ratio of their medians. */
const ratio = (a: ReadonlyArray<string>, b: ReadonlyArray<string>): number => {
  const run = ([command = '', ...args]: ReadonlyArray<string>): number => {
    const before = now()
    spawnSync(command, args, { stdio: 'ignore' })
    return now() - before
  }
  const pairs = Array.from({ length: ROUNDS + 2 }, () => [run(a), run(b)] as const).slice(2)
  return median(pairs.map(([mine]) => mine)) / median(pairs.map(([, theirs]) => theirs))
}

const SCRIPT = 'trap "exit 0" TERM; echo ready; while true; do sleep 0.01; done'

interface Round {
  readonly start: number
  readonly firstByte: number
  readonly stop: number
  readonly ctr: number
}

const round = async (plugin: Plugin, daemon: { readonly address: string; readonly namespace: string }, index: number): Promise<Round> => {
  const one = makeAllocation({ config: { image: IMAGE, command: 'sh', args: ['-c', SCRIPT], host_network: true } })
  const taskId = one.config.id
  const start = await timed(() => ask<StartTaskResponse>((done) => plugin.driver.startTask({ task: one.config }, done)))
  const started = now()
  while (one.stdout() === '') await sleep(1)
  const firstByte = now() - started
  const stop = await timed(() => ask((done) => plugin.driver.stopTask({ taskId, timeout: { seconds: 10n, nanos: 0 }, signal: '' }, done)))
  await ask<WaitTaskResponse>((done) => plugin.driver.waitTask({ taskId }, done))
  await ask((done) => plugin.driver.destroyTask({ taskId, force: true }, done))
  one.remove()
  const ctr = (...args: ReadonlyArray<string>): string => execFileSync('ctr', ['-a', daemon.address, '-n', daemon.namespace, ...args], { encoding: 'utf8', stdio: 'pipe' })
  const name = `ctr-${String(index)}`
  const before = now()
  ctr('run', '-d', '--net-host', IMAGE, name, 'sh', '-c', SCRIPT)
  const took = now() - before
  ctr('task', 'kill', '-s', 'SIGKILL', name)
  while (ctr('task', 'ls').includes(`${name} `) && !ctr('task', 'ls').includes('STOPPED')) await sleep(10)
  ctr('task', 'rm', name)
  ctr('container', 'rm', name)
  return { start, firstByte, stop, ctr: took }
}

const launchMs = async (): Promise<number> => {
  const before = now()
  const plugin = await launch()
  const took = now() - before
  await plugin.kill()
  return took
}

const lifecycle = async (): Promise<void> => {
  const daemon = await startContainerd()
  const containerd = connect(daemon.address, daemon.namespace)
  await importBusybox(containerd)
  const config = { containerd_runtime: 'io.containerd.runc.v2', address: daemon.address, namespace: daemon.namespace }
  const plugin = await launch(config)
  await sleep(1000)
  const idle = rssMb(plugin.pid)
  const rounds: Array<Round> = []
  for (let index = 0; index < ROUNDS + 2; index += 1) rounds.push(await round(plugin, daemon, index))
  const counted = rounds.slice(2)
  const of = (pick: (one: Round) => number): number => median(counted.map(pick))
  process.stdout.write(`StartTask ${of(({ start }) => start).toFixed(1)} ms · ctr run -d ${of(({ ctr }) => ctr).toFixed(1)} ms\n\n`)
  row('StartTask of a present image / ctr run -d', of(({ start }) => start) / of(({ ctr }) => ctr), 1.5, '×')
  row('StartTask returned → first byte of output', of(({ firstByte }) => firstByte), 50, 'ms')
  row('StopTask of an obedient task', of(({ stop }) => stop), 150, 'ms')
  row('plugin RSS idle', idle, 60, 'MB')
  await plugin.kill()
  containerd.close()
  await daemon.stop()
}

/** What ten times the size costs, for all that a job, an image or Nomad may say; what is over in a moment does not count. */
const growths = (): void => {
  for (const [what, all] of Object.entries({ 'options of a job': options, 'what an image says': image, 'readers of texts': readers })) {
    const long = all.filter((one) => growthOf(one, 1).ms >= MOMENT_MS).map((one) => growthOf(one, 5)).sort((a, b) => b.times - a.times)
    for (const { name, times, ms } of long.slice(0, 5)) process.stdout.write(`ten times the size, ${what}: ${times.toFixed(1)} × the time, ${ms.toFixed(1)} ms (${name})\n`)
    row(`ten times the size, ${what}: worst of ${String(all.length)}`, long[0]?.times ?? 0, 15, '×')
  }
}

const main = async (): Promise<void> => {
  const only = process.env['BENCH'] ?? ''
  if (only === 'exec') await execAgainstGo()
  else if (only === 'lifecycle') await lifecycleAgainstGo()
  else if (only === 'stats') await statsAlone()
  else if (only === 'memory') await memoryAlone()
  else if (only === 'registry') await serveImage()
  else if (only === 'pull') await pullAgainstCtr()
  else {
    growths()
    if (only !== 'sizes') await others()
  }
  print()
}

const others = async (): Promise<void> => {
  for (const { figure, value, limit, unit } of await compileFigures()) row(figure, value, limit, unit)
  if (process.env['BENCH'] !== 'core') {
    for (const { figure, value, limit, unit } of await toolFigures(EXECUTABLE)) row(figure, value, limit, unit)
    starts()
  }
  if (!['core', 'tool'].includes(process.env['BENCH'] ?? '')) await machine()
}

const print = (): void => {
  const width = Math.max(...rows.map(({ figure }) => figure.length))
  for (const { figure, value, target, met } of rows) {
    process.stdout.write(`${figure.padEnd(width)}  ${value.padStart(9)}  ${target.padStart(9)}  ${met ? 'met' : 'MISSED'}\n`)
  }
}

/** What the driver takes over what containerd's own Go client takes for the same: the ratio of the medians. */
const againstGo = (figure: string, { ours, theirs }: Pairs, limit: number): void => {
  process.stdout.write(`${figure}: ${median(ours).toFixed(1)} ms · containerd's Go client ${median(theirs).toFixed(1)} ms (medians of ${String(ours.length)})\n`)
  row(`${figure} / the same by containerd's Go client`, median(ours) / median(theirs), limit, '×')
}

const execAgainstGo = async (): Promise<void> => { againstGo('ExecTask of /bin/true', await execTimes(), 1.2) }

const lifecycleAgainstGo = async (): Promise<void> => {
  const { start, stop, burst } = await lifecycleTimes()
  againstGo('StartTask', start, 1.2)
  againstGo('StopTask and DestroyTask of an obedient task', stop, 1.2)
  againstGo('100 starts, 16 at once', burst, 1.4)
}

const statsAlone = async (): Promise<void> => {
  const tasks = Number(process.env['TASKS'] ?? 100)
  for (const { figure, value, limit, unit } of await statsFigures(tasks)) row(figure, value, limit, unit)
}

const memoryAlone = async (): Promise<void> => {
  const tasks = Number(process.env['TASKS'] ?? 100)
  for (const { figure, value, limit, unit } of await memoryFigures(tasks)) row(figure, value, limit, unit)
}

/** An image of 100 MB in five layers, from a registry on loopback: downloaded and unpacked, here and by `ctr`. */
const pullAgainstCtr = async (): Promise<void> => {
  const { pull, ctr, growth, cpu, ctrCpu, found } = await pullFigures()
  process.stdout.write(`pull: ${pull.toFixed(0)} ms, ${cpu.toFixed(2)} s of a processor · ctr images pull: ${ctr.toFixed(0)} ms, ${ctrCpu.toFixed(2)} s\n`)
  row('pull of 100 MB / ctr images pull', pull / ctr, 0.9, '×')
  row('processor time of the plugin / of ctr', cpu / ctrCpu, 1.5, '×')
  row('an image that is here is found', found, 2, 'ms')
  row('growth of the plugin while it pulls', growth, 30, 'MB')
}

/** What needs root, containerd and the built program. */
const machine = async (): Promise<void> => {
  await lifecycle()
  const launches: Array<number> = []
  for (let index = 0; index < ROUNDS; index += 1) launches.push(await launchMs())
  row('launch → handshake', median(launches), 150, 'ms')
  await execAgainstGo()
  await lifecycleAgainstGo()
  const { pin, nothing } = await pinTimes()
  row('a pinned source / a process that does nothing', median(pin) / median(nothing), 2, '×')
}

/** What one job costs, the start of the process included. */
const starts = (): void => {
  const bare = [process.execPath, '-e', '0']
  row('compile of a fixture / node -e 0', ratio([EXECUTABLE, 'compile', 'fixtures/specs/minimal'], bare), 3, '×')
  row('compile of a JSON job / node -e 0', ratio([EXECUTABLE, 'compile', 'fixtures/migrate/json-bare/expected.json'], bare), 3, '×')
  row('compile of an HCL job / node -e 0', ratio([EXECUTABLE, 'compile', 'examples/hello.nomad.hcl'], bare), 10, '×')
}

void main()
