import { SIGKILL } from '../../../src/core/domain/Signal'
import { done, refusedWith, subject } from './Bench'
import { command } from './command'
import { Case } from './records'
import { RUNNING } from './tasks'

const OTHER = "another's"

/** Commands beside the process of a task. */
export const ofCommands: ReadonlyArray<Case> = [
  ['a command ends with its own code, told until it is deleted, and its task runs on', async (bench) => {
    const one = await subject(bench, 'stays')
    await one.does(RUNNING)
    const other = await command(bench, one, 'says')
    expect(await other.starts()).toMatchObject(done)
    for (const _twice of [1, 2]) expect(await one.asks(other.exit)).toMatchObject({ right: { code: 3, signal: 0 } })
    expect(await bench.lasts(other.says())).toBe('out')
    for (const outcome of await other.ends()) expect(outcome).toMatchObject(done)
    expect(await one.asks(other.exit)).toMatchObject(refusedWith('NotFound'))
    expect(await one.asks(one.reads.observe(one.container))).toMatchObject({ right: { _tag: 'Running' } })
    await one.end()
  }],
  ['a command that runs is killed when it is taken back, by its owner only, as often as one likes', async (bench) => {
    const one = await subject(bench, 'stays')
    await one.does(RUNNING)
    const other = await command(bench, one, 'stays')
    await other.starts()
    const waiting = other.exit()
    await bench.passes(100)
    for (const outcome of await other.ends(OTHER)) expect(outcome).toMatchObject(done)
    for (const outcome of await other.ends()) expect(outcome).toMatchObject(done)
    expect(await one.asks(() => waiting)).toMatchObject({ right: { code: 137, signal: SIGKILL } })
    for (const outcome of await other.ends()) expect(outcome).toMatchObject(done)
    await one.end()
  }],
  ['a program that is not there is refused when it is started', async (bench) => {
    const one = await subject(bench, 'stays')
    await one.does(RUNNING)
    const other = await command(bench, one, 'missing')
    expect(await other.starts()).toMatchObject(refusedWith('Unknown'))
    for (const outcome of await other.ends()) expect(outcome).toMatchObject(done)
    await one.end()
  }],
  ['a task that ends takes its commands along, and runs no more of them', async (bench) => {
    const one = await subject(bench, 'stays')
    await one.does(RUNNING)
    const [runs, late] = [await command(bench, one, 'stays'), await command(bench, one, 'ends')]
    await runs.starts()
    await one.act({ _tag: 'SendSignal', container: one.container, signal: SIGKILL })
    expect(await one.asks(runs.exit)).toMatchObject({ right: { code: 137 } })
    expect(await late.starts()).toMatchObject({ _tag: 'Left' })
    for (const outcome of [...await runs.ends(), ...await late.ends()]) expect(outcome).toMatchObject(done)
    await one.end()
  }],
  ['a task that is deleted is deleted with its commands', async (bench) => {
    const one = await subject(bench, 'stays')
    await one.does(RUNNING)
    const other = await command(bench, one, 'stays')
    await other.starts()
    expect(await one.undoes({ _tag: 'DeleteTask', container: one.container })).toMatchObject(done)
    expect(await one.asks(other.exit)).toMatchObject(refusedWith('NotFound'))
    for (const outcome of await other.ends()) expect(outcome).toMatchObject(done)
    await one.end()
  }],
  ['a restart of containerd ends no command, and its exit is told then', async (bench) => {
    const one = await subject(bench, 'stays')
    await one.does(RUNNING)
    const other = await command(bench, one, 'stays')
    await other.starts()
    await bench.restart()
    const waiting = other.exit()
    await bench.passes(200)
    for (const outcome of await other.ends()) expect(outcome).toMatchObject(done)
    expect(await one.asks(() => waiting)).toMatchObject({ right: { code: 137 } })
    await one.end()
  }]
]
