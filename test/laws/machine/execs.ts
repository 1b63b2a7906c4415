import { Do } from '../../../src/core/plan/Step'
import { refusedWith, subject } from './Bench'
import { Case } from './records'

const RUNNING: ReadonlyArray<Do['_tag']> = ['CreateContainer', 'WriteFile', 'PrepareSnapshot', 'CreateTask', 'StartTask']
const OTHER = "another's"

/** Processes beside a task's own, whose output goes nowhere. */
export const ofExecs: ReadonlyArray<Case> = [
  ["a process is made in its owner's running container only", async (bench) => {
    const one = await subject(bench, 'stays')
    expect(await one.execs(['sleep', '1000'], ['CreateExec'])).toMatchObject(refusedWith('Denied'))
    await one.does(RUNNING)
    expect(await one.execs(['sleep', '1000'], ['CreateExec'], OTHER)).toMatchObject(refusedWith('Denied'))
    expect(await one.execs(['sleep', '1000'], ['StartExec'])).toMatchObject(refusedWith('NotFound'))
    expect(await one.asks(one.reads.process(one.container, OTHER))).toMatchObject({ right: undefined })
    expect(await one.asks(one.reads.process(one.container, one.owner))).toMatchObject({ right: { args: one.compiled.spec.process.args } })
    await one.end()
  }]
]
