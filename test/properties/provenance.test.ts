import * as fc from 'fast-check'
import * as E from 'fp-ts/Either'

import { DocumentPath, isIn, pathText } from '../../src/core/domain/DocumentPath'
import * as ImageConfig from '../../src/core/image/ImageConfig'
import { changesOf } from '../../src/core/judge/changesOf'
import { documentOf, Offline, translateOffline } from '../../src/core/offline'
import { causesOfParts, effects, explained } from '../../src/core/provenance/causes'
import { withoutAll, withouts } from '../../src/core/provenance/without'
import { redact } from '../../src/core/share/redact'
import { cases } from '../../src/testing/facts'

/** A case as the command line compiles it. */
const offline: fc.Arbitrary<Offline> = cases.map(({ documents, facts }) => ({ documents, facts, image: ImageConfig.empty }))
  .filter((given) => E.isRight(translateOffline(given).outcome))

// Each case is compiled again without every option that it has.
const runs = { numRuns: Math.min(12, Number(process.env['FC_RUNS'] ?? 12)) }

describe('the causes of an outcome', () => {
  it('every part has one', () => {
    fc.assert(fc.property(offline, (given) => {
      const parts = explained(given)
      expect(parts.length).toBeGreaterThan(20)
      expect(parts.filter(({ causes }) => causes.length === 0)).toEqual([])
    }), runs)
  })

  it('an option that caused something is one without which that is otherwise', () => {
    fc.assert(fc.property(offline, (given) => {
      const document = documentOf(translateOffline(given))
      const rest = new Map(withouts(given).map((one) => [pathText(one.at), one.rest]))
      for (const { cause, keys } of effects(given, document)) {
        const without = translateOffline(rest.get(pathText(cause.at))!)
        expect(E.isLeft(without.outcome)).toBe(keys === undefined)
        if (keys !== undefined) expect(changesOf(documentOf(without), document).map(({ key }) => key)).toEqual(expect.arrayContaining([...keys]))
        expect(cause.isDefault).toBe(false)
      }
    }), runs)
  })

  it('an option without which nothing is otherwise caused nothing', () => {
    fc.assert(fc.property(offline, (given) => {
      const document = documentOf(translateOffline(given))
      const caused = new Set(effects(given, document).filter(({ keys }) => keys !== undefined).map(({ cause }) => pathText(cause.at)))
      for (const { at, rest } of withouts(given)) {
        const without = translateOffline(rest)
        if (E.isRight(without.outcome) && changesOf(documentOf(without), document).length === 0) expect(caused).not.toContain(pathText(at))
      }
    }), runs)
  })

  it('nothing that could be left out without a difference, alone or with the others that are named, is called the cause of a part', () => {
    fc.assert(fc.property(offline, (given) => {
      const document = documentOf(translateOffline(given))
      const caused = effects(given, document).map(({ cause: { at } }) => at)
      const isAlone = (at: DocumentPath): boolean => caused.some((one) => isIn(at, one))
      for (const { causes } of explained(given)) {
        const said = causes.filter(({ isDefault }) => !isDefault).map(({ at }) => at)
        if (said.every(isAlone)) continue
        const without = translateOffline(withoutAll(given, said))
        expect(E.isRight(without.outcome) && changesOf(documentOf(without), document).length > 0).toBe(true)
      }
    }), runs)
  })

  it('the same case always has the same causes, and a redacted document too', () => {
    fc.assert(fc.property(offline, (given) => {
      const document = documentOf(translateOffline(given))
      const causes = (parts: ReturnType<typeof explained>): ReadonlyArray<unknown> => parts.map((part) => [part.pointer, part.causes])
      expect(causes(explained(given))).toEqual(causes(causesOfParts(given, document, document)))
      expect(causes(causesOfParts(given, document, redact(document, [])))).toEqual(causes(explained(given)))
    }), runs)
  })
})
