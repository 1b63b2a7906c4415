import { ChildProcess, execFileSync, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import * as fs from 'node:fs'
import * as zlib from 'node:zlib'

import * as E from 'fp-ts/Either'

import { answer } from '../src/effects/answer'
import { connect } from '../src/effects/containerd/Containerd'
import { SeenRoots } from '../src/effects/image/seenRoot'
import { StartTaskResponse, WaitTaskResponse } from '../src/generated/nomad/driver'
import { digestOf, GZIP, hostile, image, layer } from '../test/attacks/harness/hostile'
import { makeAllocation } from '../test/system/harness/allocation'
import { PrivateContainerd, startContainerd } from '../test/system/harness/containerd'
import { ask, launch, Plugin } from '../test/system/harness/plugin'
import { sleep } from '../test/system/harness/process'
import { tarOf } from '../test/system/harness/shelf'
import { cpuMs, median, now, rssMb } from './measure'

/** Medians over rounds in turn: what a pull takes here and with `ctr`, and the most that the plugin grew by. */
export interface PullFigures {
  readonly pull: number
  readonly ctr: number
  readonly growth: number
  readonly cpu: number
  readonly ctrCpu: number
  /** How long it takes to find an image that is here, all that a start has to know of it included. */
  readonly found: number
}

const ROUNDS = Number(process.env['ROUNDS'] ?? 5)
const LAYERS = 5
const MIB = 1024 * 1024

/** A registry in a process of its own, so that serving costs neither side of the comparison. */
const served = async (): Promise<{ readonly host: string; readonly stop: () => void }> => {
  const child = spawn(process.execPath, [process.argv[1] ?? ''], { env: { ...process.env, BENCH: 'registry' }, stdio: ['ignore', 'pipe', 'inherit'] })
  const host = await new Promise<string>((resolve) => { child.stdout.once('data', (chunk: Buffer) => { resolve(chunk.toString().trim()) }) })
  return { host, stop: () => { child.kill() } }
}

/** The registry of `served`: an image of 100 MB in five layers, as `bench/<any>:1`, with busybox in the lowest. Never returns. */
export const serveImage = async (): Promise<void> => {
  const at = await hostile()
  const busybox = fs.readFileSync(execFileSync('sh', ['-c', 'command -v busybox'], { encoding: 'utf8' }).trim())
  const tars = await Promise.all(Array.from({ length: LAYERS }, (_, index) => tarOf([
    ...(index === 0 ? [[{ name: 'bin/sh', mode: 0o755 }, busybox] as never] : []),
    // As programs are: it shrinks to about a half.
    ...Array.from({ length: 36 }, (_none, file) => [{ name: `usr/${String(index)}/${String(file)}` }, randomBytes(MIB / 2).toString('hex')] as never)
  ])))
  const layers = tars.map((tar) => layer(at, zlib.gzipSync(tar, { level: 1 }), GZIP))
  image(at, '1', layers, tars.map(digestOf), { Cmd: ['sh', '-c', 'exit 0'], Env: ['PATH=/bin'] })
  process.stdout.write(`${at.host}\n`)
  await new Promise(() => undefined)
}

const ctr = ({ address, namespace }: PrivateContainerd, ...args: ReadonlyArray<string>): string =>
  execFileSync('ctr', ['-a', address, '-n', namespace, ...args], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })

/** Forgets the image and all that it kept. */
const forget = (daemon: PrivateContainerd): void => {
  for (const name of ctr(daemon, 'images', 'list', '-q').split('\n')) if (name !== '') ctr(daemon, 'images', 'remove', '--sync', name)
}

/** Seconds of a processor that a process has used. */
const cpuOf = (pid: number): number => cpuMs(pid) / 1000

/** Runs a task of this image to its end; what the start took. */
const start = async (plugin: Plugin, name: string): Promise<number> => {
  const one = makeAllocation({ config: { image: name, host_network: true } })
  const taskId = one.config.id
  try {
    const before = now()
    await ask<StartTaskResponse>((done) => plugin.driver.startTask({ task: one.config }, done))
    const took = now() - before
    await ask<WaitTaskResponse>((done) => plugin.driver.waitTask({ taskId }, done))
    return took
  } finally {
    await ask((done) => plugin.driver.destroyTask({ taskId, force: true }, done))
    one.remove()
  }
}

/** A pull of the program's own, as a start does it: the start with the image less the start that finds it here. */
const pulled = async (plugin: Plugin, name: string): Promise<{ readonly ms: number; readonly grew: number; readonly cpu: number }> => {
  const [rss, cpu] = [rssMb(plugin.pid), cpuOf(plugin.pid)]
  const state = { most: rss }
  const watch = setInterval(() => { state.most = Math.max(state.most, rssMb(plugin.pid)) }, 20)
  const first = await start(plugin, name)
  clearInterval(watch)
  const used = cpuOf(plugin.pid) - cpu
  const again = await start(plugin, name)
  return { ms: first - again, grew: state.most - rss, cpu: 2 * used - (cpuOf(plugin.pid) - cpu) }
}

const pulledByCtr = async (daemon: PrivateContainerd, name: string): Promise<{ readonly ms: number; readonly cpu: number }> => {
  const local = ctr(daemon, 'images', 'pull', '--help').includes('--local') ? ['--local'] : []
  const before = now()
  const child: ChildProcess = spawn('/usr/bin/time', ['-f', '%U %S', 'ctr', '-a', daemon.address, '-n', daemon.namespace, 'images', 'pull', '--plain-http', ...local, name], { stdio: ['ignore', 'ignore', 'pipe'] })
  const said: Array<string> = []
  child.stderr?.on('data', (chunk: Buffer) => { said.push(chunk.toString()) })
  const code = await new Promise((resolve) => child.once('exit', resolve))
  const ms = now() - before
  if (code !== 0) throw new Error(`ctr images pull: ${said.join('')}`)
  const [user = 0, system = 0] = (said.join('').trim().split('\n').at(-1) ?? '').split(' ').map(Number)
  return { ms, cpu: user + system }
}

const LOOKS = 200

/** What a start that has to fetch nothing asks containerd, as often as it takes to tell. */
const foundMs = async ({ address, namespace }: PrivateContainerd, name: string): Promise<number> => {
  const containerd = connect(address, namespace)
  const cache: SeenRoots = new Map()
  const question = { _tag: 'AskImage' as const, name, snapshotter: 'overlayfs', platform: '', places: ['/etc'] }
  const took: Array<number> = []
  for (let look = 0; look < LOOKS; look += 1) {
    const before = now()
    const facts = await answer(containerd, [question], cache, { id: 'bench', owner: 'bench', mark: {} })()
    took.push(now() - before)
    if (E.isLeft(facts) || facts.right.images[name] === undefined) throw new Error('the image is not here')
  }
  containerd.close()
  return median(took)
}

export const pullFigures = async (): Promise<PullFigures> => {
  const daemon = await startContainerd()
  const registry = await served()
  const plugin = await launch({ containerd_runtime: 'io.containerd.runc.v2', address: daemon.address, namespace: daemon.namespace })
  try {
    const name = `${registry.host}/bench/app:1`
    const task = [] as Array<Awaited<ReturnType<typeof pulled>>>
    const found = [] as Array<number>
    const theirs = [] as Array<Awaited<ReturnType<typeof pulledByCtr>>>
    for (let round = 0; round < ROUNDS + 1; round += 1) {
      const mine = await pulled(plugin, name)
      if (round > 0) found.push(await foundMs(daemon, name))
      forget(daemon)
      await sleep(200)
      const other = await pulledByCtr(daemon, name)
      forget(daemon)
      await sleep(200)
      // The first one warms both.
      if (round > 0) { task.push(mine); theirs.push(other) }
    }
    return {
      pull: median(task.map(({ ms }) => ms)), ctr: median(theirs.map(({ ms }) => ms)), growth: Math.max(...task.map(({ grew }) => grew)),
      found: median(found), cpu: median(task.map(({ cpu }) => cpu)), ctrCpu: median(theirs.map(({ cpu }) => cpu))
    }
  } finally {
    await plugin.kill()
    registry.stop()
    await daemon.stop()
  }
}
