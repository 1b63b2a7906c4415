import { connect, Containerd } from '../../src/effects/containerd/Containerd'
import { ARCHITECTURE } from '../../src/effects/host/architecture'
import { Allocation, makeAllocation } from './harness/allocation'
import { IMAGE, importBusybox } from './harness/busybox'
import { Calls, processesWith, said } from './harness/calls'
import { PrivateContainerd, startContainerd } from './harness/containerd'
import { settled } from './harness/leftovers'
import { launch, Plugin } from './harness/plugin'
import { sleep } from './harness/process'
import { openShelf, Shelf, shellLayer } from './harness/shelf'

let daemon: PrivateContainerd
let containerd: Containerd
let plugin: Plugin
let shelf: Shelf
const made: Array<Allocation> = []
const { start, wait, stop, destroy, recover } = Calls(() => plugin)

const relaunch = async (): Promise<void> => {
  plugin = await launch({ containerd_runtime: 'io.containerd.runc.v2', address: daemon.address, namespace: daemon.namespace })
}

const sh = (script: string, config: Readonly<Record<string, unknown>> = {}): Allocation => {
  const one = makeAllocation({ config: { image: IMAGE, command: 'sh', args: ['-c', script], ...config } })
  made.push(one)
  return one
}

// Says by which signal it was asked, and obeys.
const SIGNALS = { HUP: 1, INT: 2, QUIT: 3, USR1: 10, TERM: 15 }
const TELLS = `${Object.entries(SIGNALS).map(([name, number]) => `trap "echo by ${name}; exit ${String(number)}" ${name}`).join('; ')}; echo ready; while true; do sleep 0.02; done`

beforeAll(async () => {
  shelf = await openShelf()
  daemon = await startContainerd()
  containerd = connect(daemon.address, daemon.namespace)
  await importBusybox(containerd)
  await relaunch()
}, 60_000)

afterEach(async () => {
  for (const { config } of made) await destroy(config.id)
  expect(await settled(containerd)).toEqual([])
  for (const one of made.splice(0)) one.remove()
})

afterAll(async () => {
  await plugin.kill()
  containerd.close()
  await daemon.stop()
  await shelf.stop()
})

/** The exit code of a task that is stopped, once it listens. */
const stopped = async (one: Allocation, signal = '', withinSeconds = 20): Promise<number | undefined> => {
  await start(one.config)
  await said(one, 'ready')
  await stop(one.config.id, withinSeconds, signal)
  return (await wait(one.config.id)).result?.exitCode
}

describe('the signal of a stop', () => {
  const image = async (name: string, stopSignal?: string): Promise<string> => {
    await shelf.put(`stopping/${name}:1`, { layers: [shellLayer()], config: stopSignal === undefined ? {} : { StopSignal: stopSignal }, architecture: ARCHITECTURE })
    return `${shelf.host}/stopping/${name}:1`
  }

  it.each<readonly [string, string | undefined, string, number]>([
    ['SIGTERM where nobody names one', undefined, '', SIGNALS.TERM],
    ['the image\'s STOPSIGNAL', 'SIGQUIT', '', SIGNALS.QUIT],
    ['the image\'s, by number', '10', '', SIGNALS.USR1],
    ['SIGTERM where the image\'s is none', 'SIGNOPE', '', SIGNALS.TERM],
    ['the job\'s kill_signal before the image\'s', 'SIGQUIT', 'SIGINT', SIGNALS.INT],
    ['the job\'s, written as docker has it', 'SIGQUIT', 'hup', SIGNALS.HUP]
  ])('is %s', async (what, ofImage, ofJob, code) => {
    const name = what.replaceAll(/[^a-z]/g, '')
    expect(await stopped(sh(TELLS, { image: await image(name, ofImage) }), ofJob)).toBe(code)
  })

  it('is the image\'s after the plugin was replaced, too', async () => {
    const one = sh(TELLS, { image: await image('kept', 'SIGQUIT') })
    const { handle } = await start(one.config)
    await said(one, 'ready')
    await plugin.kill('SIGKILL')
    await relaunch()
    await recover(handle)
    await stop(one.config.id, 20)
    expect((await wait(one.config.id)).result?.exitCode).toBe(SIGNALS.QUIT)
  })

  it('that ends nothing is followed by SIGKILL once the time is up', async () => {
    const before = Date.now()
    expect(await stopped(sh('trap "" TERM; echo ready; while true; do sleep 0.1; done'), '', 1)).toBe(137)
    expect(Date.now() - before).toBeGreaterThanOrEqual(950)
  })
})

describe('the time of a stop', () => {
  const DAY_S = 24 * 60 * 60

  // A timer of 2^31 ms, 24.8 days, or more ends at once in many a runtime.
  it('is waited for, however long, and is over when the process is gone', async () => {
    const before = Date.now()
    const codes = await Promise.all([3 * 60 * 60, 24 * DAY_S, 25 * DAY_S, 50 * DAY_S, 36_500 * DAY_S].map((seconds) =>
      stopped(sh('trap "sleep 1; exit 6" TERM; echo ready; while true; do sleep 0.05; done'), '', seconds)))
    expect(codes).toEqual([6, 6, 6, 6, 6])
    expect(Date.now() - before).toBeLessThan(10_000)
  })

  it.each([0, -5])('of %i seconds ends it at once', async (seconds) => {
    const before = Date.now()
    expect(await stopped(sh('trap "" TERM; echo ready; while true; do sleep 0.1; done'), '', seconds)).toBe(137)
    expect(Date.now() - before).toBeLessThan(4000)
  })

  it('is over when the process is gone, and not before', async () => {
    const one = sh('trap "sleep 0.7; echo last; exit 5" TERM; echo ready; while true; do sleep 0.02; done')
    expect(await stopped(one)).toBe(5)
    await one.outputEnds
    expect(one.stdout()).toBe('ready\nlast\n')
  })
})

describe('with the pids of the host', () => {
  const child = (mark: string): string => `trap "" TERM HUP; (trap "" TERM HUP; exec sleep ${mark}) & (trap "" TERM HUP; setsid sleep ${mark}) &`

  const goneFor = async (mark: string): Promise<ReadonlyArray<string>> => {
    for (const until = Date.now() + 5000; processesWith(mark).length > 0 && Date.now() < until;) await sleep(20)
    return processesWith(mark)
  }

  it('all that a task began ends with its main process, which ends by itself', async () => {
    const one = sh(`${child('1131')} sleep 0.3; echo ready; sleep 0.3; exit 4`, { pid_mode: 'host' })
    await start(one.config)
    await said(one, 'ready')
    expect(processesWith('1131').length).toBeGreaterThanOrEqual(2)
    expect((await wait(one.config.id)).result?.exitCode).toBe(4)
    expect(await goneFor('1131')).toEqual([])
  })

  it.each([['obeys', `${child('1132')} trap "exit 4" TERM; sleep 0.3; echo ready; while true; do sleep 0.02; done`, '1132', 4], ['does not', `${child('1133')} sleep 0.3; echo ready; while true; do sleep 0.02; done`, '1133', 137]] as const)(
    'all that a task began ends with a stop that it %s', async (_what, script, mark, code) => {
      expect(await stopped(sh(script, { pid_mode: 'host' }), '', 1)).toBe(code)
      expect(await goneFor(mark)).toEqual([])
    }
  )

  it('all that a task began ends when it is destroyed', async () => {
    const one = sh(`${child('1134')} sleep 0.3; echo ready; sleep 1000`, { pid_mode: 'host' })
    await start(one.config)
    await said(one, 'ready')
    await destroy(one.config.id)
    expect(await goneFor('1134')).toEqual([])
  })
})
