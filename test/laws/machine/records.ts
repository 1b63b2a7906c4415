import { ALLOC_DIR, NODE } from '../../../src/core/domain/labels'
import { Bench, done, refusedWith, subject } from './Bench'

/** One thing that is true of every machine. */
export type Case = readonly [string, (bench: Bench) => Promise<void>]

const OTHER = "another's"

/** Records, snapshots and the collector. */
export const ofRecords: ReadonlyArray<Case> = [
  ['a container record that its owner made twice is there; another owner is refused', async (bench) => {
    const one = await subject(bench, 'stays')
    expect(await one.does(['CreateContainer'])).toMatchObject(done)
    expect(await one.does(['CreateContainer'])).toMatchObject(done)
    expect(await one.does(['CreateContainer'], OTHER)).toMatchObject(refusedWith('AlreadyExists'))
    await one.end()
  }],
  ['a snapshot that its owner prepared twice answers its mounts; another owner is refused', async (bench) => {
    const one = await subject(bench, 'stays')
    await one.does(['CreateContainer'])
    expect(await one.does(['PrepareSnapshot'])).toMatchObject({ right: { _tag: 'Mounts' } })
    expect(await one.does(['PrepareSnapshot'])).toMatchObject({ right: { _tag: 'Mounts' } })
    expect(await one.does(['PrepareSnapshot'], OTHER)).toMatchObject(refusedWith('AlreadyExists'))
    await one.end()
  }],
  ['a snapshot needs its parent', async (bench) => {
    const one = await subject(bench, 'stays')
    const { id, snapshotter } = one.compiled.container
    expect(await one.act({ _tag: 'PrepareSnapshot', snapshotter, key: id, parent: 'sha256:none', ids: '' })).toMatchObject(refusedWith('NotFound'))
  }],
  ['the collector keeps a snapshot that a record names, and takes it once nothing does', async (bench) => {
    const one = await subject(bench, 'ends')
    await one.does(['CreateContainer', 'PrepareSnapshot'])
    await bench.collect()
    expect(await one.does(['WriteFile', 'CreateTask'])).toMatchObject(done)
    await one.undoes({ _tag: 'DeleteTask', container: one.container })
    await one.undoes({ _tag: 'DeleteContainer', container: one.container })
    await bench.collect()
    await one.does(['CreateContainer'])
    expect(await one.does(['CreateTask'])).toMatchObject({ _tag: 'Left' })
    await one.end()
  }],
  ['the records of an owner name what their containers mount', async (bench) => {
    const one = await subject(bench, 'stays')
    await one.does(['CreateContainer'])
    const [file] = one.compiled.mounts.flatMap((thing) => (thing._tag === 'File' ? [thing.path] : []))
    expect(await one.asks(one.reads.records(one.owner))).toMatchObject({
      right: [{ container: one.container, key: one.container, sources: expect.arrayContaining([file]) as unknown }]
    })
    expect(await one.asks(one.reads.records('nobody'))).toMatchObject({ right: [] })
    await one.end()
  }],
  ['what is made under a mark is seen by it, until it is taken back, and under another one it is not', async (bench) => {
    const one = await subject(bench, 'ends', { [NODE]: 'node-1', [ALLOC_DIR]: '/' })
    const { owner, container, compiled } = one
    const [file = ''] = compiled.mounts.flatMap((thing) => (thing._tag === 'File' ? [thing.path] : []))
    const wanted = { stateDirectory: file.split('/').slice(0, -2).join('/'), snapshotters: [compiled.container.snapshotter, 'no-such'] }
    await one.does(['CreateContainer', 'WriteFile', 'PrepareSnapshot'])
    const marked = { owner, node: 'node-1' }
    expect(await one.asks(one.reads.seen({ ...wanted, node: 'node-1' }))).toMatchObject({ right: {
      containers: [{ ...marked, state: 'None', allocDir: 'There', record: { container } }],
      snapshots: [{ ...marked, key: container }],
      directories: expect.arrayContaining([expect.objectContaining({ ...marked, container, names: expect.arrayContaining([file.split('/').at(-1)]) as unknown })]) as unknown
    } })
    expect(await one.asks(one.reads.seen({ ...wanted, node: 'node-2' }))).toMatchObject({ right: { containers: [], snapshots: [], leases: [] } })
    await one.does(['CreateTask'])
    expect(await one.asks(one.reads.seen({ ...wanted, node: undefined }))).toMatchObject({ right: { containers: [{ state: 'Created' }] } })
    await one.end()
    const after = await one.asks(one.reads.seen({ ...wanted, node: undefined }))
    expect(after).toMatchObject({ right: { containers: [], snapshots: [] } })
    expect(JSON.stringify(after)).not.toContain(container)
  }],
  ['what is taken back twice is taken back, and by another owner not at all', async (bench) => {
    const one = await subject(bench, 'stays')
    await one.does(['CreateContainer', 'WriteFile', 'PrepareSnapshot', 'CreateTask', 'StartTask'])
    for (const _tag of ['KillTask', 'DeleteTask', 'DeleteContainer'] as const) await one.undoes({ _tag, container: one.container }, OTHER)
    await one.undoes({ _tag: 'RemoveSnapshot', snapshotter: one.compiled.container.snapshotter, key: one.container }, OTHER)
    expect(await one.asks(one.reads.observe(one.container))).toMatchObject({ right: { _tag: 'Running', owner: one.owner } })
    await one.end()
    for (const _tag of ['KillTask', 'DeleteTask', 'DeleteContainer'] as const) expect(await one.undoes({ _tag, container: one.container })).toMatchObject(done)
    expect(await one.asks(one.reads.observe(one.container))).toMatchObject({ right: { _tag: 'Absent' } })
  }]
]
