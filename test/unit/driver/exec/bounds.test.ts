import { MOST_EXECS } from '../../../../src/driver/beginExec'
import { execTask } from '../../../../src/driver/execTask'
import { rightOf } from '../../../../src/testing/facts'
import { Bench, ID, left, never, refused, running as started, script } from './Bench'

/** With the watch of the task under way: the next call is the exec's. */
const running = async (): Promise<Bench> => {
  const one = await started()
  await one.world.clock.pass(100)
  return one
}

/** Lets the call after so many others hang for a minute; whether it is done then. */
const hang = ({ world: { calls } }: Bench, inCalls: number, isDone: boolean): void => {
  calls.troubles.push({ _tag: 'Late', step: calls.count + inCalls, isDone })
}

describe('the time of a script bounds its answer', () => {
  // The calls of an exec: the look for the process, its pipes, CreateExec, StartExec, the wait for its end.
  it.each([0, 1, 2, 3, 4].flatMap((call) => [true, false].map((isDone) => [call, isDone] as const)))('also when call %s hangs (done: %s)', async (call, isDone) => {
    const one = await running()
    hang(one, call, isDone)
    const before = one.world.clock.now()
    expect(refused(await script(one, ['sim', 'ignore'], 2000))).toMatchObject({ _tag: 'OutOfTime', timeoutMs: 2000 })
    expect(one.world.clock.now() - before).toBeLessThanOrEqual(3100)
    expect(await left(one, 300_000)).toEqual([])
  })

  it('also when all that follows hangs, for as long as that does', async () => {
    const one = await running()
    for (let call = 1; call < 12; call += 1) hang(one, call, call % 2 === 0)
    const before = one.world.clock.now()
    expect(refused(await script(one, ['sim', 'ignore'], 2000))).toMatchObject({ _tag: 'OutOfTime' })
    expect(one.world.clock.now() - before).toBeLessThanOrEqual(3100)
    expect(await left(one, 1_200_000)).toEqual([])
  })

  it.each([0, 1, 2])('and what its time was up for is never run (call %s)', async (call) => {
    const one = await running()
    hang(one, call, true)
    await script(one, ['sim', 'ignore'], 2000)
    expect(await left(one, 300_000)).toEqual([])
    expect(one.world.calls.log.filter((name) => name.startsWith('StartExec'))).toEqual([])
  })
})

describe('a task has a bound of commands', () => {
  const begin = (one: Bench, timeoutMs = 0): void => {
    void execTask(one.driver, { id: ID, command: ['sim', 'ignore'], timeoutMs }, never)
  }

  it('which says so, and ends with one of them', async () => {
    const one = await running()
    for (let count = 0; count < MOST_EXECS; count += 1) begin(one, count === 0 ? 5000 : 0)
    expect(refused(await script(one, ['sim', 'exit=0@1']))).toEqual({ _tag: 'TooManyCommands', most: MOST_EXECS })
    await one.world.clock.pass(6000)
    expect(rightOf(await script(one, ['sim', 'exit=0@1'])).exit.code).toBe(0)
    begin(one)
    expect(refused(await script(one, ['sim', 'exit=0@1']))).toMatchObject({ _tag: 'TooManyCommands' })
  })

  it('and what cannot be taken back counts', async () => {
    const one = await running()
    for (let count = 0; count < MOST_EXECS; count += 1) begin(one, 1000)
    await one.world.clock.pass(500)
    one.world.goDown()
    await one.world.clock.pass(10_000)
    expect(refused(await script(one, ['sim']))).toMatchObject({ _tag: 'TooManyCommands' })
    one.world.comeUp(true)
    expect(await left(one)).toEqual([])
    expect(rightOf(await script(one, ['sim', 'exit=0@1'])).exit.code).toBe(0)
  })
})
