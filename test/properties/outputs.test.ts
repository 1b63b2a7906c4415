import * as fc from 'fast-check'

import { danglingIn, Plan } from '../../src/core/plan/Plan'
import { planStart } from '../../src/core/plan/plans'
import { execute } from '../../src/effects/ports/execute'
import { Case, cases, compiledOf } from '../../src/testing/facts'
import { furnish } from '../fakes/furnish'
import { World } from '../fakes/World'

/** A start with its steps in any order, some of them left out: what a planner that is wrong might make. */
const disordered = (given: Case): fc.Arbitrary<Plan> => {
  const plan = planStart(compiledOf(given))
  return fc.shuffledSubarray([...plan.steps]).map((steps) => ({ ...plan, steps }))
}

const someStart = cases.chain((given) => fc.record({ compiled: fc.constant(compiledOf(given)), plan: disordered(given) }))

describe('a step that needs what another answers', () => {
  it('comes after it in every start', () => {
    fc.assert(fc.property(cases, (given) => {
      expect(danglingIn(planStart(compiledOf(given)))).toBeUndefined()
    }))
  })

  it('is told where it does not, and nothing of such a plan is begun', async () => {
    await fc.assert(fc.asyncProperty(someStart, async ({ compiled, plan }) => {
      const at = (tag: string): number => plan.steps.findIndex(({ act }) => act._tag === tag)
      const isWrong = at('CreateTask') >= 0 && (at('PrepareSnapshot') < 0 || at('PrepareSnapshot') > at('CreateTask'))
      expect(danglingIn(plan)?.act).toBe(isWrong ? 'CreateTask' : undefined)
      if (!isWrong) return
      const world = World()
      furnish(world, plan)
      const before = world.things()
      const report = await world.clock.passUntil(execute(world, plan, { materials: { compiled } }), 600_000)
      expect(report).toMatchObject({ _tag: 'RolledBack', step: plan.steps[at('CreateTask')]?.id, leftovers: [] })
      expect(world.things()).toEqual(before)
    }))
  })
})
