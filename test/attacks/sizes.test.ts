import { connect, Containerd } from '../../src/effects/containerd/Containerd'
import * as leases from '../../src/effects/containerd/leases'
import { busyboxImage } from '../../src/effects/dev/busyboxImage'
import { importImage } from '../../src/effects/image/importImage'
import { unpackImage } from '../../src/effects/image/unpack'
import { StartTaskResponse } from '../../src/generated/nomad/driver'
import { Allocation, makeAllocation, Wanted } from '../system/harness/allocation'
import { BOUNDS } from '../system/harness/bounds'
import { IMAGE, importBusybox } from '../system/harness/busybox'
import { PrivateContainerd, startContainerd } from '../system/harness/containerd'
import { ask, launch, Plugin, refusal } from '../system/harness/plugin'
import { sleep } from '../system/harness/process'
import { right } from '../system/harness/right'

let daemon: PrivateContainerd
let containerd: Containerd
let plugin: Plugin
let victim: Allocation
const made: Array<Allocation> = []

const LONG_PATH = '/a'.repeat(40_960)
const LARGE = 'docker.io/library/large:1'
const LEASE = 'large'

const allocation = (wanted: Wanted): Allocation => {
  const one = makeAllocation(wanted)
  made.push(one)
  return one
}

const start = (one: Allocation): Promise<StartTaskResponse> => ask((done) => plugin.driver.startTask({ task: one.config }, done))

/** The longest that the plugin took to answer for another task while something went on. */
const slowest = async (attack: () => Promise<unknown>): Promise<number> => {
  let [worst, over] = [0, false]
  const done = attack().finally(() => { over = true })
  while (!over) {
    const before = performance.now()
    await ask((answer) => plugin.driver.signalTask({ taskId: victim.config.id, signal: 'SIGUSR1' }, answer))
    worst = Math.max(worst, performance.now() - before)
  }
  await done
  return worst
}

beforeAll(async () => {
  daemon = await startContainerd()
  containerd = connect(daemon.address, daemon.namespace)
  await importBusybox(containerd)
  const image = await busyboxImage(LARGE, '/bin/busybox')
  const steps = [
    leases.hold(containerd, LEASE, 'test', 600), importImage(containerd, { ...image, config: { Cmd: ['sh'], WorkingDir: LONG_PATH } }, LEASE),
    unpackImage(containerd, { ...BOUNDS, name: LARGE, snapshotter: 'overlayfs', lease: LEASE }), leases.release(containerd, LEASE)
  ]
  for (const step of steps) right(await step())
  plugin = await launch({ containerd_runtime: 'io.containerd.runc.v2', address: daemon.address, namespace: daemon.namespace })
  victim = allocation({ config: { image: IMAGE, command: 'sh', args: ['-c', 'trap "" USR1; echo ready; while true; do sleep 1; done'] } })
  await start(victim)
  while (!victim.stdout().includes('ready')) await sleep(20)
}, 120_000)

afterAll(async () => {
  for (const { config: { id } } of made) await ask((done) => plugin.driver.destroyTask({ taskId: id, force: true }, done))
  for (const one of made) one.remove()
  await plugin.kill()
  containerd.close()
  await daemon.stop()
})

// It was 39 seconds. On a busy machine the start of a process alone may take a part of this.
const SOON_MS = 2000

describe('a job that is too large', () => {
  it.each<readonly [string, Readonly<Record<string, unknown>>, string]>([
    ['a mount in a block', { mounts: [{ type: 'tmpfs', target: LONG_PATH }] }, 'task.mounts[0].target'],
    ['the source of one', { mounts: [{ type: 'bind', source: LONG_PATH, target: '/x' }] }, 'task.mounts[0].source'],
    ['a volume in short', { volumes: [`${LONG_PATH}:/x`] }, 'task.volumes[0]'], ['a tmpfs in short', { tmpfs: [LONG_PATH] }, 'task.tmpfs[0]'],
    ['a working directory', { cwd: LONG_PATH }, 'task.cwd'], ['a device', { devices: [LONG_PATH] }, 'task.devices[0]'],
    ['a limit of block I/O', { device_read_bps: [`${LONG_PATH}:1m`] }, 'task.device_read_bps[0]'], ['a hidden path', { masked_paths: [LONG_PATH] }, 'task.masked_paths[0]'],
    ['a seccomp profile', { seccomp: true, seccomp_profile: LONG_PATH }, 'task.seccomp_profile']
  ])('a path of 80 KB is refused by name, and other tasks are served meanwhile: %s', async (_what, options, at) => {
    const attacker = allocation({ config: { image: IMAGE, command: 'true', ...options } })
    const refused = refusal(start(attacker))
    expect(await slowest(() => refused)).toBeLessThan(SOON_MS)
    expect((await refused).details).toMatch(/must be (?:at most \d+ bytes long|a path of at most 4096 bytes)/)
    expect((await refused).details).toContain(at)
    expect((await refused).details.length).toBeLessThan(1000)
  })

  it('a name of 256 bytes in a path is refused', async () => {
    const { details } = await refusal(start(allocation({ config: { image: IMAGE, command: 'true', cwd: `/a/${'é'.repeat(128)}` } })))
    expect(details).toContain('must have no name of more than 255 bytes')
  })

  it('an image whose working directory is 80 KB long is refused, and other tasks are served meanwhile', async () => {
    const refused = refusal(start(allocation({ config: { image: LARGE, command: 'true' } })))
    expect(await slowest(() => refused)).toBeLessThan(SOON_MS)
    expect((await refused).details).toContain("the image's working directory")
    expect((await refused).details).toContain('4096 bytes')
  })

  it('as many mounts with as long paths as are taken hold up nobody', async () => {
    const targets = Array.from({ length: 250 }, (_, index) => `/${String(index)}${'/a/../b/.'.repeat(450)}`)
    const refused = refusal(start(allocation({ config: { image: IMAGE, command: 'true', tmpfs: [...targets, ...targets] } })))
    expect(await slowest(() => refused)).toBeLessThan(SOON_MS)
    expect((await refused).details).toContain('must have at most 1048576 letters in all its texts')
    const wrong = refusal(start(allocation({ config: { image: IMAGE, command: 'true', tmpfs: targets.map((target) => `${target}:nonsens`) } })))
    expect(await slowest(() => wrong)).toBeLessThan(SOON_MS)
    expect((await wrong).details).toContain('more')
  })

  it('a variable, a command and a config that the kernel or nobody takes are refused', async () => {
    const details = async (wanted: Wanted): Promise<string> => (await refusal(start(allocation(wanted)))).details
    expect(await details({ config: { image: IMAGE, command: 'true' }, env: { LONG: 'x'.repeat(131_072) } })).toContain('has "LONG" with more than 131071 bytes')
    expect(await details({ config: { image: IMAGE, command: 'true', args: Array.from({ length: 60 }, () => 'x'.repeat(120_000)) } })).toContain('at most 6291456')
    expect(await details({ config: { image: IMAGE, command: 'true', args: Array.from({ length: 90 }, () => 'x'.repeat(120_000)) } })).toContain('at most 8388608 are taken')
  })
})
