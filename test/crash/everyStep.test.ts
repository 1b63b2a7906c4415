import { execFileSync } from 'node:child_process'
import * as fs from 'node:fs'
import * as path from 'node:path'

import { connect, Containerd } from '../../src/effects/containerd/Containerd'
import { ARCHITECTURE } from '../../src/effects/host/architecture'
import { ListContainersResponse } from '../../src/generated/containerd/containers'
import { TaskHandle } from '../../src/generated/nomad/driver'
import { Allocation, makeAllocation } from '../system/harness/allocation'
import { IMAGE, importBusybox } from '../system/harness/busybox'
import { Calls, processesWith, said } from '../system/harness/calls'
import { PrivateContainerd, startContainerd, VERSION } from '../system/harness/containerd'
import { settled } from '../system/harness/leftovers'
import { ask, launch, Plugin } from '../system/harness/plugin'
import { sleep } from '../system/harness/process'
import { file, openShelf, Shelf, shellLayer } from '../system/harness/shelf'
import { shimsOf } from '../system/harness/shim'

// The plugin is killed before and after each of its acts, undos and questions, by a build that stops there.

const ROOT = path.join(__dirname, '../..')
const NODE_ID = '55555555-5555-4555-8555-555555555555'

jest.setTimeout(600_000)

let daemon: PrivateContainerd
let containerd: Containerd
let plugin: Plugin
let executable: string
let shelf: Shelf
let counter: string
const open: Array<number> = []
const made: Array<Allocation> = []
const { start, wait, stop, destroy, recover, exec } = Calls(() => plugin)

const stateDirectory = (): string => path.join(daemon.directory, 'files')

const relaunch = async (): Promise<void> => {
  plugin = await launch({
    containerd_runtime: 'io.containerd.runc.v2', address: daemon.address, namespace: daemon.namespace, state_dir: stateDirectory(),
    dangling_containers: { period: '1s', creation_grace: '3s' }
  }, executable)
}

/** Lets so many moments pass before the plugin stops; undefined: it does not stop. */
const stopAfter = (moments: number | undefined): void => { fs.writeFileSync(counter, moments === undefined ? '' : String(moments)) }

// Others may run these tests on this host.
let numbers = process.pid * 1000

interface Made extends Allocation {
  /** An argument of its process that no other has. */
  readonly mark: string
}

const task = (beside?: Allocation, script = (mark: string) => `echo here; exec sleep ${mark}`, image = IMAGE): Made => {
  const mark = String(numbers += 1)
  const config = { image, command: 'sh', args: ['-c', script(mark)], extra_hosts: ['db:10.0.0.7'] }
  const one = makeAllocation({ config, ...(beside === undefined ? {} : { beside, readers: false }) })
  one.config.nodeId = NODE_ID
  // Nomad's log collector goes on reading when a shim closes the pipes.
  open.push(...[one.config.stdoutPath, one.config.stderrPath].map((fifo) => fs.openSync(fifo, 'r+')))
  made.push(one)
  return { ...one, mark }
}

const isStopped = (): boolean => {
  const stat = fs.readFileSync(`/proc/${String(plugin.pid)}/stat`, 'utf8')
  return stat.slice(stat.lastIndexOf(') ') + 2).startsWith('T')
}

const momentIn = (log: string): string => [...log.matchAll(/stopped ((?:before|after) [A-Za-z ]+)/g)].at(-1)?.[1] ?? 'nowhere'

/** Asks, and kills the plugin at the moment of that number: its name; undefined when all was over before. */
const killedAt = async (moment: number, act: () => Promise<unknown>): Promise<string | undefined> => {
  stopAfter(moment)
  const state = { isOver: false }
  const done = act().catch(() => undefined).then(() => { state.isOver = true })
  while (!state.isOver && !isStopped()) await sleep(2)
  const wasStopped = !state.isOver
  stopAfter(undefined)
  if (!wasStopped) return undefined
  // What it said before it stopped is under way.
  await sleep(20)
  const name = momentIn(plugin.stderr())
  await plugin.kill('SIGKILL')
  await done
  await relaunch()
  return name
}

const containers = async (): Promise<number> =>
  (await ask<ListContainersResponse>((done) => containerd.containers.list({ filters: [] }, containerd.headers(), done))).containers.length

/** What is left in containerd, the kernel, the driver's directory, and of shims; nothing a moment later, as a rule. */
const left = async (): Promise<ReadonlyArray<string>> => {
  const names = (): ReadonlyArray<string> =>
    fs.existsSync(stateDirectory()) ? fs.readdirSync(stateDirectory()).filter((name) => name !== '.pipes') : []
  const look = (): ReadonlyArray<string> => [...names(), ...shimsOf(daemon.namespace)]
  const things = await settled(containerd)
  for (const until = Date.now() + 5000; look().length > 0 && Date.now() < until;) await sleep(20)
  return [...things, ...look()]
}

/** `reader` reads the output of both, where it was started again under another id. */
const runsOnce = async (one: Made, reader = one): Promise<void> => {
  await said(reader, 'here')
  // An earlier run may have said so.
  for (const until = Date.now() + 5000; processesWith(one.mark).length === 0 && Date.now() < until;) await sleep(10)
  expect([await containers(), processesWith(one.mark).length, shimsOf(daemon.namespace).length]).toEqual([1, 1, 1])
}

const gone = async (one: Made): Promise<void> => {
  await destroy(one.config.id)
  expect(processesWith(one.mark)).toEqual([])
  expect(await left()).toEqual([])
}

/** By a task the plugin learns whose it is; it looks for what is nobody's as long as an agent listens. */
const nothingAfterTheGrace = async (): Promise<void> => {
  const last = task()
  const stream = plugin.driver.fingerprint({})
  stream.on('data', () => undefined)
  stream.on('error', () => undefined)
  await start(last.config)
  for (const until = Date.now() + 20_000; (await containers()) > 1 && Date.now() < until;) await sleep(200)
  await destroy(last.config.id)
  for (const until = Date.now() + 20_000; (await left()).length > 0 && Date.now() < until;) await sleep(200)
  stream.cancel()
  expect(await left()).toEqual([])
}

/** Goes through all moments of an act; each is told to `at` once the plugin was replaced. Returns their names. */
const everyMoment = async <A>(
  prepare: () => Promise<A>, act: (of: A) => Promise<unknown>, at: (of: A, moment: number, name: string | undefined) => Promise<void>
): Promise<ReadonlyArray<string>> => {
  const names: Array<string> = []
  for (let moment = 0; ; moment += 1) {
    const of = await prepare()
    const name = await killedAt(moment, () => act(of))
    if (name !== undefined) names.push(name)
    try {
      await at(of, moment, name)
    } catch (thrown) {
      throw new Error(`killed ${name ?? 'nowhere'} (moment ${String(moment)}): ${thrown instanceof Error ? thrown.message : String(thrown)}`)
    }
    if (name === undefined) return names
  }
}

const report = (what: string, moments: ReadonlyArray<string>): void => {
  process.stderr.write(`containerd ${VERSION}, killed during ${what}: ${String(moments.length)} moments: ${moments.join(', ')}\n`)
}

beforeAll(async () => {
  shelf = await openShelf()
  daemon = await startContainerd()
  counter = path.join(daemon.directory, 'stops')
  stopAfter(undefined)
  process.env['CONTAINERD_DRIVER_STOPS'] = counter
  process.env['CACHE_DIRECTORY'] = daemon.directory
  execFileSync('node', ['scripts/build.mjs', '--stops', path.join(daemon.directory, 'program')], { cwd: ROOT, stdio: 'pipe' })
  executable = path.join(daemon.directory, 'program/containerd-driver')
  containerd = connect(daemon.address, daemon.namespace)
  await importBusybox(containerd)
  await relaunch()
}, 120_000)

afterEach(async () => {
  stopAfter(undefined)
  // What a test that failed has left.
  for (const { config } of made) await destroy(config.id).catch(() => undefined)
  for (const one of open.splice(0)) fs.closeSync(one)
  for (const one of made.splice(0)) one.remove()
})

afterAll(async () => {
  await plugin.kill()
  containerd.close()
  await daemon.stop()
  await shelf.stop()
})

const running = async (script?: (mark: string) => string): Promise<{ readonly one: Made; readonly handle: TaskHandle | undefined }> => {
  const one = task(undefined, script)
  const { handle } = await start(one.config)
  await said(one, 'here')
  return { one, handle }
}

describe('killed at every step of', () => {
  it('a start: Nomad starts the task again, by the same or another id, and it runs once', async () => {
    const moments = await everyMoment(() => Promise.resolve(task()), (one) => start(one.config), async (one, moment) => {
      const again = moment % 2 === 0 ? one : task(one)
      const { handle } = await start(again.config).catch((thrown: unknown) => {
        // The last one was not killed.
        if ((thrown as Error).message.includes('already started')) return { handle: undefined }
        throw thrown
      })
      await runsOnce(handle === undefined ? one : again, one)
      await gone(again)
      if (again !== one) await gone(one)
    })
    report('a start', moments)
    expect(moments.length).toBeGreaterThan(14)
  })

  it('a start that fetches its image: Nomad starts the task again, and it runs once', async () => {
    let images = 0
    const moments = await everyMoment(async () => {
      const name = `every/step:${String(images += 1)}`
      // Each has a layer of its own.
      await shelf.put(name, { layers: [shellLayer(), [file('name', name)]], architecture: ARCHITECTURE })
      return task(undefined, undefined, `${shelf.host}/${name}`)
    }, (one) => start(one.config), async (one, _moment, name) => {
      if (name !== undefined) await start(one.config)
      await runsOnce(one)
      await destroy(one.config.id)
    })
    // The lease of a fetch that nobody had to do again.
    await nothingAfterTheGrace()
    report('a start that fetches its image', moments)
    expect(moments.length).toBeGreaterThan(20)
  })

  it('a start that nobody asks for again: nothing is left after the grace', async () => {
    const starts: Array<Made> = []
    const moments = await everyMoment(() => Promise.resolve(task()), (one) => start(one.config), async (one, _moment, name) => {
      starts.push(one)
      // The last one was not killed: this process knows it.
      if (name === undefined) await destroy(one.config.id)
      else one.remove()
    })
    await nothingAfterTheGrace()
    expect(starts.flatMap(({ mark }) => processesWith(mark))).toEqual([])
    report('a start that nobody asks for again', moments)
  })

  it('a stop: it is stopped when that is asked again', async () => {
    const moments = await everyMoment(() => running(() => 'trap "exit 7" TERM; echo here; while true; do sleep 0.02; done'), ({ one }) => stop(one.config.id, 10), async ({ one, handle }) => {
      await recover(handle)
      await stop(one.config.id, 10)
      expect((await wait(one.config.id)).result).toMatchObject({ exitCode: 7 })
      await gone(one)
    })
    report('a stop', moments)
    expect(moments.length).toBeGreaterThan(3)
  })

  it.each(['that runs', 'that has ended'])('a destroy of a task %s: nothing is left when that is asked again', async (which) => {
    const moments = await everyMoment(() => running(which === 'that runs' ? undefined : () => 'echo here; exit 3'), async ({ one }) => {
      if (which === 'that has ended') await wait(one.config.id)
      await destroy(one.config.id)
    }, async ({ one, handle }) => {
      // What Nomad does: it asks for the task, and destroys it whatever that says.
      await recover(handle).catch(() => undefined)
      await gone(one)
    })
    report(`a destroy of a task ${which}`, moments)
    expect(moments.length).toBeGreaterThan(8)
  })

  it('a command: the next one runs, and nothing of the first is left', async () => {
    const moments = await everyMoment(() => running(), ({ one }) => exec(one.config.id, ['sh', '-c', `echo in; sleep 0.1; exec true ${one.mark}0`]), async ({ one, handle }) => {
      await recover(handle)
      expect((await exec(one.config.id, ['echo', 'again'])).stdout.toString()).toBe('again\n')
      for (const until = Date.now() + 5000; execsIn().length > 0 && Date.now() < until;) await sleep(20)
      expect([execsIn(), processesWith(`${one.mark}0`)]).toEqual([[], []])
      await runsOnce(one)
      await gone(one)
    })
    report('a command', moments)
    expect(moments.length).toBeGreaterThan(12)
  })

  it('a recovery: the next one finds the task, and its real exit', async () => {
    const moments = await everyMoment(async () => {
      const before = await running(() => 'trap "exit 9" TERM; echo here; while true; do sleep 0.02; done')
      await plugin.kill('SIGKILL')
      await relaunch()
      return before
    }, ({ handle }) => recover(handle), async ({ one, handle }) => {
      await recover(handle)
      await stop(one.config.id, 10)
      expect(await wait(one.config.id)).toMatchObject({ result: { exitCode: 9 }, err: '' })
      await gone(one)
    })
    report('a recovery', moments)
    expect(moments.length).toBeGreaterThan(1)
  })
})

const execsIn = (): ReadonlyArray<string> =>
  fs.readdirSync(stateDirectory()).flatMap((container) =>
    fs.readdirSync(path.join(stateDirectory(), container)).filter((name) => name.startsWith('exec-')))
