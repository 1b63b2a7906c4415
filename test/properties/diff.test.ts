import * as fc from 'fast-check'

import { Change, worst } from '../../src/core/diff/Change'
import { hunksOf } from '../../src/core/diff/hunks'
import { patchOf } from '../../src/core/diff/patchOf'
import { withTrueSources } from '../../src/core/diff/trueSources'
import { Line, linesOf } from '../../src/core/diff/unifiedDiff'
import { compact, pretty } from '../../src/core/domain/canonical'
import { isEqual, Json } from '../../src/core/domain/Json'
import { changesOf } from '../../src/core/judge/changesOf'
import { documentPairs, documentsOfCases, edited } from '../arbitraries/json'
import { applyPatch, resolved } from '../laws/applyPatch'

const textOf = (lines: ReadonlyArray<Line>, hidden: Line['mark']): string =>
  lines.filter(({ mark }) => mark !== hidden).map(({ text }) => `${text}\n`).join('')

const linesOfText = (document: Json): ReadonlyArray<string> => pretty(document).slice(0, -1).split('\n')

/** The lines of a document after the hunks of a diff, as patch(1) applies them. */
const withHunks = (before: ReadonlyArray<string>, hunks: ReturnType<typeof hunksOf>): ReadonlyArray<string> => {
  let place = 0
  const made: Array<string> = []
  for (const { before: [from, length], after: [fromAfter, lengthAfter], lines } of hunks) {
    const start = length === 0 ? from : from - 1
    if (start < place) throw new Error('hunks overlap')
    made.push(...before.slice(place, start))
    expect(made).toHaveLength(lengthAfter === 0 ? fromAfter : fromAfter - 1)
    expect(lines.filter(({ mark }) => mark !== '+').map(({ text }) => text)).toEqual(before.slice(start, start + length))
    expect(lines.filter(({ mark }) => mark !== '-')).toHaveLength(lengthAfter)
    made.push(...lines.filter(({ mark }) => mark !== '-').map(({ text }) => text))
    place = start + length
  }
  return [...made, ...before.slice(place)]
}

describe('two documents, line by line', () => {
  it('are the first without what is new, and the second without what is gone', () => {
    fc.assert(fc.property(documentPairs, ([a, b]) => {
      const lines = linesOf(a, b)
      expect(textOf(lines, '+')).toBe(pretty(a))
      expect(textOf(lines, '-')).toBe(pretty(b))
    }))
  })

  it('have a marked line exactly when their text differs', () => {
    fc.assert(fc.property(documentPairs, ([a, b]) => {
      expect(linesOf(a, b).some(({ mark }) => mark !== ' ')).toBe(pretty(a) !== pretty(b))
    }))
  })

  it('in hunks: applied to the first they give the second', () => {
    fc.assert(fc.property(documentPairs, ([a, b]) => {
      expect(withHunks(linesOfText(a), hunksOf(linesOf(a, b)))).toEqual(linesOfText(b))
    }))
  })

  it('in hunks: at most three equal lines stand before and after a change, and at most six between two', () => {
    fc.assert(fc.property(documentPairs, ([a, b]) => {
      for (const { lines } of hunksOf(linesOf(a, b))) {
        const runs = lines.map(({ mark }) => (mark === ' ' ? ' ' : '*')).join('').split(/\*+/)
        expect(Math.max(runs[0]!.length, runs.at(-1)!.length)).toBeLessThanOrEqual(3)
        expect(Math.max(0, ...runs.slice(1, -1).map((run) => run.length))).toBeLessThanOrEqual(6)
      }
    }))
  })
})

describe('a JSON patch', () => {
  it('makes the second document of the first', () => {
    fc.assert(fc.property(documentPairs, ([a, b]) => { expect(compact(applyPatch(a, patchOf(a, b)))).toBe(compact(b)) }))
  })

  it('is empty exactly when they are equal', () => {
    fc.assert(fc.property(documentPairs, ([a, b]) => { expect(patchOf(a, b).length === 0).toBe(isEqual(a, b)) }))
  })
})

const isFilter = ({ key }: Change): boolean => /^(?:\/spec)?\/linux\/seccomp\/syscalls(?:\/|$)/.test(key)

const sideOf = (change: Change): 'before' | 'after' => (change.kind === 'removed' ? 'before' : 'after')

describe('changes', () => {
  it('are none exactly when the documents are equal', () => {
    fc.assert(fc.property(documentPairs, ([a, b]) => { expect(changesOf(a, b).length === 0).toBe(isEqual(withTrueSources(a), withTrueSources(b))) }))
  })

  it('point at what changed: in the second document, or in the first when it is gone', () => {
    fc.assert(fc.property(documentPairs, ([a, b]) => {
      for (const change of changesOf(a, b)) {
        const there = resolved(withTrueSources(change.kind === 'removed' ? a : b), change.pointer)
        if (isFilter(change)) expect(Array.isArray(there)).toBe(true)
        else expect(there).toEqual(change[sideOf(change)])
      }
    }))
  })

  it('have a key of their own for each place', () => {
    fc.assert(fc.property(documentPairs, ([a, b]) => {
      const places = new Map<string, Set<string>>()
      for (const change of changesOf(a, b).filter((one) => !isFilter(one))) {
        const id = `${change.key} ${change.kind === 'reordered' ? 'order' : ''}`
        places.set(id, (places.get(id) ?? new Set()).add(`${sideOf(change)} ${change.pointer}`))
      }
      expect([...places].filter(([, found]) => found.size > 1)).toEqual([])
    }))
  })

  it('say what was before and what is after, as their kind promises', () => {
    fc.assert(fc.property(documentPairs, ([a, b]) => {
      for (const { kind, before, after } of changesOf(a, b)) {
        expect([before !== undefined, after !== undefined]).toEqual([kind !== 'added', kind !== 'removed'])
        expect(isEqual(before, after)).toBe(false)
      }
    }))
  })

  it('are the same for the same documents, in whatever order their names stand', () => {
    fc.assert(fc.property(documentPairs, ([a, b]) => {
      const turned = (value: Json): Json =>
        Array.isArray(value) ? value.map(turned) : typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value).reverse().map(([name, item]) => [name, turned(item)])) : value
      expect(compact(changesOf(turned(a), turned(b)))).toBe(compact(changesOf(a, b)))
    }))
  })

  it('are those of the other direction with added and removed exchanged', () => {
    const opposite = { added: 'removed', removed: 'added', changed: 'changed', reordered: 'reordered' } as const
    const said = (changes: ReadonlyArray<Change>, isTurned: boolean): ReadonlyArray<string> => changes.map(({ key, kind, before, after }) =>
      compact([key, isTurned ? opposite[kind] : kind, ...(isTurned ? [after, before] : [before, after])])).sort()
    fc.assert(fc.property(documentPairs, ([a, b]) => { expect(said(changesOf(b, a), true)).toEqual(said(changesOf(a, b), false)) }))
  })

  it('never weaken when both documents are equal but for the order of names', () => {
    fc.assert(fc.property(documentsOfCases, (document) => { expect(changesOf(document, document)).toEqual([]) }))
  })

  it('of one step are judged no milder when another step comes with it elsewhere', () => {
    const parts = fc.constantFrom('container', 'fetch', 'io', 'stop', 'network', 'seccomp')
    fc.assert(fc.property(edited(documentsOfCases), edited(documentsOfCases), parts, ([a, b], [, other], part) => {
      const [specs, rest] = [b as { readonly spec?: Json }, other as Readonly<Record<string, Json>>]
      fc.pre(typeof a === 'object' && a !== null && Object.hasOwn(b as object, 'spec') && Object.hasOwn(rest, part))
      const first = { ...(a as object), spec: specs.spec! } as Json
      const second = { ...(a as object), [part]: rest[part]! } as Json
      const both = { ...(a as object), spec: specs.spec!, [part]: rest[part]! } as Json
      const verdict = (to: Json): string => worst(changesOf(a, to).map((change) => change.verdict))
      const order = ['tightens', 'neutral', 'unknown', 'weakens']
      for (const alone of [first, second].filter((one) => !isEqual(a, one))) {
        expect(order.indexOf(verdict(both))).toBeGreaterThanOrEqual(order.indexOf(verdict(alone)))
      }
    }))
  })
})
