import { encode, Handle } from '../../../src/driver/Handle'
import { recover } from '../../../src/driver/recover'
import { Seldom } from '../../../src/driver/Seldom'
import { start } from '../../../src/driver/start'
import { stats } from '../../../src/driver/stats'
import { rightOf } from '../../../src/testing/facts'
import { configuredDriver, documentsOf, IMAGE } from '../../fakes/Nomad'
import { VirtualClock } from '../../fakes/VirtualClock'
import { World } from '../../fakes/World'

const ID = 'a1/web/1'
const HOUR_MS = 60 * 60_000
const never = new AbortController().signal

/** A task that runs such a program, sampled as Nomad does where `isSampled`, and what its owner is told. */
const bench = async (program: ReadonlyArray<string>, isSampled = true) => {
  const world = World({ latencyMs: () => 5 })
  world.state.registry.set(IMAGE, { digest: 'sha256:1', chainId: 'sha256:2', bytes: 1, takesMs: 1 })
  for (const name of ['out', 'err']) {
    world.state.pipes.add(`/alloc/a1/${name}`)
    world.state.readers.add(`/alloc/a1/${name}`)
  }
  const told: Array<string> = []
  const launch = () => {
    const { ports, kill } = world.incarnate()
    const driver = configuredDriver(ports)
    driver.events.listen(({ taskId, allocId, taskName, message }) => {
      expect([taskId, allocId, taskName]).toEqual([ID, 'a1', 'web'])
      if (!/^(Download|Created)/.test(message)) told.push(message)
    })
    const sampled = (): void => { if (isSampled) void stats(driver, { id: ID, everyMs: 1000 }, () => undefined, never) }
    return { driver, kill, sampled }
  }
  const first = launch()
  const starting = start(first.driver, documentsOf(ID, program))
  await world.clock.pass(1000)
  const handle: Handle = rightOf(await starting)
  first.sampled()
  return { world, told, launch, kill: first.kill, handle }
}

const KILLED = (what: string): string =>
  `Out of memory: the kernel killed ${what} of this task (OOM); the task goes on. To give it more, raise memory or memory_max in its resources`

describe('that the kernel killed a child', () => {
  it('is told while the task goes on', async () => {
    const { world, told } = await bench(['child-oom@5000'])
    await world.clock.pass(4000)
    expect(told).toEqual([])
    await world.clock.pass(4000)
    expect(told).toEqual([KILLED('a child')])
    await world.clock.pass(HOUR_MS)
    expect(told).toHaveLength(1)
  })

  it('is told seldom where it happens often, and of none it is silent', async () => {
    const kills = Array.from({ length: 8 }, (_, index) => `child-oom@${String(10_000 * (index + 1))}`)
    const { world, told } = await bench([...kills, 'exit=2@100000'])
    await world.clock.pass(2 * HOUR_MS)
    expect(told).toHaveLength(3)
    const counts = told.map((message) => Number(/killed (\d+) children/.exec(message)?.[1] ?? 1))
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(8)
    expect(told.at(-1)).toContain('the task itself ended with exit code 2')
  })

  it('is not told of a task that was killed itself, in the same moment', async () => {
    const { world, told } = await bench(['oom@7003'])
    await world.clock.pass(HOUR_MS)
    expect(told).toEqual([expect.stringMatching(/^Out of memory: the kernel killed this task \(OOM\)\. /)])
  })

  it('is not told again of a task that is found again', async () => {
    const { world, told, kill, launch, handle } = await bench(['child-oom@5000', 'child-oom@60000'])
    await world.clock.pass(10_000)
    kill()
    const next = launch()
    const recovering = recover(next.driver, { id: ID, name: 'web', nodeId: 'n', handle: encode(handle) })
    await world.clock.pass(1000)
    rightOf(await recovering)
    next.sampled()
    await world.clock.pass(10_000)
    expect(told).toEqual([KILLED('a child')])
    await world.clock.pass(100_000)
    expect(told).toEqual([KILLED('a child'), KILLED('a child')])
  })
})

describe('that containerd is away', () => {
  const GONE = 'containerd does not answer; the task goes on without it, and is watched again once it does'

  it('is told, and that it is back', async () => {
    const { world, told } = await bench([], false)
    world.goDown()
    await world.clock.pass(60_000)
    expect(told).toEqual([GONE])
    world.comeUp(true)
    await world.clock.pass(10_000)
    expect(told).toEqual([GONE, expect.stringMatching(/^containerd answers again, after 6\d s$/)])
  })

  it('is told seldom where it comes and goes', async () => {
    const { world, told } = await bench([], false)
    for (let count = 0; count < 60; count += 1) {
      world.goDown()
      await world.clock.pass(10_000)
      world.comeUp(true)
      await world.clock.pass(10_000)
    }
    expect(told.filter((message) => message === GONE).length).toBeGreaterThan(2)
    expect(told.length).toBeLessThan(12)
    expect(told.filter((message) => message !== GONE)).toHaveLength(told.filter((message) => message === GONE).length)
  })

  it('is not told where only a connection was cut', async () => {
    const { world, told } = await bench([], false)
    world.hangUp()
    await world.clock.pass(60_000)
    expect(told).toEqual([])
  })
})

it('a clock that is set back silences nothing', async () => {
  const clock = VirtualClock()
  let backMs = 0
  const isDue = Seldom({ ...clock, now: () => clock.now() - backMs }, 60_000, true)
  expect([isDue(), isDue()]).toEqual([true, false])
  backMs = HOUR_MS
  expect([isDue(), isDue()]).toEqual([true, false])
  await clock.pass(120_001)
  expect(isDue()).toBe(true)
})
