import { execFileSync } from 'node:child_process'
import * as fs from 'node:fs'
import * as path from 'node:path'

import { connect, Containerd } from '../../src/effects/containerd/Containerd'
import { DriverTaskEvent, TaskStatsResponse } from '../../src/generated/nomad/driver'
import { makeAllocation } from '../system/harness/allocation'
import { IMAGE, importBusybox } from '../system/harness/busybox'
import { Calls, said } from '../system/harness/calls'
import { PrivateContainerd, startContainerd, VERSION } from '../system/harness/containerd'
import { settled } from '../system/harness/leftovers'
import { launch, Plugin } from '../system/harness/plugin'
import { sleep } from '../system/harness/process'

// The clock of the plugin alone is set, by libfaketime.

const HOUR_MS = 60 * 60_000

jest.setTimeout(120_000)

let daemon: PrivateContainerd
let containerd: Containerd
let plugin: Plugin
let clock: string
const { start, wait, stop, destroy, exec, inspect } = Calls(() => plugin)

const library = (): string => {
  const tools = execFileSync('bash', [path.join(__dirname, '../../scripts/install-containerds.sh')], { encoding: 'utf8' }).trim()
  const found = execFileSync('find', [path.join(tools, 'faketime'), '-name', 'libfaketime.so.1'], { encoding: 'utf8' }).trim().split('\n')[0] ?? ''
  if (found === '') throw new Error(`there is no libfaketime below ${tools}`)
  return found
}

const set = (by: string): void => { fs.writeFileSync(clock, `${by}\n`) }

beforeAll(async () => {
  daemon = await startContainerd()
  clock = path.join(daemon.directory, 'clock')
  set('+0')
  containerd = connect(daemon.address, daemon.namespace)
  await importBusybox(containerd)
  Object.assign(process.env, { LD_PRELOAD: library(), FAKETIME_TIMESTAMP_FILE: clock, FAKETIME_NO_CACHE: '1', FAKETIME_DONT_FAKE_MONOTONIC: '1' })
  plugin = await launch({
    containerd_runtime: 'io.containerd.runc.v2', address: daemon.address, namespace: daemon.namespace, stats_interval: '200ms',
    dangling_containers: { period: '1s', creation_grace: '2s' }
  })
  delete process.env['LD_PRELOAD']
})

afterAll(async () => {
  await plugin.kill()
  containerd.close()
  await daemon.stop()
})

it.each(['-1h', '+1h'])(`on containerd ${VERSION}, a clock that jumps by %s loses nothing`, async (by) => {
  set('+0')
  const events: Array<DriverTaskEvent> = []
  const told = plugin.driver.taskEvents({})
  told.on('data', (event: DriverTaskEvent) => { events.push(event) })
  told.on('error', () => undefined)
  const one = makeAllocation({ config: { image: IMAGE, command: 'sh', args: ['-c', 'trap "exit 7" TERM; echo here; while true; do sleep 0.02; done'] } })
  const { id } = one.config
  await start(one.config)
  await said(one, 'here')
  const samples: Array<TaskStatsResponse> = []
  const stream = plugin.driver.taskStats({ taskId: id, collectionInterval: { seconds: 1n, nanos: 0 } })
  stream.on('data', (sample: TaskStatsResponse) => { samples.push(sample) })
  stream.on('error', () => undefined)
  while (samples.length < 2) await sleep(20)
  set(by)
  const before = samples.length
  for (const until = Date.now() + 10_000; samples.length < before + 3 && Date.now() < until;) await sleep(20)
  expect(samples.length).toBeGreaterThanOrEqual(before + 3)
  for (const { stats } of samples) expect(stats?.aggResourceUsage?.cpu?.percent ?? 0).toBeGreaterThanOrEqual(0)
  const jumped = Math.abs(Number(samples.at(-1)?.stats?.timestamp) - Date.now())
  // The clock did jump: else this proves nothing.
  expect(jumped).toBeGreaterThan(HOUR_MS - 60_000)
  const asked = Date.now()
  expect((await exec(id, ['echo', 'alive'], 5)).stdout.toString()).toBe('alive\n')
  await daemon.halt('SIGKILL')
  await sleep(1200)
  await daemon.resume()
  const messages = (): string => events.filter(({ taskId }) => taskId === id).map(({ message }) => message).join('\n')
  for (const until = Date.now() + 15_000; !messages().includes('answers again') && Date.now() < until;) await sleep(20)
  expect(messages()).toMatch(/containerd does not answer.*\ncontainerd answers again, after \d s/)
  await stop(id, 20)
  expect((await wait(id)).result?.exitCode).toBe(7)
  const { task } = await inspect(id)
  expect(Number(task?.completedAt)).toBeGreaterThanOrEqual(Number(task?.startedAt))
  expect(Date.now() - asked).toBeLessThan(30_000)
  await destroy(id)
  expect(await settled(containerd)).toEqual([])
  stream.cancel()
  told.cancel()
  one.remove()
})
