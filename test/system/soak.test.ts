import * as fs from 'node:fs'
import * as path from 'node:path'

import { ALLOC_ID } from '../../src/core/domain/labels'
import { connect, Containerd } from '../../src/effects/containerd/Containerd'
import { ListContainersResponse } from '../../src/generated/containerd/containers'
import { ListTasksResponse, Status } from '../../src/generated/containerd/tasks'
import { importBusybox } from './harness/busybox'
import { PrivateContainerd, startContainerd, VERSION } from './harness/containerd'
import { leftovers } from './harness/leftovers'
import { ask } from './harness/plugin'
import { sleep } from './harness/process'
import { Agent } from './soak/Agent'
import { runTask, Soak } from './soak/runTask'
import { Tally } from './soak/Tally'
import { growthText, Usage, usageOf } from './soak/Usage'

// The whole of it takes as long: what comes before and after counts.
const MINUTES = Number(process.env['SOAK_MINUTES'] ?? 2)
const TOTAL_MS = MINUTES * 60_000
const DRAIN_MS = 20_000
const AT_ONCE = 20
const NODE_ID = '33333333-3333-4333-8333-333333333333'
const MOST_GROWTH = 1.05
/** From here on growth is judged: shorter than that the heap has not come to its size. */
const LONG_MINUTES = 10

let daemon: PrivateContainerd
let containerd: Containerd
let agent: Agent
const tally = Tally()
let state = Number(process.env['SEED'] ?? Date.now() % 2 ** 31)
const seed = state

/** mulberry32: the same jobs and kills for the same seed, as far as the machine lets them be. */
const random = (below: number): number => {
  state = (state + 0x6d2b79f5) | 0
  let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
  mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
  return ((mixed ^ (mixed >>> 14)) >>> 0) % below
}

const soak = (): Soak => ({ agent, tally, nodeId: NODE_ID, random, containerdKills: () => tally.containerdKills })

/** Keeps twenty tasks going until the time is up, and waits for the last. */
const load = async (untilMs: number): Promise<void> => {
  await Promise.all(Array.from({ length: AT_ONCE }, async (_, slot) => {
    await sleep(slot * 100)
    while (Date.now() < untilMs) await runTask(soak())
  }))
}

const KILL_EVERY_MS = 8000

/** Kills the plugin, or containerd, again and again. */
const kills = async (untilMs: number, withPlugin: boolean): Promise<void> => {
  for (;;) {
    await sleep(KILL_EVERY_MS / 2 + random(KILL_EVERY_MS))
    if (Date.now() > untilMs) return
    if (withPlugin && random(2) === 0) {
      tally.pluginKills += 1
      await agent.killPlugin()
    } else {
      tally.containerdKills += 1
      await daemon.halt(random(3) === 0 ? 'SIGTERM' : 'SIGKILL')
      await sleep(random(2000))
      await daemon.resume()
    }
  }
}

/** Two tasks of one allocation never run at once. */
const doubles = async (over: AbortSignal): Promise<void> => {
  while (!over.aborted) {
    await sleep(1000)
    const [containers, tasks] = await Promise.all([
      ask<ListContainersResponse>((done) => containerd.containers.list({ filters: [] }, containerd.headers(), done)),
      ask<ListTasksResponse>((done) => containerd.tasks.list({ filter: '' }, containerd.headers(), done))
    ]).catch(() => [{ containers: [] }, { tasks: [] }] as const)
    const running = new Set(tasks.tasks.filter((one) => one.status === Status.STATUS_RUNNING).map(({ id }) => id))
    const allocations = containers.containers.filter(({ id }) => running.has(id)).map(({ labels }) => labels[ALLOC_ID] ?? '')
    const twice = allocations.filter((one, index) => allocations.indexOf(one) !== index)
    if (twice.length > 0) tally.wrong.push(`runs twice: ${twice.join(', ')}`)
  }
}

const usage = async (): Promise<Usage> => usageOf((await agent.plugin()).pid)

/** What is left once the driver had the time to take it away. */
const left = async (): Promise<ReadonlyArray<string>> => {
  const until = Date.now() + 30_000
  for (;;) {
    const files = fs.readdirSync(path.join(daemon.directory, 'files')).filter((name) => name !== '.pipes').map((name) => `directory ${name}`)
    const found = [...await leftovers(containerd).catch(() => ['containerd does not answer']), ...files]
    if (found.length === 0 || Date.now() > until) return found
    await sleep(500)
  }
}

const told = (before: Usage, after: Usage, leaks: ReadonlyArray<string>): string => [
  `soak of ${String(MINUTES)} minutes on containerd ${VERSION}, ${String(AT_ONCE)} tasks at once (SEED=${String(seed)})`,
  `  ${String(tally.starts)} starts, ${String([...tally.failures.values()].reduce((sum, one) => sum + one, 0))} failed starts, ${String(tally.exits)} exits (${String(tally.unknown)} of them unknown), ${String(tally.lost)} not found again`,
  ...[...tally.failures].map(([what, count]) => `    ${String(count)} × ${what}`),
  `  ${String(tally.execs)} execs (${String(tally.failedExecs)} refused), ${String(tally.samples)} samples`,
  `  ${String(tally.pluginKills)} kills of the plugin, ${String(tally.containerdKills)} of containerd`,
  `  ${String(leaks.length)} leaks, ${String(tally.wrong.length)} wrong`,
  `  ${growthText(before, after)}`
].join('\n')

beforeAll(async () => {
  daemon = await startContainerd()
  containerd = connect(daemon.address, daemon.namespace)
  await importBusybox(containerd)
  agent = Agent({
    containerd_runtime: 'io.containerd.runc.v2', address: daemon.address, namespace: daemon.namespace, state_dir: path.join(daemon.directory, 'files'),
    dangling_containers: { period: '1s', creation_grace: '10s' }
  })
}, 60_000)

afterAll(async () => {
  await agent.end()
  containerd.close()
  await daemon.stop()
})

it(`twenty random tasks at once lose nothing and leave nothing, whoever is killed (${String(MINUTES)} minutes, SEED=${String(seed)})`, async () => {
  const begun = Date.now()
  const [half, warm, end] = [begun + TOTAL_MS * 0.45, begun + TOTAL_MS * 0.6, begun + TOTAL_MS - DRAIN_MS]
  const over = new AbortController()
  const watching = doubles(over.signal)
  // First both are killed; then only containerd, so that one plugin gets old.
  await Promise.all([load(half - DRAIN_MS / 2), kills(half - DRAIN_MS / 2, true)])
  await Promise.all([load(warm), kills(warm, false)])
  const before = await usage()
  await Promise.all([load(end), kills(end, false)])
  const after = await usage()
  over.abort()
  await watching
  const leaks = await left()
  process.stderr.write(`${told(before, after, leaks)}\n`)
  expect(tally.wrong).toEqual([])
  expect(leaks).toEqual([])
  expect(tally.starts).toBeGreaterThan(AT_ONCE)
  if (MINUTES >= LONG_MINUTES) {
    expect(after.rssMib / before.rssMib).toBeLessThanOrEqual(MOST_GROWTH)
    expect(after.descriptors / before.descriptors).toBeLessThanOrEqual(MOST_GROWTH)
  }
}, TOTAL_MS + 120_000)
