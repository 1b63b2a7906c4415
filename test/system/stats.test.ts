import * as fs from 'node:fs'
import * as path from 'node:path'

import { encode } from '@msgpack/msgpack'

import { statsOf } from '../../src/core/watch/statsOf'
import { connect, Containerd } from '../../src/effects/containerd/Containerd'
import { reads } from '../../src/effects/reads'
import { SetConfigRequest } from '../../src/generated/nomad/base'
import { CPUUsage_Fields as Cpu, MemoryUsage_Fields as Memory, StartTaskResponse, TaskStats, TaskStatsResponse } from '../../src/generated/nomad/driver'
import { Allocation, makeAllocation } from './harness/allocation'
import { IMAGE, importBusybox } from './harness/busybox'
import { PrivateContainerd, startContainerd } from './harness/containerd'
import { settled } from './harness/leftovers'
import { ask, launch, Plugin, refusal } from './harness/plugin'
import { sleep } from './harness/process'
import { right } from './harness/right'

const V2 = fs.existsSync('/sys/fs/cgroup/cgroup.controllers')
const MIB = 1024 * 1024
const MHZ = 2000n

jest.setTimeout(V2 ? 600_000 : 60_000)

let daemon: PrivateContainerd
let containerd: Containerd
let plugin: Plugin
const made: Array<Allocation> = []

beforeAll(async () => {
  daemon = await startContainerd()
  containerd = connect(daemon.address, daemon.namespace)
  await importBusybox(containerd)
  const config = { containerd_runtime: 'io.containerd.runc.v2', address: daemon.address, namespace: daemon.namespace }
  plugin = await launch()
  const cores = Array.from({ length: 2 }, () => ({ baseSpeed: MHZ, maxSpeed: 0n, guessSpeed: 0n }))
  const nomadConfig = { driver: { clientMaxPort: 0, clientMinPort: 0, Topology: { cores, overrideTotalCompute: 0n } } }
  await ask((done) => plugin.base.setConfig(SetConfigRequest.fromPartial({ msgpackConfig: Buffer.from(encode(config)), nomadConfig }), done))
})

const destroy = ({ config: { id } }: Allocation): Promise<object> => ask((done) => plugin.driver.destroyTask({ taskId: id, force: true }, done))

afterEach(async () => {
  for (const one of made) await destroy(one)
  expect(await settled(containerd)).toEqual([])
  for (const one of made.splice(0)) one.remove()
})

afterAll(async () => {
  await plugin.kill()
  containerd.close()
  await daemon.stop()
})

interface Running {
  readonly one: Allocation
  readonly container: string
  /** A file of the task's cgroup, as the kernel has it. */
  readonly file: (controller: string, name: string) => string
}

const running = async (script: string, config: Readonly<Record<string, unknown>> = {}, percentTicks = 0): Promise<Running> => {
  const one = makeAllocation({ config: { image: IMAGE, command: 'sh', args: ['-c', script], ...config } })
  made.push(one)
  Object.assign(one.config.resources?.linuxResources ?? {}, { PercentTicks: percentTicks })
  const { handle } = await ask<StartTaskResponse>((done) => plugin.driver.startTask({ task: one.config }, done))
  const { containerId: container } = JSON.parse(Buffer.from(handle?.driverState ?? []).toString()) as { readonly containerId: string }
  const directory = (controller: string): string => path.join('/sys/fs/cgroup', V2 ? '' : controller, 'nomad', container)
  return { one, container, file: (controller, name) => fs.readFileSync(path.join(directory(controller), name), 'utf8') }
}

const ready = async ({ one }: Running): Promise<void> => { while (!one.stdout().includes('ready')) await sleep(20) }

interface Listening {
  readonly samples: ReadonlyArray<TaskStats>
  readonly ended: Promise<unknown>
  readonly stop: () => void
}

const listen = ({ one: { config } }: Running, everyMs: number): Listening => {
  const samples: Array<TaskStats> = []
  const interval = { seconds: BigInt(Math.floor(everyMs / 1000)), nanos: (everyMs % 1000) * 1_000_000 }
  const stream = plugin.driver.taskStats({ taskId: config.id, collectionInterval: interval })
  stream.on('data', ({ stats }: TaskStatsResponse) => { if (stats !== undefined) samples.push(stats) })
  const ended = new Promise((resolve) => { stream.once('error', resolve).once('end', () => { resolve('ended') }) })
  return { samples, ended, stop: () => { stream.cancel() } }
}

const atLeast = async ({ samples }: Listening, count: number): Promise<void> => { while (samples.length < count) await sleep(20) }

const field = (text: string, name: string): number => Number(new RegExp(`^${name} (\\d+)$`, 'm').exec(text)?.[1])

interface Kernel {
  readonly cpuNs: number
  readonly throttledPeriods: number
  readonly throttledNs: number
  readonly rss: number
  readonly cache: number
  readonly swap: number
  readonly usage: number
  readonly max: number | undefined
  readonly kernel: number
}

/** What the kernel itself says, read by the names of its documentation. */
const kernelOf = ({ file }: Running): Kernel => {
  const memory = file('memory', 'memory.stat')
  const cpu = file('cpu', 'cpu.stat')
  return V2
    ? {
        cpuNs: field(cpu, 'usage_usec') * 1000, throttledPeriods: field(cpu, 'nr_throttled'), throttledNs: field(cpu, 'throttled_usec') * 1000,
        rss: field(memory, 'anon'), cache: field(memory, 'file'), swap: Number(file('', 'memory.swap.current')),
        usage: Number(file('', 'memory.current')), max: hasPeak() ? Number(file('', 'memory.peak')) : undefined, kernel: field(memory, 'kernel')
      }
    : {
        cpuNs: Number(file('cpuacct', 'cpuacct.usage')), throttledPeriods: field(cpu, 'nr_throttled'), throttledNs: field(cpu, 'throttled_time'),
        rss: field(memory, 'rss'), cache: field(memory, 'cache'), swap: field(memory, 'swap'),
        usage: Number(file('memory', 'memory.usage_in_bytes')), max: Number(file('memory', 'memory.max_usage_in_bytes')),
        kernel: Number(file('memory', 'memory.kmem.usage_in_bytes'))
      }
}

const hasPeak = (): boolean => fs.readdirSync('/sys/fs/cgroup/nomad').some((name) => fs.existsSync(`/sys/fs/cgroup/nomad/${name}/memory.peak`))

/** Whether a figure lies between what the kernel said before and after, or as near as the kernel counts for each core. */
const isNear = (value: bigint | undefined, before: number, after: number): boolean =>
  Number(value) >= Math.min(before, after) - MIB && Number(value) <= Math.max(before, after) + MIB

describe('statistics say what the kernel says', () => {
  it('of memory, in bytes, by each of its names', async () => {
    const task = await running('x=$(head -c 8000000 /dev/zero | tr "\\0" a); head -c 4000000 /dev/zero > /local/file; echo ready; sleep 1000; echo $x')
    await ready(task)
    const before = kernelOf(task)
    const listening = listen(task, 500)
    await atLeast(listening, 2)
    const after = kernelOf(task)
    listening.stop()
    const memory = listening.samples.at(-1)?.aggResourceUsage?.memory
    for (const [name, value, key] of [
      ['rss', memory?.rss, 'rss'], ['cache', memory?.cache, 'cache'], ['swap', memory?.swap, 'swap'], ['usage', memory?.usage, 'usage'],
      ['max usage', memory?.maxUsage, 'max'], ['kernel', memory?.kernelUsage, 'kernel']
    ] as const) {
      const [low, high] = [before[key], after[key]]
      if (low === undefined || high === undefined) continue
      expect([name, value, low, high, isNear(value, low, high)]).toEqual([name, value, low, high, true])
    }
    expect(Number(memory?.rss)).toBeGreaterThan(7_000_000)
    expect(Number(memory?.cache)).toBeGreaterThan(3_500_000)
    const more = V2 ? (before.max === undefined ? [] : [Memory.MAX_USAGE]) : [Memory.MAX_USAGE, Memory.KERNEL_MAX_USAGE]
    expect([...memory?.measuredFields ?? []].sort()).toEqual([Memory.RSS, Memory.CACHE, Memory.SWAP, Memory.USAGE, Memory.KERNEL_USAGE, ...more].sort())
  })

  it('of processor time, as a share of one core, and of throttling', async () => {
    const task = await running('echo ready; while :; do :; done', { cpu_hard_limit: true }, 0.05)
    await ready(task)
    const listening = listen(task, 1000)
    await atLeast(listening, 1)
    const from = { atMs: Date.now(), ...kernelOf(task) }
    await atLeast(listening, 5)
    const to = { atMs: Date.now(), ...kernelOf(task) }
    listening.stop()
    const cpus = listening.samples.map(({ aggResourceUsage }) => aggResourceUsage?.cpu)
    const last = cpus.at(-1)
    const mean = cpus.slice(1).reduce((sum, cpu) => sum + (cpu?.percent ?? 0), 0) / (cpus.length - 1)
    const kernels = (to.cpuNs - from.cpuNs) / ((to.atMs - from.atMs) * 1e6) * 100
    expect(cpus[0]?.percent).toBe(0)
    expect(Math.abs(mean - kernels)).toBeLessThan(kernels * 0.3)
    expect((last?.userMode ?? 0) + (last?.systemMode ?? 0)).toBeGreaterThan((last?.percent ?? 0) * 0.5)
    expect((last?.userMode ?? 0) + (last?.systemMode ?? 0)).toBeLessThan((last?.percent ?? 0) * 1.5 + 2)
    expect(last?.totalTicks).toBeCloseTo((last?.percent ?? 0) / 100 * Number(MHZ), 3)
    expect(Number(last?.throttledPeriods)).toBeGreaterThanOrEqual(from.throttledPeriods)
    expect(Number(last?.throttledPeriods)).toBeLessThanOrEqual(to.throttledPeriods)
    expect(Number(last?.throttledTime)).toBeGreaterThan(0)
    expect(Number(last?.throttledTime)).toBeLessThanOrEqual(to.throttledNs)
    expect(last?.measuredFields).toEqual(expect.arrayContaining([Cpu.PERCENT, Cpu.TOTAL_TICKS, Cpu.SYSTEM_MODE, Cpu.USER_MODE, Cpu.THROTTLED_PERIODS, Cpu.THROTTLED_TIME]))
  })

  it('of each process, by its number', async () => {
    const task = await running('sleep 1000 & sleep 1001 & echo ready; while :; do :; done')
    await ready(task)
    const listening = listen(task, 1000)
    await atLeast(listening, 3)
    const pids = task.file('memory', 'cgroup.procs').trim().split('\n')
    listening.stop()
    const byPid = listening.samples.at(-1)?.resourceUsageByPid ?? {}
    expect(Object.keys(byPid).sort()).toEqual([...pids].sort())
    const rss = (pid: string): number => Number(/^VmRSS:\s+(\d+)/m.exec(fs.readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) * 1024
    for (const pid of pids) expect(isNear(byPid[pid]?.memory?.rss, rss(pid), rss(pid))).toBe(true)
    const percents = Object.values(byPid).map(({ cpu }) => cpu?.percent ?? 0)
    expect(percents.filter((percent) => percent > 1)).toHaveLength(1)
  })

  it('as containerd tells them, where the files are not there or the processes live elsewhere', async () => {
    const task = await running('x=$(head -c 8000000 /dev/zero | tr "\\0" a); echo ready; sleep 1000; echo $x')
    await ready(task)
    const [ofFiles, ofContainerd] = [reads(containerd, new Map()), reads(containerd, new Map(), () => undefined)].map((one) => one.gauge(task.container))
    const [seen, told] = [right(await ofFiles!.read(1)), right(await ofContainerd!.read(1))]
    ofFiles?.close()
    ofContainerd?.close()
    expect(told?.processes).toEqual([])
    expect(seen?.processes.length).toBeGreaterThan(0)
    for (const key of ['rss', 'cache', 'usage', 'swap'] as const) expect(isNear(BigInt(told?.[key] ?? 0), seen?.[key] ?? 0, seen?.[key] ?? 0)).toBe(true)
    for (const key of ['cpuNs', 'userNs', 'systemNs'] as const) expect(Math.abs((told?.[key] ?? 0) - (seen?.[key] ?? 0))).toBeLessThan(50e6)
    expect(statsOf(seen, told ?? seen!, 1).percent).toBe(0)
  })
})

describe('a stream of statistics', () => {
  it('comes as often as Nomad asks for, task by task', async () => {
    const [fast, slow] = [await running('sleep 1000'), await running('sleep 1000')]
    const [often, seldom] = [listen(fast, 200), listen(slow, 2000)]
    await atLeast(seldom, 3)
    const [many, few] = [often.samples.length, seldom.samples.length]
    often.stop()
    seldom.stop()
    expect(few).toBe(3)
    expect(many).toBeGreaterThan(V2 ? 8 : 15)
    expect(many).toBeLessThan(35)
  })

  it('goes on while containerd is down', async () => {
    const task = await running('sleep 1000')
    const listening = listen(task, 200)
    await atLeast(listening, 2)
    await daemon.halt()
    const before = listening.samples.length
    await atLeast(listening, before + 5)
    listening.stop()
    await daemon.resume()
    // The plugin's own connection comes back in its time.
    while (!(await destroy(task.one).then(() => true, () => false))) await sleep(100)
  })

  it('ends with the task, and what it kept open is given back', async () => {
    const task = await running('while [ ! -e /local/go ]; do sleep 0.05; done')
    const listening = listen(task, 200)
    await atLeast(listening, 2)
    const open = (): ReadonlyArray<string> => fs.readdirSync(`/proc/${String(plugin.pid)}/fd`).flatMap((name) => {
      try {
        return fs.readlinkSync(`/proc/${String(plugin.pid)}/fd/${name}`)
      } catch {
        return []
      }
    }).filter((file) => file.includes(task.container))
    expect(open().length).toBeGreaterThan(3)
    fs.writeFileSync(path.join(task.one.dir, 'web/local/go'), '')
    expect(await listening.ended).toBe('ended')
    expect(open()).toEqual([])
    expect((await refusal(new Promise((_resolve, reject) => {
      const late = plugin.driver.taskStats({ taskId: task.one.config.id, collectionInterval: undefined })
      late.once('error', reject).resume()
    }))).details).toContain('has ended')
  })

  it('of a cgroup that was removed under it ends with the task and tells no nonsense', async () => {
    const task = await running('sleep 1000')
    const listening = listen(task, 200)
    await atLeast(listening, 2)
    await destroy(task.one)
    expect(await listening.ended).toBe('ended')
    for (const { aggResourceUsage } of listening.samples) expect(Number(aggResourceUsage?.memory?.usage)).toBeGreaterThan(0)
  })
})
