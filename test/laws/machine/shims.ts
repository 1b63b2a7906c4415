import { Bench, done, refusedWith, Subject,subject } from './Bench'
import { command, never } from './command'
import { Case } from './records'
import { RUNNING } from './tasks'

const LOOKS = 100
const LOOK_EVERY_MS = 50

/** How a wait is answered for a container whose shim died, once containerd has cleaned up behind it. */
const cleaned = async (bench: Bench, { asks, reads, container }: Subject): Promise<unknown> => {
  for (let look = 0; look < LOOKS; look += 1) {
    const waited = await asks(reads.exit(container, never))
    if (waited._tag === 'Left' && waited.left._tag !== 'Unknown') return waited
    await bench.passes(LOOK_EVERY_MS)
  }
  return 'it was not cleaned up'
}

const FORGOTTEN = { right: { _tag: 'Unknown', label: undefined } }

/** Shims that die: containerd ends what they held, and forgets how. */
export const ofShims: ReadonlyArray<Case> = [
  ['a task whose shim was just killed is taken back', async (bench) => {
    const one = await subject(bench, 'stays')
    await one.does(RUNNING)
    await bench.killShim(one.container)
    for (const _tag of ['KillTask', 'DeleteTask'] as const) expect(await one.undoes({ _tag, container: one.container })).toMatchObject(done)
    expect(await cleaned(bench, one)).toMatchObject(refusedWith('NotFound'))
    await one.end()
  }],
  ['a shim that is killed breaks the wait for its task, whose record alone is left', async (bench) => {
    const one = await subject(bench, 'stays')
    await one.does(RUNNING)
    const waiting = one.reads.exit(one.container, never)()
    await bench.passes(200)
    await bench.killShim(one.container)
    expect(await one.asks(() => waiting)).toMatchObject(refusedWith('Unknown'))
    expect(await one.asks(one.reads.observe(one.container))).toMatchObject(FORGOTTEN)
    expect(await cleaned(bench, one)).toMatchObject(refusedWith('NotFound'))
    expect(await one.asks(one.reads.observe(one.container))).toMatchObject(FORGOTTEN)
    await one.end()
    expect(await one.asks(one.reads.observe(one.container))).toMatchObject({ right: { _tag: 'Absent' } })
  }],
  ['a shim that is killed takes the commands of its task along', async (bench) => {
    const one = await subject(bench, 'stays')
    await one.does(RUNNING)
    const other = await command(bench, one, 'stays')
    expect(await other.starts()).toMatchObject(done)
    const waiting = other.exit()
    await bench.passes(200)
    await bench.killShim(one.container)
    expect(await one.asks(() => waiting)).toMatchObject(refusedWith('Unknown'))
    expect(await cleaned(bench, one)).toMatchObject(refusedWith('NotFound'))
    expect(await one.asks(other.exit)).toMatchObject(refusedWith('NotFound'))
    for (const outcome of await other.ends()) expect(outcome).toMatchObject(done)
    await one.end()
  }],
  ['what a shim held that died while containerd was down ends when that comes back', async (bench) => {
    const one = await subject(bench, 'stays')
    await one.does(RUNNING)
    await bench.restart(() => bench.killShim(one.container))
    expect(await cleaned(bench, one)).toMatchObject(refusedWith('NotFound'))
    expect(await one.asks(one.reads.observe(one.container))).toMatchObject(FORGOTTEN)
    await one.end()
  }]
]
