import { connect, Containerd } from '../../src/effects/containerd/Containerd'
import { Allocation, makeAllocation } from '../system/harness/allocation'
import { IMAGE, importBusybox } from '../system/harness/busybox'
import { Calls, said } from '../system/harness/calls'
import { PrivateContainerd, startContainerd, Version } from '../system/harness/containerd'
import { settled } from '../system/harness/leftovers'
import { launch, Plugin } from '../system/harness/plugin'
import { sleep } from '../system/harness/process'

// A containerd that is exchanged for a newer one under tasks that run: their shims are those of the old one.

jest.setTimeout(120_000)

let daemon: PrivateContainerd
let containerd: Containerd
let plugin: Plugin
const { start, wait, stop, destroy, recover, exec, stats } = Calls(() => plugin)

const launched = (): Promise<Plugin> =>
  launch({ containerd_runtime: 'io.containerd.runc.v2', address: daemon.address, namespace: daemon.namespace, stats_interval: '200ms' })

beforeAll(async () => {
  daemon = await startContainerd('1.6')
  containerd = connect(daemon.address, daemon.namespace)
  await importBusybox(containerd)
  plugin = await launched()
})

afterAll(async () => {
  await plugin.kill()
  containerd.close()
  await daemon.stop()
})

const task = (script: string): Allocation => makeAllocation({ config: { image: IMAGE, command: 'sh', args: ['-c', script] } })

const LIVES = 'trap "exit 7" TERM; echo here; while true; do sleep 0.05; done'

// Once for each that there is to come from.
const WAYS: ReadonlyArray<readonly [Version, Version]> = [['1.6', '1.7'], ['1.6', '2.1'], ['1.7', '2.1']]

describe.each(WAYS)('from %s to %s', (from, to) => {
  it.each(['stays', 'is replaced too'])('a running task goes on, is measured, takes commands and is stopped; the plugin %s', async (how) => {
    await daemon.halt()
    await daemon.resume(from)
    const [one, ends] = [task(LIVES), task('echo here; while [ ! -e /alloc/go ]; do sleep 0.05; done; exit 5')]
    const handles = [(await start(one.config)).handle, (await start(ends.config)).handle]
    for (const each of [one, ends]) await said(each, 'here')
    await daemon.halt()
    await daemon.resume(to)
    if (how === 'is replaced too') {
      await plugin.kill('SIGKILL')
      plugin = await launched()
      for (const handle of handles) await recover(handle)
    } else await sleep(1000)
    expect((await exec(one.config.id, ['echo', 'alive'])).stdout.toString()).toBe('alive\n')
    expect(Number((await stats(one.config.id)).stats?.aggResourceUsage?.memory?.usage)).toBeGreaterThan(0)
    await exec(ends.config.id, ['touch', '/alloc/go'])
    expect(await wait(ends.config.id)).toMatchObject({ result: { exitCode: 5 }, err: '' })
    await stop(one.config.id, 10)
    expect((await wait(one.config.id)).result?.exitCode).toBe(7)
    for (const each of [one, ends]) await destroy(each.config.id)
    expect(await settled(containerd)).toEqual([])
    const fresh = task('exit 3')
    await start(fresh.config)
    expect((await wait(fresh.config.id)).result?.exitCode).toBe(3)
    await destroy(fresh.config.id)
    for (const each of [one, ends, fresh]) each.remove()
  })
})
