import * as fc from 'fast-check'

import { FailureTag } from '../../src/core/domain/Failure'
import { Plan, undosOf } from '../../src/core/plan/Plan'
import { planStart } from '../../src/core/plan/plans'
import { planStop } from '../../src/core/plan/planStop'
import { standsOn } from '../../src/core/plan/standsOn'
import { targetOf } from '../../src/core/plan/Step'
import { Undo, undos } from '../../src/core/plan/Undo'
import { undosOfRecord } from '../../src/core/plan/undosOfRecord'
import { Leftover, Report } from '../../src/core/report/Report'
import { needsOf } from '../../src/core/translate'
import { execute, revertAll, Run, Workshop } from '../../src/effects/ports/execute'
import { cases, compiledOf, rightOf } from '../../src/testing/facts'
import { furnish, OTHER_IMAGE } from '../fakes/furnish'
import { Trouble, World } from '../fakes/World'
import { keyOf } from '../fakes/world/State'
import { ofOthers, snapshotOf, withoutShared } from '../laws/world'

const AMBIGUOUS: ReadonlyArray<FailureTag> = ['Unavailable', 'TimedOut', 'Unknown']
const TAGS: ReadonlyArray<FailureTag> = ['NotFound', 'AlreadyExists', 'Denied', 'Invalid', ...AMBIGUOUS]

const step = fc.nat({ max: 12 })
const trouble: fc.Arbitrary<Trouble> = fc.oneof(
  fc.record({ _tag: fc.constant('Refuse' as const), step, failure: fc.constantFrom(...TAGS) }),
  // An answer is lost as a failure that leaves it open whether the act happened.
  fc.record({ _tag: fc.constant('LoseReply' as const), step, failure: fc.constantFrom(...AMBIGUOUS) }),
  fc.record({ _tag: fc.constant('Throw' as const), step })
)

/** A plan, and what it names and does not hold. */
interface Wanted {
  readonly plan: Plan
  readonly run: Run
  readonly stateDirectory: string
}

const wanted: fc.Arbitrary<Wanted> = fc.oneof(
  cases.map((given) => {
    const compiled = compiledOf(given)
    return { plan: planStart(compiled), run: { materials: { compiled } }, stateDirectory: given.request.plugin.state_dir }
  }),
  cases.map(({ request }) => ({ plan: needsOf(request).fetch, run: {}, stateDirectory: request.plugin.state_dir }))
)

/** Names that the plan will want, held by a stranger. */
type InTheWay = (world: World, plan: Plan) => void

const nobody: InTheWay = () => undefined

const strangers = (pick: number): InTheWay => ({ state }, { steps }) => {
  const takers = steps.flatMap(({ act }): ReadonlyArray<() => void> => {
    if (act._tag === 'HoldLease') return [() => state.leases.set(act.lease, { owner: 'a stranger', expiresAtMs: Infinity, holds: new Set() })]
    if (act._tag === 'PrepareSnapshot') return [() => state.snapshots.set(keyOf(act), { owner: 'a stranger', parent: '' })]
    if (act._tag !== 'CreateContainer') return []
    return [() => state.containers.set(act.container, { owner: 'a stranger', snapshotter: act.snapshotter, key: act.key, args: [], sources: [], labels: {} })]
  })
  for (const [index, take] of takers.entries()) if (((pick >> index) & 1) === 1) take()
}

/** A world in which the plan can be done, with another task in it. */
const worldFor = ({ plan }: Wanted, wrong?: Trouble, inTheWay: InTheWay = nobody): World => {
  const world = World(wrong === undefined ? {} : { troubles: [wrong] })
  furnish(world, plan)
  inTheWay(world, plan)
  return world
}

const LONG_MS = 600_000

const ran = (world: World, plan: Plan, run: Run, workshop: Workshop = world): Promise<Report> =>
  world.clock.passUntil(execute(workshop, plan, run), LONG_MS)

const takenBack = (world: World, owner: string, undoing: ReadonlyArray<Undo>): Promise<ReadonlyArray<Leftover>> =>
  world.clock.passUntil(revertAll(world, owner, undoing), LONG_MS)

/** Not what is kept only because something that could not be taken back stands on it. */
const isOwnFault = ({ undo }: Leftover, _index: number, all: ReadonlyArray<Leftover>): boolean =>
  !all.some((other) => standsOn(other.undo, undo))

describe('a start or fetch that fails leaves nothing behind', () => {
  it('whichever step fails, and however', async () => {
    await fc.assert(fc.asyncProperty(wanted, trouble, async (given, wrong) => {
      const world = worldFor(given, wrong)
      const before = withoutShared(world.things())
      const report = await ran(world, given.plan, given.run)
      expect(report._tag).toBe(wrong.step < given.plan.steps.length ? 'RolledBack' : 'Completed')
      if (report._tag === 'RolledBack') {
        expect(report).toMatchObject({ step: given.plan.steps[wrong.step]?.id, leftovers: [] })
        expect(withoutShared(world.things())).toEqual(before)
      }
    }))
  })

  it("and never touches what is another's, also when it stands in the way", async () => {
    await fc.assert(fc.asyncProperty(wanted, trouble, fc.nat({ max: 7 }), async (given, wrong, pick) => {
      const world = worldFor(given, wrong, strangers(pick))
      const before = world.things()
      const report = await ran(world, given.plan, given.run)
      expect(ofOthers(world.things(), given.plan.owner)).toEqual(ofOthers(before, given.plan.owner))
      // Where a stranger ends the start, the trouble may meet an undo.
      if (report._tag !== 'RolledBack') return
      expect(report.leftovers.filter(isOwnFault).length).toBeLessThanOrEqual(1)
      if (report.leftovers.length === 0) expect(withoutShared(world.things())).toEqual(withoutShared(before))
    }))
  })

  it('newest first: what was done, and what may have been done, and nothing else', async () => {
    await fc.assert(fc.asyncProperty(wanted, trouble, async (given, wrong) => {
      const world = worldFor(given, wrong)
      const report = await ran(world, given.plan, given.run)
      // A task that is there under the record of this start is of an earlier one, and goes as well.
      const isThere = (cause: string): boolean => cause === 'AlreadyExists' && given.plan.steps[wrong.step]?.act._tag === 'CreateTask'
      const isOpen = report._tag === 'RolledBack' && (AMBIGUOUS.includes(report.cause._tag) || isThere(report.cause._tag))
      const steps = report._tag !== 'RolledBack' ? [] : given.plan.steps.slice(0, wrong.step + (isOpen ? 1 : 0))
      const expected = undosOf({ ...given.plan, steps }).map((undo) => `undo ${undo._tag} ${targetOf(undo)}`)
      expect(world.calls.log.filter((line) => line.startsWith('undo '))).toEqual(expected)
    }))
  })

  it('and nothing is done after the step that failed', async () => {
    await fc.assert(fc.asyncProperty(wanted, trouble, async (given, wrong) => {
      const world = worldFor(given, wrong)
      await ran(world, given.plan, given.run)
      const done = world.calls.log.filter((line) => !line.startsWith('undo '))
      expect(done.length).toBe(Math.min(given.plan.steps.length, wrong.step + 1))
      expect(world.calls.log.slice(0, done.length)).toEqual(done)
    }))
  })

  it('and what shares the host stays: images and the directories of volumes', async () => {
    await fc.assert(fc.asyncProperty(wanted, trouble, async (given, wrong) => {
      const world = worldFor(given, wrong)
      await ran(world, given.plan, given.run)
      expect(world.things()).toContainEqual([`image ${OTHER_IMAGE}`, 'shared'])
    }))
  })
})

describe('a start or fetch that is cancelled', () => {
  it('leaves nothing behind, whenever that is, and says that it was cancelled', async () => {
    await fc.assert(fc.asyncProperty(wanted, fc.nat({ max: 12 }), async (given, step) => {
      const abort = new AbortController()
      const world = worldFor(given)
      const before = withoutShared(world.things())
      const cut: Workshop = {
        clock: world.clock,
        machine: {
          ...world.machine,
          perform: (act, how) => {
            if (world.calls.count === step) abort.abort()
            return world.machine.perform(act, how)
          }
        }
      }
      const report = await ran(world, given.plan, { ...given.run, signal: abort.signal }, cut)
      const isLate = step >= given.plan.steps.length - 1
      expect(report).toMatchObject(isLate ? { _tag: 'Completed' } : { _tag: 'RolledBack', cause: { _tag: 'Cancelled' }, leftovers: [] })
      if (!isLate) expect(withoutShared(world.things())).toEqual(before)
    }))
  })
})

/** What has no owner but the container whose name, made from the owner's, leads to it. */
const BY_NAME: ReadonlyArray<Undo['_tag']> = ['RemoveFile', 'UnpinSource', 'LeaveNetwork', 'RemoveNamespace']

describe('what a start makes, its undos take back', () => {
  it('all of it, and leaves what others have', async () => {
    await fc.assert(fc.asyncProperty(wanted, async (given) => {
      const world = worldFor(given)
      const before = withoutShared(world.things())
      expect(await ran(world, given.plan, given.run)).toMatchObject({ _tag: 'Completed' })
      expect(await takenBack(world, given.plan.owner, undosOf(given.plan))).toEqual([])
      expect(withoutShared(world.things())).toEqual(before)
    }))
  })

  it('also when only the container record is known', async () => {
    await fc.assert(fc.asyncProperty(wanted, async (given) => {
      const world = worldFor(given)
      const before = withoutShared(world.things())
      await ran(world, given.plan, given.run)
      const records = await world.reads.records(given.plan.owner)()
      const undoing = rightOf(records).flatMap((record) => undosOfRecord(record, given.stateDirectory))
      expect(await takenBack(world, given.plan.owner, undoing)).toEqual([])
      expect(withoutShared(world.things())).toEqual(before)
    }))
  })

  it('twice is as good as once', async () => {
    await fc.assert(fc.asyncProperty(wanted, async (given) => {
      const world = worldFor(given)
      await ran(world, given.plan, given.run)
      await takenBack(world, given.plan.owner, undosOf(given.plan))
      const after = snapshotOf(world)
      expect(await takenBack(world, given.plan.owner, undosOf(given.plan))).toEqual([])
      expect(snapshotOf(world)).toEqual(after)
    }))
  })

  it('under another owner they take nothing that has one', async () => {
    await fc.assert(fc.asyncProperty(wanted, async (given) => {
      const world = worldFor(given)
      await ran(world, given.plan, given.run)
      const before = snapshotOf(world)
      await takenBack(world, 'someone else', undosOf(given.plan).filter(({ _tag }) => !BY_NAME.includes(_tag)))
      expect(snapshotOf(world)).toEqual(before)
    }))
  })

  it('also after they were stored and read again', () => {
    fc.assert(fc.property(wanted, ({ plan }) => {
      const list = undosOf(plan)
      expect(undos.decode(JSON.parse(JSON.stringify(list)))).toMatchObject({ _tag: 'Right', right: list })
    }))
  })
})

describe('a stop', () => {
  it('always comes to its end, takes nothing back, and tells what failed', async () => {
    await fc.assert(fc.asyncProperty(cases, trouble, async (given, wrong) => {
      const compiled = compiledOf(given)
      const { id, owner } = compiled.container
      const world = World({ troubles: [] })
      furnish(world, planStart(compiled))
      await ran(world, planStart(compiled), { materials: { compiled } })
      const before = snapshotOf(world)
      world.calls.troubles.push({ ...wrong, step: world.calls.count + wrong.step })
      const stopping = execute(world, planStop(owner, id, 15, 5000))
      await world.clock.pass(120_000)
      expect(await stopping).toMatchObject({ _tag: 'Stopped', failures: { length: wrong.step < 2 ? 1 : 0 } })
      expect(snapshotOf(world)).toEqual(before)
    }))
  })
})
