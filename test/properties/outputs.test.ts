import * as fc from 'fast-check'

import { danglingIn, Plan, Planned } from '../../src/core/plan/Plan'
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

/** The step whose answer another one needs: a task its root file system, a file the addresses of a network. */
const needOf = ({ act }: Planned): string | undefined => {
  if (act._tag === 'CreateTask') return act.rootfs
  return act._tag === 'WriteFile' && act.text._tag === 'WithOutput' ? act.text.from : undefined
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
      const wrong = plan.steps.find((one, index) =>
        needOf(one) !== undefined && !plan.steps.slice(0, index).some(({ id }) => id === needOf(one)))
      expect(danglingIn(plan)?.step).toBe(wrong?.id)
      if (wrong === undefined) return
      const world = World()
      furnish(world, plan)
      const before = world.things()
      const report = await world.clock.passUntil(execute(world, plan, { materials: { compiled } }), 600_000)
      expect(report).toMatchObject({ _tag: 'RolledBack', step: wrong.id, leftovers: [] })
      expect(world.things()).toEqual(before)
    }))
  })
})
