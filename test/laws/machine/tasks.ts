import { Do } from '../../../src/core/plan/Step'
import { done, refusedWith, subject } from './Bench'
import { Case } from './records'

const READY: ReadonlyArray<Do['_tag']> = ['CreateContainer', 'WriteFile', 'PrepareSnapshot']
export const RUNNING: ReadonlyArray<Do['_tag']> = [...READY, 'CreateTask', 'StartTask']
const never = new AbortController().signal

/** Tasks, their ends, and what is remembered of them. */
export const ofTasks: ReadonlyArray<Case> = [
  ['a task needs its container, its rootfs and its program, and is made once', async (bench) => {
    const [one, other] = [await subject(bench, 'stays'), await subject(bench, 'missing')]
    expect(await one.act({ _tag: 'CreateTask', container: one.container, rootfs: 'none', stdout: '', stderr: '', terminal: false })).toMatchObject({ _tag: 'Left' })
    expect(await one.does([...READY, 'CreateTask'])).toMatchObject(done)
    expect(await one.does(['CreateTask'])).toMatchObject(refusedWith('AlreadyExists'))
    expect(await other.does([...READY, 'CreateTask'])).toMatchObject(refusedWith('Unknown'))
    await one.end()
    await other.end()
  }],
  ['a task is started once, and only where it is', async (bench) => {
    const one = await subject(bench, 'stays')
    await one.does(READY)
    expect(await one.does(['StartTask'])).toMatchObject(refusedWith('NotFound'))
    expect(await one.does(['CreateTask', 'StartTask'])).toMatchObject(done)
    expect(await one.does(['StartTask'])).toMatchObject(refusedWith('Unknown'))
    await one.end()
  }],
  ['an exit is told to whoever waits and to whoever comes later, until the task is deleted', async (bench) => {
    const one = await subject(bench, 'ends')
    await one.does(RUNNING)
    for (const _twice of [1, 2]) expect(await one.asks(one.reads.exit(one.container, never))).toMatchObject({ right: { code: 3, signal: 0, oomKilled: false } })
    expect(await one.asks(one.reads.observe(one.container))).toMatchObject({ right: { _tag: 'Ended', exit: { code: 3 } } })
    await one.undoes({ _tag: 'DeleteTask', container: one.container })
    expect(await one.asks(one.reads.exit(one.container, never))).toMatchObject(refusedWith('NotFound'))
    await one.end()
  }],
  ['SIGKILL ends a task with 137, in time or when its time is up, and a signal to none is no mistake', async (bench) => {
    const [one, other] = [await subject(bench, 'stays'), await subject(bench, 'stays')]
    await one.does(RUNNING)
    await other.does(RUNNING)
    await one.act({ _tag: 'SendSignal', container: one.container, signal: 9 })
    expect(await one.asks(one.reads.exit(one.container, never))).toMatchObject({ right: { code: 137, signal: 9 } })
    expect(await other.act({ _tag: 'AwaitExit', container: other.container, withinMs: 50, thenSignal: 9 })).toMatchObject(done)
    expect(await other.asks(other.reads.exit(other.container, never))).toMatchObject({ right: { code: 137 } })
    await one.end()
    await other.end()
    expect(await one.act({ _tag: 'SendSignal', container: one.container, signal: 15 })).toMatchObject(done)
  }],
  ['what is seen of a container follows what is done to it', async (bench) => {
    const one = await subject(bench, 'ends')
    const seen = async (): Promise<unknown> => (await one.asks(one.reads.observe(one.container)) as { readonly right: { readonly _tag: string } }).right
    expect(await seen()).toMatchObject({ _tag: 'Absent' })
    await one.does(READY)
    expect(await seen()).toMatchObject({ _tag: 'Unknown', label: undefined, owner: one.owner })
    await one.does(['CreateTask'])
    expect(await seen()).toMatchObject({ _tag: 'Running', owner: one.owner })
    await one.does(['StartTask'])
    await one.asks(one.reads.exit(one.container, never))
    expect(await seen()).toMatchObject({ _tag: 'Ended', exit: { code: 3 } })
    const exit = { code: 3, signal: 0, oomKilled: false, oomKills: 0, atMs: 1000 }
    expect(await one.asks(one.reads.noteExit(one.container, exit))).toMatchObject(done)
    await one.undoes({ _tag: 'DeleteTask', container: one.container })
    expect(await seen()).toMatchObject({ _tag: 'Unknown', label: exit })
    await one.end()
    expect(await one.asks(one.reads.noteExit(one.container, exit))).toMatchObject(done)
  }],
  ['a task whose record was deleted runs on and is found by nobody, until there is a record again', async (bench) => {
    const one = await subject(bench, 'stays')
    await one.does(RUNNING)
    await one.undoes({ _tag: 'DeleteContainer', container: one.container })
    expect(await one.asks(one.reads.exit(one.container, never))).toMatchObject(refusedWith('NotFound'))
    await one.does(['CreateContainer'])
    expect(await one.asks(one.reads.observe(one.container))).toMatchObject({ right: { _tag: 'Running' } })
    await one.end()
  }],
  ['a restart breaks waits and ends no task; of one that has ended it remembers what its version does', async (bench) => {
    const [runs, ended] = [await subject(bench, 'stays'), await subject(bench, 'ends')]
    await runs.does(RUNNING)
    await ended.does(RUNNING)
    await ended.asks(ended.reads.exit(ended.container, never))
    const waiting = runs.reads.exit(runs.container, never)()
    const remembers = await bench.restart()
    expect(await runs.asks(() => waiting)).toMatchObject(refusedWith('Unavailable'))
    expect(await runs.asks(runs.reads.observe(runs.container))).toMatchObject({ right: { _tag: 'Running' } })
    expect(await ended.asks(ended.reads.observe(ended.container))).toMatchObject({ right: { _tag: remembers ? 'Ended' : 'Unknown' } })
    await runs.end()
    await ended.end()
  }]
]
