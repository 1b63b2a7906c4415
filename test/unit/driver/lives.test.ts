import * as E from 'fp-ts/Either'

import { destroy } from '../../../src/driver/destroy'
import { Driver } from '../../../src/driver/Driver'
import { encode, Handle } from '../../../src/driver/Handle'
import { inspect, wait } from '../../../src/driver/inspect'
import { recover } from '../../../src/driver/recover'
import { Answer } from '../../../src/driver/Refused'
import { signal } from '../../../src/driver/signal'
import { start } from '../../../src/driver/start'
import { stats } from '../../../src/driver/stats'
import { stop } from '../../../src/driver/stop'
import { rightOf } from '../../../src/testing/facts'
import { configuredDriver, documentsOf, IMAGE } from '../../fakes/Nomad'
import { World } from '../../fakes/World'
import { collect } from '../../fakes/world/collect'
import { withoutShared } from '../../laws/world'

const ID = 'a1/web/1'
const PULL_MS = 10_000
const A_DAY_MS = 24 * 60 * 60 * 1000

interface Bench {
  readonly world: World
  readonly driver: Driver
  readonly kill: () => void
}

const bench = (): Bench => {
  const world = World({ latencyMs: () => 5 })
  world.state.registry.set(IMAGE, { digest: 'sha256:1', chainId: 'sha256:2', bytes: 1, takesMs: PULL_MS })
  for (const name of ['out', 'err']) {
    world.state.pipes.add(`/alloc/a1/${name}`)
    world.state.readers.add(`/alloc/a1/${name}`)
  }
  const { ports, kill } = world.incarnate()
  return { world, driver: configuredDriver(ports), kill }
}

const after = async <A>({ world }: Pick<Bench, 'world'>, ms: number, asked: Promise<A>): Promise<A> => {
  const state: { answer?: { readonly value: A } } = {}
  void asked.then((value) => { state.answer = { value } })
  await world.clock.pass(ms)
  if (state.answer === undefined) throw new Error(`no answer after ${String(ms)} ms`)
  return state.answer.value
}

const begun = async (one: Bench, ...program: ReadonlyArray<string>): Promise<Handle> =>
  rightOf(await after(one, 60_000, start(one.driver, documentsOf(ID, program))))

const refused = (answer: Answer<unknown>): unknown => (E.isLeft(answer) ? answer.left : 'was done')
const never = new AbortController().signal
const nothing = E.right(undefined)
const left = ({ world }: Bench): unknown => withoutShared(world.things())

describe('a start that is stopped or destroyed meanwhile is taken back', () => {
  const cancels: ReadonlyArray<readonly [string, (driver: Driver) => Promise<Answer<void>>]> = [
    ['stop', (driver) => stop(driver, ID, { withinMs: 5000, signal: undefined })],
    ['destroy', (driver) => destroy(driver, ID, false)]
  ]
  // While the image comes; while the plan runs; while nobody reads the output, so that the create is waited for.
  const moments: ReadonlyArray<readonly [string, number, boolean]> = [
    ['pull', PULL_MS / 2, true], ['plan', PULL_MS + 60, true], ['create', PULL_MS + 120, true], ['create that nobody reads', PULL_MS + 20_000, false]
  ]
  it.each(cancels.flatMap(([how, cancel]) => moments.map(([when, ms, isRead]) => [how, when, ms, isRead, cancel] as const)))(
    '%s during the %s', async (_how, _when, ms, isRead, cancel) => {
      const one = bench()
      if (!isRead) one.world.state.readers.clear()
      const starting = start(one.driver, documentsOf(ID, []))
      await one.world.clock.pass(ms)
      const [started, cancelled] = await after(one, 60_000, Promise.all([starting, cancel(one.driver)]))
      expect(cancelled).toEqual(nothing)
      expect(refused(started)).not.toBe('was done')
      expect(one.driver.lives.size).toBe(0)
      expect(left(one)).toEqual([])
    }
  )

  it('a pull is cut off at once', async () => {
    const one = bench()
    const starting = start(one.driver, documentsOf(ID, []))
    await one.world.clock.pass(PULL_MS / 2)
    expect(await after(one, 100, stop(one.driver, ID, { withinMs: 0, signal: undefined }))).toEqual(nothing)
    expect(refused(await starting)).toMatchObject({ _tag: 'NotFetched', report: { cause: { _tag: 'Cancelled' } } })
  })
})

describe('a task', () => {
  it('runs, is seen, ends, and leaves nothing once it is destroyed', async () => {
    const one = bench()
    const events: Array<string> = []
    one.driver.events.listen(({ message }) => { events.push(message) })
    await begun(one, 'exit=3@70000')
    expect(events).toEqual([`Downloading image ${IMAGE}`, `Downloaded image ${IMAGE} in 10.0 s`, expect.stringMatching(/^Created container /)])
    expect(inspect(one.driver, ID)).toMatchObject({ right: { name: 'web', end: undefined } })
    expect(refused(await start(one.driver, documentsOf(ID, [])))).toEqual({ _tag: 'AlreadyStarted', id: ID })
    expect(refused(await destroy(one.driver, ID, false))).toEqual({ _tag: 'StillRuns' })
    expect(await after(one, 100_000, wait(one.driver, ID, never))).toMatchObject({ right: { exit: { code: 3 }, error: '' } })
    expect(refused(await signal(one.driver, ID, 1))).toMatchObject({ _tag: 'HasEnded' })
    expect(refused(await stats(one.driver, { id: ID, everyMs: 1000 }, () => undefined, never))).toMatchObject({ _tag: 'HasEnded' })
    expect(await after(one, 1000, destroy(one.driver, ID, false))).toEqual(nothing)
    expect(left(one)).toEqual([])
    expect(refused(await wait(one.driver, ID, never))).toEqual({ _tag: 'NoSuchTask' })
  })

  it.each([
    ['a child', ['child-oom@500', 'exit=0@70000'], { code: 0, oomKilled: false }, ['the kernel killed a child of this task (OOM)']],
    ['two children', ['child-oom@500', 'child-oom@600', 'exit=3@70000'], { code: 3, oomKilled: false }, ['the kernel killed 2 children of this task', 'exit code 3']],
    ['the task itself', ['oom@70000'], { code: 137, signal: 9, oomKilled: true }, ['the kernel killed this task (OOM)', 'raise memory']],
    ['nothing', ['exit=137@70000'], { code: 137, oomKilled: false }, []]
  ] as const)('of which the kernel killed %s for want of memory', async (_what, program, exit, words) => {
    const one = bench()
    const events: Array<string> = []
    await begun(one, ...program)
    one.driver.events.listen(({ message, allocId, taskName }) => { events.push(`${allocId} ${taskName} ${message}`) })
    expect(await after(one, 100_000, wait(one.driver, ID, never))).toMatchObject({ right: { exit } })
    expect(events).toEqual(words.length === 0 ? [] : [expect.any(String)])
    for (const word of words) expect(events[0]).toContain(word)
    expect(events.every((event) => event.startsWith('a1 web Out of memory: '))).toBe(true)
  })

  it('is stopped by its signal, by SIGKILL when it does not listen, and then stays stopped', async () => {
    for (const [program, code, ms] of [['handle=7@100', 7, 1000], ['ignore', 137, 7000]] as const) {
      const one = bench()
      await begun(one, program)
      expect(await after(one, ms, stop(one.driver, ID, { withinMs: 5000, signal: undefined }))).toEqual(nothing)
      expect(await after(one, 0, wait(one.driver, ID, never))).toMatchObject({ right: { exit: { code } } })
      expect(await stop(one.driver, ID, { withinMs: 5000, signal: undefined })).toEqual(nothing)
    }
  })

  it('that cannot be stopped is told of, and its stop comes to an end', async () => {
    const one = bench()
    await begun(one, 'ignore', 'hang=1000000000')
    expect(refused(await after(one, 60_000, stop(one.driver, ID, { withinMs: 5000, signal: undefined })))).toMatchObject({
      _tag: 'Failed', failure: { _tag: 'TimedOut', detail: expect.stringContaining('after SIGKILL') as string }
    })
    expect(refused(await after(one, 100_000, destroy(one.driver, ID, true)))).toMatchObject({ _tag: 'LeftBehind' })
    expect(one.driver.lives.get(ID)).toMatchObject({ _tag: 'Running' })
  })

  it('is told to whoever waits when it is destroyed by force, and two destroys are one', async () => {
    const one = bench()
    await begun(one, 'ignore')
    const waiting = wait(one.driver, ID, never)
    const both = Promise.all([destroy(one.driver, ID, true), destroy(one.driver, ID, false), stop(one.driver, ID, { withinMs: 1, signal: undefined })])
    expect(await after(one, 1000, both)).toEqual([nothing, nothing, nothing])
    expect(await waiting).toMatchObject({ right: { exit: { code: 137, signal: 9 } } })
    expect(left(one)).toEqual([])
  })

  it('of another process of the driver is found again, with the exit that it had meanwhile', async () => {
    const one = bench()
    const handle = encode(await begun(one, 'exit=4@100000'))
    one.kill()
    const next = { ...one, driver: configuredDriver(one.world.incarnate().ports) }
    await one.world.clock.pass(200_000)
    expect(await after(one, 100, recover(next.driver, { id: ID, name: 'web', handle }))).toEqual(nothing)
    expect(await after(one, 100, wait(next.driver, ID, never))).toMatchObject({ right: { exit: { code: 4 }, error: '' } })
  })

  it('whose exit is lost is said to be lost, and its container is found by its label', async () => {
    const one = bench()
    const handle = encode(await begun(one, 'exit=4@100000'))
    one.kill()
    one.world.goDown()
    await one.world.clock.pass(200_000)
    one.world.comeUp(false)
    const next = { ...one, driver: configuredDriver(one.world.incarnate().ports) }
    expect(refused(await after(one, 100, recover(next.driver, { id: ID, name: 'web', handle })))).toMatchObject({ _tag: 'Gone' })
    expect(await after(one, 1000, destroy(next.driver, ID, true))).toEqual(nothing)
    expect(left(one)).toEqual([])
  })

  it('that was begun by a process that was killed is begun again from nothing', async () => {
    for (let ms = 0; ms < 300; ms += 7) {
      const one = bench()
      void start(one.driver, documentsOf(ID, []))
      await one.world.clock.pass(PULL_MS + ms)
      one.kill()
      const next = { ...one, driver: configuredDriver(one.world.incarnate().ports) }
      const again = refused(await after(one, 60_000, start(next.driver, documentsOf(ID, []))))
      expect([ms, again]).toEqual([ms, 'was done'])
      expect(await after(one, 1000, destroy(next.driver, ID, true))).toEqual(nothing)
      // The lease of a fetch that was cut off expires by itself.
      await one.world.clock.pass(A_DAY_MS)
      collect(one.world.state)
      expect([ms, left(one)]).toEqual([ms, []])
    }
  })

  it('that nobody can look for is not said to be destroyed', async () => {
    const one = bench()
    one.world.goDown()
    expect(refused(await after(one, 100, destroy(one.driver, ID, true)))).toMatchObject({ _tag: 'Failed', failure: { _tag: 'Unavailable' } })
  })
})
