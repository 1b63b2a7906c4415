import * as PluginConfig from '../../../../src/core/decode/PluginConfig'
import { destroy } from '../../../../src/driver/destroy'
import { Driver } from '../../../../src/driver/Driver'
import { execTask } from '../../../../src/driver/execTask'
import { encode, Handle } from '../../../../src/driver/Handle'
import { recover } from '../../../../src/driver/recover'
import { rightOf } from '../../../../src/testing/facts'
import { configuredDriver, PLUGIN, STATE_DIRECTORY } from '../../../fakes/Nomad'
import { Trouble } from '../../../fakes/World'
import { Bench, ID, left, never, refused, running, script } from './Bench'

/** With the watch of the task under way: the next call is the exec's. */
const ready = async (): Promise<Bench> => {
  const one = await running()
  await one.world.clock.pass(100)
  return one
}

const pipes = ({ world }: Bench): ReadonlyArray<string> => [...world.state.streams.keys()]

/** A driver that was killed while a command runs, and the one that comes after it. */
const next = async (configure: (driver: Driver) => void = () => undefined): Promise<Bench> => {
  const one = await ready()
  void execTask(one.driver, { id: ID, command: ['sim', 'ignore'], timeoutMs: 0 }, never)
  await one.world.clock.pass(500)
  one.kill()
  expect(pipes(one)).toHaveLength(1)
  const driver = configuredDriver(one.world.incarnate().ports)
  configure(driver)
  return { ...one, driver }
}

const found = (one: Bench, handle: Handle = one.handle): Promise<unknown> =>
  one.world.clock.passUntil(recover(one.driver, { id: ID, name: 'web', handle: encode(handle) }), 60_000)

const elsewhere = (driver: Driver): void => {
  const document = { ...PLUGIN, state_dir: '/run/elsewhere' }
  driver.configure({ document, config: rightOf(PluginConfig.codec.decode(document)), mhzPerCore: 1000 })
}

describe('a start of a command whose answer is lost', () => {
  // What may have been started is killed; the kill may fail too, again and again.
  it.each([0, 1, 2, 3])('leaves nothing, also when the next %s calls fail', async (failing) => {
    const one = await ready()
    const { calls } = one.world
    const lost: Trouble = { _tag: 'LoseReply', step: calls.count + 3, failure: 'Unavailable' }
    const more = Array.from({ length: failing }, (_, index): Trouble => ({ _tag: 'Refuse', step: calls.count + 4 + index * 2, failure: 'Unavailable' }))
    calls.troubles.push(lost, ...more)
    expect(refused(await script(one, ['sim', 'ignore']))).toMatchObject({ _tag: 'Failed', failure: { _tag: 'Unavailable' } })
    expect(calls.log.filter((name) => name.startsWith('StartExec'))).toHaveLength(1)
    expect(await left(one)).toEqual([])
  })
})

describe('what a driver that was killed left of a command', () => {
  it('is taken back with its task when that is destroyed unseen', async () => {
    const one = await next()
    expect(await one.world.clock.passUntil(destroy(one.driver, ID, true), 60_000)).toMatchObject({ _tag: 'Right' })
    await one.world.clock.pass(60_000)
    expect(pipes(one)).toEqual([])
  })

  it('is taken back when the task is found and destroyed at once', async () => {
    const one = await next()
    await found(one)
    expect(await one.world.clock.passUntil(destroy(one.driver, ID, true), 60_000)).toMatchObject({ _tag: 'Right' })
    expect(pipes(one)).toEqual([])
  })

  it('is taken back when nothing is left of the task but the handle', async () => {
    const one = await next()
    const { state } = one.world
    for (const all of [state.containers, state.tasks, state.snapshots]) all.clear()
    expect(await found(one)).toMatchObject({ left: { _tag: 'Gone' } })
    await one.world.clock.pass(60_000)
    expect(pipes(one)).toEqual([])
  })

  it('is found where it was made, whatever `state_dir` is now', async () => {
    const one = await next(elsewhere)
    await found(one)
    expect(await left(one)).toEqual([])
  })

  it('and what the next one runs is made there too', async () => {
    const one = await next(elsewhere)
    await found(one)
    void execTask(one.driver, { id: ID, command: ['sim', 'ignore'], timeoutMs: 0 }, never)
    await one.world.clock.pass(500)
    expect(pipes(one)).toEqual([expect.stringMatching(`^${STATE_DIRECTORY}/`)])
  })

  it('is looked for below the configured `state_dir` where a handle of an earlier version names none', async () => {
    const one = await next()
    const { stateDirectory: _named, ...earlier } = one.handle
    await found(one, earlier)
    expect(await left(one)).toEqual([])
  })
})
