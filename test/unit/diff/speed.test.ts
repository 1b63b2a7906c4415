import { performance } from 'node:perf_hooks'

import { hunksOf } from '../../../src/core/diff/hunks'
import { patchOf } from '../../../src/core/diff/patchOf'
import { linesOf } from '../../../src/core/diff/unifiedDiff'
import { compact } from '../../../src/core/domain/canonical'
import { Json } from '../../../src/core/domain/Json'
import { changesOf } from '../../../src/core/judge/changesOf'
import { shuffled } from '../../../src/testing/order'

const many = <A>(count: number, item: (index: number) => A): ReadonlyArray<A> => Array.from({ length: count }, (_, index) => item(index))

type Word = (index: number) => string

/** A spec of about one megabyte, whose values are words that `say` gives. */
const large = (say: Word, order: <A>(items: ReadonlyArray<A>) => ReadonlyArray<A>): Json => ({
  ociVersion: '1.1.0',
  process: { args: ['sh'], env: order(many(4000, (index) => `NAME_OF_VARIABLE_${String(index)}=${say(index)} and some more letters that make its value longer`)) },
  mounts: order(many(2500, (index) => ({ destination: `/data/${String(index)}`, type: 'bind', source: `/srv/${say(index)}`, options: ['rbind', 'ro', 'rprivate', 'nosuid'] }))),
  annotations: Object.fromEntries(order(many(3000, (index) => [`example.com/label-${String(index)}`, say(index)] as const))),
  linux: {
    maskedPaths: order(many(500, (index) => `/proc/${say(index)}`)),
    seccomp: {
      defaultAction: 'SCMP_ACT_ERRNO',
      syscalls: order(many(2500, (index) => ({ names: [`call_${String(index)}`, `other_${String(index)}`], action: 'SCMP_ACT_ALLOW', args: [{ index: 0, op: 'SCMP_CMP_EQ', value: say(index).length }] })))
    }
  }
})

const plain = <A>(items: ReadonlyArray<A>): ReadonlyArray<A> => items
const word: Word = (index) => `word-${String(index)}`

const BASE = large(word, plain)

/** In milliseconds, the fastest of some runs: what else the machine does only makes it slower. */
const millisecondsOf = (work: () => unknown): number => Math.min(...many(3, () => {
  const start = performance.now()
  work()
  return performance.now() - start
}))

// Each takes 70 to 350 ms where two cores have six other things to do. The bound only tells such a step from one that looks through all items for each.
const MOST = 2000

describe('two specs of a megabyte', () => {
  it('are that large', () => { expect(compact(BASE).length).toBeGreaterThan(1_000_000) })

  it.each<readonly [string, Json]>([
    ['with few differences', large((index) => (index % 500 === 7 ? 'another' : word(index)), plain)],
    ['that differ everywhere', large((index) => `no-${String(index)}-no`, plain)],
    ['with all lists shuffled', large(word, (items) => shuffled(items, 7))],
    ['with all lists shuffled and different', large((index) => (index % 2 === 0 ? 'another' : word(index)), (items) => shuffled(items, 7))],
    ['with names that are there many times', large(() => 'same', (items) => items.map((item, index) => (index % 3 === 0 ? items[0]! : item)))],
    ['of which one is empty', { ociVersion: '1.1.0' }]
  ])('%s are compared in milliseconds', (name, other) => {
    const lines = linesOf(BASE, other)
    const times = {
      changes: millisecondsOf(() => changesOf(BASE, other)),
      back: millisecondsOf(() => changesOf(other, BASE)),
      lines: millisecondsOf(() => linesOf(BASE, other)),
      hunks: millisecondsOf(() => hunksOf(lines)),
      patch: millisecondsOf(() => patchOf(BASE, other))
    }
    if (process.env['SHOW_TIMES'] !== undefined) process.stderr.write(`${name}: ${JSON.stringify(times, (_, value: unknown) => (typeof value === 'number' ? Math.round(value) : value))}\n`)
    expect(Math.max(...Object.values(times))).toBeLessThan(MOST)
    expect(changesOf(BASE, other).length).toBeGreaterThan(0)
  })

})
