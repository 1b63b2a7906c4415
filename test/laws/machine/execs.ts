import { Do } from '../../../src/core/plan/Step'
import { done, EXEC, refusedWith, subject } from './Bench'
import { Case } from './records'

const RUNNING: ReadonlyArray<Do['_tag']> = ['CreateContainer', 'WriteFile', 'PrepareSnapshot', 'CreateTask', 'StartTask']
const OTHER = "another's"

/** Processes beside a task's own, whose output goes nowhere. */
export const ofExecs: ReadonlyArray<Case> = [
  ["a process is made in its owner's running container only", async (bench) => {
    const one = await subject(bench, 'stays')
    expect(await one.execs(['sleep', '1000'], ['CreateExec'])).toMatchObject(refusedWith('NotFound'))
    await one.does(RUNNING)
    expect(await one.execs(['sleep', '1000'], ['CreateExec'], OTHER)).toMatchObject(refusedWith('Denied'))
    expect(await one.execs(['sleep', '1000'], ['StartExec'])).toMatchObject(refusedWith('NotFound'))
    expect(await one.asks(one.reads.process(one.container, OTHER))).toMatchObject({ right: undefined })
    expect(await one.asks(one.reads.process(one.container, one.owner))).toMatchObject({ right: { args: one.compiled.spec.process.args } })
    await one.end()
  }],
  ['a process is ended and forgotten by its owner only', async (bench) => {
    const one = await subject(bench, 'stays')
    const of = { container: one.container, exec: EXEC }
    await one.does(RUNNING)
    expect(await one.execs(['sleep', '1000'], ['CreateExec', 'StartExec'])).toMatchObject(done)
    const end = bench.reads.execExit(one.container, EXEC, never)()
    for (const _tag of ['KillExec', 'DeleteExec'] as const) expect(await one.undoes({ _tag, ...of }, OTHER)).toMatchObject(done)
    expect(await one.undoes({ _tag: 'DeleteExec', ...of })).toMatchObject(refusedWith('Unknown'))
    expect(await one.undoes({ _tag: 'KillExec', ...of })).toMatchObject(done)
    expect(await one.asks(() => end)).toMatchObject({ right: { code: 137, signal: 9 } })
    for (const _twice of [1, 2]) expect(await one.undoes({ _tag: 'DeleteExec', ...of })).toMatchObject(done)
    expect(await one.asks(one.reads.execExit(one.container, EXEC, never))).toMatchObject(refusedWith('NotFound'))
    await one.end()
  }]
]

const never = new AbortController().signal
