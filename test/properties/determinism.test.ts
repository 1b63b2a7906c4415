import * as fc from 'fast-check'

import { compact } from '../../src/core/domain/canonical'
import { Facts } from '../../src/core/facts/Facts'
import { render } from '../../src/core/plan/render'
import { Documents } from '../../src/core/resolve/Request'
import { plansOf } from '../../src/core/translate'
import { Case, cases, compiledOf, requestOf } from '../../src/testing/facts'
import { reordered, shuffled } from '../../src/testing/order'

/** Every byte that comes out of a case. */
const bytesOf = (given: Pick<Case, 'request' | 'facts'>): string => {
  const compiled = compiledOf(given)
  return [compact(compiled.spec), compact(compiled), ...plansOf(given.request, compiled).map(render)].join('\n')
}

const again = ({ documents, facts }: Case, seed: number): Pick<Case, 'request' | 'facts'> => ({
  request: requestOf(reordered(documents, seed) as Documents),
  facts: reordered(facts, seed) as Facts
})

const withEnv = (facts: Facts, order: (env: ReadonlyArray<string>) => ReadonlyArray<string>): Facts => ({
  ...facts,
  images: Object.fromEntries(
    Object.entries(facts.images).map(([name, image]) => [name, { ...image, config: { ...image.config, env: order(image.config.env) } }])
  )
})

describe('the same input gives the same bytes', () => {
  it('twice from the same documents', () => {
    fc.assert(fc.property(cases, (given) => {
      expect(bytesOf({ ...given, request: requestOf(given.documents) })).toBe(bytesOf(given))
    }))
  })

  it('in whatever order the options, the environment and the facts are written', () => {
    fc.assert(fc.property(cases, fc.nat(), (given, seed) => { expect(bytesOf(again(given, seed))).toBe(bytesOf(given)) }))
  })

  it('in whatever order the image lists its environment, while no name is there twice', () => {
    fc.assert(fc.property(cases, fc.nat(), (given, seed) => {
      const facts = withEnv(given.facts, (env) => shuffled(env, seed))
      expect(bytesOf({ ...given, facts })).toBe(bytesOf(given))
    }))
  })

  it('in whatever order the job lists its mounts', () => {
    fc.assert(fc.property(cases, fc.nat(), (given, seed) => {
      const task = { ...given.request.task, mounts: shuffled(given.request.task.mounts, seed) }
      const { spec } = compiledOf({ ...given, request: { ...given.request, task } })
      expect(compact(spec)).toBe(compact(compiledOf(given).spec))
    }))
  })

  it('and another environment gives other bytes', () => {
    fc.assert(fc.property(cases, (given) => {
      const facts = withEnv(given.facts, (env) => [...env, 'LAW_OF_BYTES=1'])
      expect(bytesOf({ ...given, facts })).not.toBe(bytesOf(given))
    }))
  })
})
