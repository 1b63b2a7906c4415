import * as fc from 'fast-check'

import { FailureTag } from '../../src/core/domain/Failure'
import { Plan, undosOf } from '../../src/core/plan/Plan'
import { planFetch, planStart, planStop } from '../../src/core/plan/plans'
import { Do, targetOf } from '../../src/core/plan/Step'
import { undos } from '../../src/core/plan/undoCodec'
import { fetchOf } from '../../src/core/translate'
import { execute, revertAll } from '../../src/effects/execute'
import { cases, compiledOf } from '../../src/testing/facts'
import { Trouble, World } from '../fakes/World'
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

const plan: fc.Arbitrary<Plan> = fc.oneof(
  cases.map((given) => planStart(compiledOf(given))),
  cases.map(({ request }) => planFetch(fetchOf(request)))
)

type Things = ReadonlyArray<readonly [string, string]>

/** Where the plan's image has to be before it starts: a fetch came first, of this task or of another. */
const around: Things = [['container other', 'other'], ['lease other', 'other'], ['image docker.io/library/other:1', 'shared']]

const OWNED: Readonly<Partial<Record<Do['_tag'], string>>> = {
  HoldLease: 'lease', PrepareSnapshot: 'snapshot', CreateContainer: 'container', CreateTask: 'task'
}

/** Names that the plan will want, held by a stranger. */
const inTheWay = ({ steps }: Plan, pick: number): Things => {
  const keys = steps.flatMap(({ act }): ReadonlyArray<string> => {
    const kind = OWNED[act._tag]
    return kind === undefined ? [] : [`${kind} ${targetOf(act)}`]
  })
  return keys.filter((_key, index) => ((pick >> index) & 1) === 1).map((key) => [key, 'a stranger'])
}

describe('a start or fetch that fails leaves nothing behind', () => {
  it('whichever step fails, and however', async () => {
    await fc.assert(fc.asyncProperty(plan, trouble, async (wanted, wrong) => {
      const world = World(around, wrong)
      const report = await execute(world, wanted)
      expect(report._tag).toBe(wrong.step < wanted.steps.length ? 'RolledBack' : 'Completed')
      if (report._tag === 'RolledBack') {
        expect(report).toMatchObject({ step: wanted.steps[wrong.step]?.id, leftovers: [] })
        expect(withoutShared(world.things)).toEqual(withoutShared(around))
      }
    }))
  })

  it("and never touches what is another's, also when it stands in the way", async () => {
    await fc.assert(fc.asyncProperty(plan, trouble, fc.nat({ max: 15 }), async (wanted, wrong, pick) => {
      const before = [...around, ...inTheWay(wanted, pick)]
      const world = World(before, wrong)
      const report = await execute(world, wanted)
      expect(ofOthers(world.things, wanted.owner)).toEqual(ofOthers(before, wanted.owner))
      if (report._tag === 'RolledBack') expect(withoutShared(world.things)).toEqual(withoutShared(before))
    }))
  })

  it('newest first: what was done, and what may have been done, and nothing else', async () => {
    await fc.assert(fc.asyncProperty(plan, trouble, async (wanted, wrong) => {
      const world = World(around, wrong)
      const report = await execute(world, wanted)
      const isOpen = report._tag === 'RolledBack' && AMBIGUOUS.includes(report.cause._tag)
      const steps = report._tag !== 'RolledBack' ? [] : wanted.steps.slice(0, wrong.step + (isOpen ? 1 : 0))
      const expected = undosOf({ ...wanted, steps }).map((undo) => `undo ${undo._tag} ${targetOf(undo)}`)
      expect(world.log.filter((line) => line.startsWith('undo '))).toEqual(expected)
    }))
  })

  it('and nothing is done after the step that failed', async () => {
    await fc.assert(fc.asyncProperty(plan, trouble, async (wanted, wrong) => {
      const world = World(around, wrong)
      await execute(world, wanted)
      const done = world.log.filter((line) => !line.startsWith('undo '))
      expect(done.length).toBe(Math.min(wanted.steps.length, wrong.step + 1))
      expect(world.log.slice(0, done.length)).toEqual(done)
    }))
  })

  it('and what shares the host stays: images and the directories of volumes', async () => {
    await fc.assert(fc.asyncProperty(plan, trouble, async (wanted, wrong) => {
      const world = World(around, wrong)
      await execute(world, wanted)
      expect(world.things.get('image docker.io/library/other:1')).toBe('shared')
    }))
  })
})

describe('what a start makes, its undos take back', () => {
  it('all of it, from a world with or without others', async () => {
    await fc.assert(fc.asyncProperty(plan, fc.boolean(), async (wanted, alone) => {
      const world = World(alone ? [] : around)
      expect(await execute(world, wanted)).toMatchObject({ _tag: 'Completed' })
      expect(await revertAll(world, wanted.owner, undosOf(wanted))).toEqual([])
      expect(withoutShared(world.things)).toEqual(alone ? [] : withoutShared(around))
    }))
  })

  it('twice is as good as once', async () => {
    await fc.assert(fc.asyncProperty(plan, async (wanted) => {
      const world = World(around)
      await execute(world, wanted)
      await revertAll(world, wanted.owner, undosOf(wanted))
      const after = snapshotOf(world)
      expect(await revertAll(world, wanted.owner, undosOf(wanted))).toEqual([])
      expect(snapshotOf(world)).toEqual(after)
    }))
  })

  it('under another owner they take nothing', async () => {
    await fc.assert(fc.asyncProperty(plan, async (wanted) => {
      const world = World(around)
      await execute(world, wanted)
      const before = snapshotOf(world)
      await revertAll(world, 'someone else', undosOf(wanted))
      expect(snapshotOf(world)).toEqual(before)
    }))
  })

  it('also after they were stored and read again', () => {
    fc.assert(fc.property(plan, (wanted) => {
      const list = undosOf(wanted)
      expect(undos.decode(JSON.parse(JSON.stringify(list)))).toMatchObject({ _tag: 'Right', right: list })
    }))
  })
})

describe('a stop', () => {
  it('always resolves and takes nothing back', async () => {
    await fc.assert(fc.asyncProperty(cases, trouble, async (given, wrong) => {
      const start = planStart(compiledOf(given))
      const { id, owner } = compiledOf(given).container
      const world = World(around)
      await execute(world, start)
      const stopped = World(world.things, wrong)
      await execute(stopped, planStop(owner, id, 15, 5000))
      expect(snapshotOf(stopped)).toEqual(snapshotOf(world))
    }))
  })
})
