import * as fc from 'fast-check'

import { Asker, Orphan, orphans } from '../../src/core/reap/orphans'
import { reasonText } from '../../src/core/reap/reasonText'
import { ripe, sighted, Sightings } from '../../src/core/reap/ripe'
import { Seen, SeenContainer } from '../../src/core/reap/Seen'

const STATE = '/run/state'
const NODES = ['', 'n1', 'n2']
const OWNERS = ['', 'a1/web/1', 'a1/web/2', 'a1/log/1', 'a2/web/1']
const NAMES = ['c1', 'c2', 'c3', 'c4']

const node = fc.constantFrom(...NODES)
const owner = fc.constantFrom(...OWNERS)
const name = fc.constantFrom(...NAMES)
const allocDir = fc.constantFrom('There' as const, 'Gone' as const, 'Unknown' as const)
const below = fc.constantFrom('hosts', 'resolv.conf', 'exec-a-1', 'network.json', 'strange')
const volume = fc.constantFrom('/srv/data', '/var/lib/nomad/alloc/a1/alloc', `${STATE}/another/hosts`, STATE)

const container: fc.Arbitrary<SeenContainer> = fc.record({
  owner, node, container: name, allocDir, state: fc.constantFrom('None' as const, 'Created' as const, 'Running' as const, 'Ended' as const),
  files: fc.uniqueArray(below), volumes: fc.uniqueArray(volume)
}).map(({ container: id, files, volumes, ...one }) => {
  const [allocId = '', task = ''] = one.owner.split('/')
  const sources = [...volumes, ...files.map((file) => `${STATE}/${id}/${file}`)]
  return { ...one, allocId, task, record: { container: id, snapshotter: 'overlayfs', key: id, sources, labels: {} } }
})

const seen: fc.Arbitrary<Seen> = fc.record({
  containers: fc.uniqueArray(container, { selector: ({ record }) => record.container, maxLength: 4 }),
  snapshots: fc.array(fc.record({ owner, node, snapshotter: fc.constantFrom('overlayfs', 'native'), key: name }), { maxLength: 3 }),
  leases: fc.array(fc.record({ owner, node, lease: name, allocDir }), { maxLength: 3 }),
  directories: fc.uniqueArray(
    fc.record({ owner, node, container: name, names: fc.uniqueArray(fc.oneof(below, fc.constant('mounts'))), pins: fc.constantFrom([], ['p1']) }),
    { selector: (one) => one.container, maxLength: 4 }
  ).map((all) => all.map((one) => ({ ...one, path: `${STATE}/${one.container}`, joined: [] }))),
  spares: fc.constantFrom([], [`${STATE}/.pipes/1-2-3`])
})

const process: fc.Arbitrary<Asker & { readonly owners: ReadonlyArray<string> }> = fc
  .tuple(node, fc.subarray(OWNERS), fc.subarray(OWNERS))
  .map(([id, owners, ended]) => ({ node: id, owners, ended: ended.filter((one) => owners.includes(one)), stateDirectory: STATE }))

const byHand: fc.Arbitrary<Asker> = node.map((id) => ({ node: id, owners: undefined, ended: [], stateDirectory: STATE }))

const containerOf = ({ containers }: Seen, { id }: Orphan): SeenContainer | undefined =>
  containers.find(({ record }) => id === `container ${record.container}`)

const isMarked = ({ containers, snapshots, leases, directories }: Seen, orphan: Orphan, id: string): boolean =>
  [...containers.map((one) => [`container ${one.record.container}`, one] as const),
    ...snapshots.map((one) => [`snapshot ${one.key} of ${one.snapshotter}`, one] as const),
    ...leases.map((one) => [`lease ${one.lease}`, one] as const),
    ...directories.map((one) => [`directory ${one.path}`, one] as const)
  ].some(([what, one]) => what === orphan.id && one.node === id && one.owner === orphan.owner && id !== '' && one.owner !== '')

const isSpare = ({ spares }: Seen, { id }: Orphan): boolean => spares.some((path) => id === `pipe ${path}`)

describe('what is taken away as nobody\'s', () => {
  it('carries the mark of the agent that asks; nothing of another, and nothing without one', () => {
    fc.assert(fc.property(seen, fc.oneof(process, byHand), (things, asker) => {
      for (const orphan of orphans(things, asker)) expect(isSpare(things, orphan) || isMarked(things, orphan, asker.node)).toBe(true)
    }))
  })

  it('is of no task that is known, unless that has ended and its allocation is gone', () => {
    fc.assert(fc.property(seen, process, (things, asker) => {
      for (const orphan of orphans(things, asker)) {
        if (!asker.owners.includes(orphan.owner) || isSpare(things, orphan)) continue
        expect(asker.ended).toContain(orphan.owner)
        expect(containerOf(things, orphan)).toMatchObject({ allocDir: 'Gone' })
      }
    }))
  })

  it('does not run, unless its allocation is gone or its task was started anew', () => {
    fc.assert(fc.property(seen, process, (things, asker) => {
      for (const orphan of orphans(things, asker)) {
        const one = containerOf(things, orphan)
        if (one?.state !== 'Running') continue
        const isAnew = things.containers.some((other) =>
          asker.owners.includes(other.owner) && other.allocId === one.allocId && other.task === one.task)
        expect(isAnew || one.allocDir === 'Gone').toBe(true)
      }
    }))
  })

  it('is of no allocation whose directory is gone together with that of a task that is known and runs', () => {
    fc.assert(fc.property(seen, process, (things, asker) => {
      const isAway = things.containers.some((one) => asker.owners.includes(one.owner) && one.state === 'Running' && one.allocDir === 'Gone')
      fc.pre(isAway)
      for (const orphan of orphans(things, asker)) {
        if (orphan.id.startsWith('container ')) expect(orphan.because).not.toBe('AllocationGone')
      }
    }))
  })

  it('is by hand a container only where its allocation is gone', () => {
    fc.assert(fc.property(seen, byHand, (things, asker) => {
      for (const orphan of orphans(things, asker)) {
        const one = containerOf(things, orphan)
        if (one !== undefined) expect(one.allocDir).toBe('Gone')
      }
    }))
  })

  it('is everything of this agent that does not run and that no known task has', () => {
    fc.assert(fc.property(seen, process, (things, asker) => {
      const found = orphans(things, asker).map(({ id }) => id)
      const isOurs = (one: { readonly node: string; readonly owner: string }): boolean =>
        one.node === asker.node && one.node !== '' && one.owner !== '' && !asker.owners.includes(one.owner)
      for (const one of things.containers) if (isOurs(one) && one.state !== 'Running') expect(found).toContain(`container ${one.record.container}`)
      for (const one of things.leases) if (isOurs(one)) expect(found).toContain(`lease ${one.lease}`)
      const names = things.containers.map(({ record }) => record.container)
      for (const one of things.snapshots) if (isOurs(one) && !names.includes(one.key)) expect(found).toContain(`snapshot ${one.key} of ${one.snapshotter}`)
      for (const one of things.directories) if (isOurs(one) && !names.includes(one.container)) expect(found).toContain(`directory ${one.path}`)
    }))
  })

  it('is no volume: of the host only what lies in the directory of its own container, and the record goes last', () => {
    fc.assert(fc.property(seen, fc.oneof(process, byHand), (things, asker) => {
      for (const orphan of orphans(things, asker)) {
        const own = /^(?:container|directory \/run\/state\/)\s?(\S+)/.exec(orphan.id)?.[1]
        const of = orphan.id.startsWith('pipe ') ? '.pipes' : own
        for (const undo of orphan.undos) if ('path' in undo) expect(undo.path.startsWith(`${STATE}/${of ?? 'nothing'}/`)).toBe(true)
        const last = orphan.undos.findIndex(({ _tag }) => _tag === 'DeleteContainer')
        if (last >= 0) expect(last).toBe(orphan.undos.length - 1)
        expect(orphan.undos.length).toBeGreaterThan(0)
        expect(reasonText(orphan.because)).not.toBe('')
      }
    }))
  })
})

describe('the grace', () => {
  const looks = fc.array(fc.tuple(fc.nat({ max: 100 }), fc.subarray(['x', 'y', 'z'])), { maxLength: 8 })
  const orphan = (id: string): Orphan => ({ id, owner: 'o', because: 'NoContainer', undos: [] })

  it('is over for what every look of that long saw, and for nothing else', () => {
    fc.assert(fc.property(looks, fc.integer({ min: 1, max: 150 }), (all, graceMs) => {
      let since: Sightings = {}
      let nowMs = 0
      const first = new Map<string, number>()
      for (const [passed, ids] of all) {
        nowMs += passed
        for (const id of first.keys()) if (!ids.includes(id)) first.delete(id)
        for (const id of ids) if (!first.has(id)) first.set(id, nowMs)
        since = sighted(ids.map(orphan), since, nowMs)
        const due = ids.filter((id) => nowMs - (first.get(id) ?? nowMs) >= graceMs)
        expect(ripe(ids.map(orphan), since, nowMs, graceMs).map(({ id }) => id)).toEqual(due)
      }
    }))
  })
})
