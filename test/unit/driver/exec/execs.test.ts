import * as E from 'fp-ts/Either'

import { destroy } from '../../../../src/driver/destroy'
import { Caller, execStreaming, Heard, Told } from '../../../../src/driver/execStreaming'
import { execTask } from '../../../../src/driver/execTask'
import { encode } from '../../../../src/driver/Handle'
import { recover } from '../../../../src/driver/recover'
import { Answer } from '../../../../src/driver/Refused'
import { rightOf } from '../../../../src/testing/facts'
import { configuredDriver } from '../../../fakes/Nomad'
import { Bench, ID, left, never, refused, running, script } from './Bench'

describe('ExecTask', () => {
  it('answers how the command ended and what it said, and leaves nothing', async () => {
    const one = await running()
    const { exit, stdout, stderr } = rightOf(await script(one, ['sim', 'print=out', 'complain=err', 'exit=3@500']))
    expect([exit.code, Buffer.from(stdout).toString(), Buffer.from(stderr).toString()]).toEqual([3, 'out', 'err'])
    expect(await left(one, 0)).toEqual([])
  })

  it('kills what takes longer than its time', async () => {
    const one = await running()
    const before = one.world.clock.now()
    expect(refused(await script(one, ['sim', 'ignore'], 2000))).toEqual({ _tag: 'OutOfTime', command: ['sim', 'ignore'], timeoutMs: 2000 })
    expect(one.world.clock.now() - before).toBeLessThan(2200)
    expect(await left(one)).toEqual([])
  })

  it('answers in time although the command cannot be killed, and goes on to take it back', async () => {
    const one = await running()
    const before = one.world.clock.now()
    expect(refused(await script(one, ['sim', 'ignore', 'hang=20000'], 2000))).toMatchObject({ _tag: 'OutOfTime' })
    expect(one.world.clock.now() - before).toBeLessThan(4000)
    expect(await left(one)).toEqual([])
  })

  it.each([0, 5, 12, 18, 24, 30, 36, 500])('leaves nothing when the client goes after %s ms', async (ms) => {
    const one = await running()
    const gone = new AbortController()
    const asked = execTask(one.driver, { id: ID, command: ['sim', 'ignore'], timeoutMs: 0 }, gone.signal)
    await one.world.clock.pass(ms)
    gone.abort()
    expect(refused(await one.world.clock.passUntil(asked, 10_000))).toMatchObject({ _tag: 'Failed', failure: { _tag: 'Cancelled' } })
    expect(await left(one)).toEqual([])
  })

  it('waits two seconds for what keeps its output open', async () => {
    const one = await running()
    const before = one.world.clock.now()
    const { stdout } = rightOf(await script(one, ['sim', 'print=out', 'keep', 'exit=0@100']))
    expect(Buffer.from(stdout).toString()).toBe('out')
    expect(one.world.clock.now() - before).toBeLessThan(2500)
    expect(await left(one)).toEqual([])
  })

  it('refuses what cannot be: each in its own words', async () => {
    const one = await running('exit=0@100000')
    expect(refused(await script(one, []))).toEqual({ _tag: 'NoCommand' })
    expect(refused(await script(one, ['']))).toEqual({ _tag: 'NoCommand' })
    expect(refused(await script(one, ['no-such-program']))).toMatchObject({ _tag: 'CannotRun', code: 127 })
    expect(refused(await execTask(one.driver, { id: 'nobody', command: ['sim'], timeoutMs: 0 }, never))).toEqual({ _tag: 'NoSuchTask' })
    await one.world.clock.pass(200_000)
    expect(refused(await script(one, ['sim']))).toMatchObject({ _tag: 'HasEnded' })
    expect(await left(one)).toEqual([])
  })

  it('a task that is being taken down takes no command any more', async () => {
    const one = await running('ignore', 'hang=5000')
    const destroyed = destroy(one.driver, ID, true)
    expect(refused(await script(one, ['sim']))).toEqual({ _tag: 'IsEnding' })
    expect(await one.world.clock.passUntil(destroyed, 60_000)).toMatchObject({ _tag: 'Right' })
  })

  it('a command that runs when its task is destroyed ends with it', async () => {
    const one = await running()
    const asked = execTask(one.driver, { id: ID, command: ['sim', 'ignore'], timeoutMs: 0 }, never)
    await one.world.clock.pass(1000)
    expect(await one.world.clock.passUntil(destroy(one.driver, ID, true), 60_000)).toMatchObject({ _tag: 'Right' })
    await one.world.clock.passUntil(asked, 60_000)
    expect(await left(one)).toEqual([])
  })

  it('goes on while containerd is away, and what is too late then is killed once it is back', async () => {
    const one = await running()
    const asked = execTask(one.driver, { id: ID, command: ['sim', 'print=out', 'exit=4@5000'], timeoutMs: 0 }, never)
    const late = execTask(one.driver, { id: ID, command: ['sim', 'ignore'], timeoutMs: 3000 }, never)
    await one.world.clock.pass(1000)
    one.world.goDown()
    expect(refused(await one.world.clock.passUntil(late, 10_000))).toMatchObject({ _tag: 'OutOfTime' })
    await one.world.clock.pass(20_000)
    one.world.comeUp(true)
    expect(rightOf(await one.world.clock.passUntil(asked, 60_000)).exit.code).toBe(4)
    expect(await left(one)).toEqual([])
  })

  it('a driver that is killed leaves it to the next one', async () => {
    for (let ms = 0; ms < 60; ms += 3) {
      const one = await running()
      void execTask(one.driver, { id: ID, command: ['sim', 'ignore'], timeoutMs: 0 }, never)
      await one.world.clock.pass(ms)
      one.kill()
      const next = { ...one, driver: configuredDriver(one.world.incarnate().ports) }
      const found = recover(next.driver, { id: ID, name: 'web', handle: encode(one.handle) })
      expect(await one.world.clock.passUntil(found, 10_000)).toMatchObject({ _tag: 'Right' })
      expect([ms, await left(next)]).toEqual([ms, []])
      expect(await one.world.clock.passUntil(destroy(next.driver, ID, true), 10_000)).toMatchObject({ _tag: 'Right' })
    }
  })
})

interface Console extends Caller {
  readonly told: Array<Told>
  readonly say: (said: Heard) => Promise<void>
  readonly leave: () => void
}

const Console = (tell: (told: Told) => Promise<void> = () => Promise.resolve()): Console => {
  const gone = new AbortController()
  const told: Array<Told> = []
  const state: { hear: (said: Heard) => Promise<void> } = { hear: () => Promise.reject(new Error('nobody hears yet')) }
  return {
    told, gone: gone.signal,
    tell: (one) => { told.push(one); return tell(one) },
    hear: (heard) => { state.hear = heard },
    say: (said) => state.hear(said),
    leave: () => { gone.abort() }
  }
}

const tags = ({ told }: Console): ReadonlyArray<string> => told.map((one) => ('stream' in one ? `${one._tag} ${one.stream}` : one._tag))

describe('ExecTaskStreaming', () => {
  const open = (one: Bench, caller: Caller, terminal: boolean, ...command: ReadonlyArray<string>): Promise<Answer<void>> =>
    execStreaming(one.driver, { id: ID, command, terminal }, caller)

  it('tells output as it comes, then that both have ended, then the exit', async () => {
    const one = await running()
    const caller = Console()
    expect(await one.world.clock.passUntil(open(one, caller, false, 'sim', 'print=out', 'complain=err', 'exit=7@100'), 10_000)).toEqual(E.right(undefined))
    expect(tags(caller)).toEqual(['Output stdout', 'Output stderr', 'OutputEnds stdout', 'OutputEnds stderr', 'Exited'])
    expect(caller.told.at(-1)).toEqual({ _tag: 'Exited', code: 7, signal: 0 })
    expect(await left(one, 0)).toEqual([])
  })

  it('a command that is not there is told as a shell does', async () => {
    const one = await running()
    const caller = Console()
    await one.world.clock.passUntil(open(one, caller, false, 'no-such-program'), 10_000)
    expect(tags(caller)).toEqual(['Output stderr', 'OutputEnds stdout', 'OutputEnds stderr', 'Exited'])
    expect(caller.told.at(-1)).toMatchObject({ code: 127 })
    expect(await left(one)).toEqual([])
  })

  it('tells the process of input, its end, and the size of a terminal that has one', async () => {
    const one = await running()
    const caller = Console()
    void open(one, caller, true, 'sim')
    await one.world.clock.pass(100)
    for (const [width, height] of [[0, 0], [80, 0], [-1, 5], [65_536, 5], [80, 25]] as const) {
      await one.world.clock.passUntil(caller.say({ _tag: 'Resized', width, height }), 100)
    }
    await caller.say({ _tag: 'Input', bytes: Buffer.from('hi') })
    await caller.say({ _tag: 'InputEnds' })
    const [pipes] = one.world.state.streams.values()
    expect(Buffer.from(pipes?.input ?? []).toString()).toBe('hi\x04')
    expect(one.world.calls.log.filter((name) => /^(ResizeExec|CloseInput)/.test(name))).toHaveLength(1)
    caller.leave()
    expect(await left(one)).toEqual([])
  })

  it('waits for a caller who does not listen, and for none who has gone', async () => {
    const one = await running()
    const deaf = Console(() => new Promise(() => undefined))
    const asked = open(one, deaf, false, 'sim', 'print=out', 'exit=0@100')
    await one.world.clock.pass(100_000)
    expect(tags(deaf)).toEqual(['Output stdout'])
    deaf.leave()
    await one.world.clock.pass(5000)
    expect(await left(one)).toEqual([])
    void asked
  })

  it.each([0, 12, 24, 36, 500])('is killed when the caller vanishes after %s ms', async (ms) => {
    const one = await running()
    const caller = Console()
    const asked = open(one, caller, false, 'sim', 'ignore')
    await one.world.clock.pass(ms)
    caller.leave()
    expect(refused(await one.world.clock.passUntil(asked, 10_000))).toMatchObject({ _tag: 'Failed', failure: { _tag: 'Cancelled' } })
    expect(await left(one)).toEqual([])
  })
})
