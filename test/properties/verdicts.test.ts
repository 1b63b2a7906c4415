import * as fc from 'fast-check'

import { Verdict, worst } from '../../src/core/diff/Change'
import { isEqual, isJsonRecord, Json } from '../../src/core/domain/Json'
import { changesOf } from '../../src/core/judge/changesOf'
import { shuffled } from '../../src/testing/order'
import { documentsOfCases, edited } from '../arbitraries/json'
import { inSpec, list, WEAKENINGS, withAt } from '../laws/weakenings'

const verdictOf = (before: Json, after: Json): Verdict => worst(changesOf(before, after).map(({ verdict }) => verdict))

const specOf = (document: Json): Json => (document as { readonly spec: Json }).spec

/** Documents, and specs alone. */
const documents = fc.tuple(documentsOfCases, fc.boolean()).map(([document, isBare]) => (isBare ? specOf(document) : document))

const ORDER: ReadonlyArray<Verdict> = ['tightens', 'neutral', 'unknown', 'weakens']
const rank = (verdict: Verdict): number => ORDER.indexOf(verdict)

const RUNS = { numRuns: Math.ceil(Number(process.env['FC_RUNS'] ?? 300) / 4) }

describe.each(Object.entries(WEAKENINGS))('%s', (_name, weakening) => {
  it('weakens any document, and taking it back tightens', () => {
    fc.assert(fc.property(documents, weakening, (document, { safe, weak }) => {
      const [before, after] = [safe(document), weak(document)]
      expect(isEqual(before, after)).toBe(false)
      expect(verdictOf(before, after)).toBe('weakens')
      expect(verdictOf(after, before)).toBe('tightens')
    }), RUNS)
  })

  it('weakens too when something else changes with it', () => {
    fc.assert(fc.property(edited(documentsOfCases), weakening, ([document, other], { safe, weak }) => {
      fc.pre(isJsonRecord(other) && isJsonRecord(other['spec']))
      expect(verdictOf(safe(document), weak(other))).toBe('weakens')
    }), RUNS)
  })
})

describe('two weakenings', () => {
  it('are judged no milder than one of them', () => {
    const any = fc.constantFrom(...Object.values(WEAKENINGS)).chain((one) => one)
    fc.assert(fc.property(documents, any, any, (document, one, other) => {
      const before = other.safe(one.safe(document))
      const both = verdictOf(before, other.weak(one.weak(before)))
      const alone = [one.weak(before), other.weak(before)].filter((after) => !isEqual(before, after)).map((after) => verdictOf(before, after))
      expect(rank(both)).toBeGreaterThanOrEqual(Math.max(-1, ...alone.map(rank)))
    }))
  })
})

const SETS: ReadonlyArray<string> = [
  'process/capabilities/bounding', 'process/capabilities/effective', 'process/user/additionalGids', 'process/env', 'process/rlimits', 'linux/namespaces',
  'linux/devices', 'linux/maskedPaths', 'linux/readonlyPaths', 'linux/seccomp/architectures', 'linux/seccomp/flags'
]

/** Items that every document gets, where few have any. */
const SAMPLES: Readonly<Record<string, ReadonlyArray<Json>>> = {
  'linux/seccomp/architectures': ['SCMP_ARCH_X86_64', 'SCMP_ARCH_X86', 'SCMP_ARCH_X32'],
  'linux/seccomp/flags': ['SECCOMP_FILTER_FLAG_LOG', 'SECCOMP_FILTER_FLAG_SPEC_ALLOW'],
  'linux/devices': ['/dev/a', '/dev/b'].map((path, minor) => ({ path, type: 'c', major: 1, minor, fileMode: 0o600, uid: 0, gid: 0 }))
}

describe('what changes no wall', () => {
  it.each(SETS)('the order of %s is neutral', (path) => {
    fc.assert(fc.property(documents, fc.nat(), (document, seed) => {
      const before = inSpec(document, path, (old) => [...list(old), ...(SAMPLES[path] ?? [])])
      const after = inSpec(before, path, (old) => shuffled(list(old), seed))
      expect(verdictOf(before, after)).toBe('neutral')
    }), RUNS)
  })

  it('the order of rules is neutral, and of the calls that each names', () => {
    fc.assert(fc.property(documents, fc.nat(), (document, seed) => {
      const after = inSpec(document, 'linux/seccomp', (old) => (isJsonRecord(old)
        ? { ...old, syscalls: shuffled(list(old['syscalls']), seed).map((rule) => ({ ...(rule as object), names: shuffled(list((rule as { readonly names: Json }).names), seed) })) }
        : old))
      expect(changesOf(document, after).every(({ verdict, pointer }) => verdict === 'neutral' || pointer.endsWith('/syscalls'))).toBe(true)
      expect(['neutral', 'unknown']).toContain(verdictOf(document, after))
    }), RUNS)
  })

  it('a read-only file that the driver makes is neutral, and the same of the host weakens', () => {
    fc.assert(fc.property(documentsOfCases, fc.constantFrom('ro', 'rro'), (document, readOnly) => {
      const mount = { destination: '/law', type: 'bind', source: '/run/law/hosts', options: ['rbind', readOnly] }
      const mounted = inSpec(document, 'mounts', (old) => [...list(old), mount])
      const made = withAt(mounted, ['mounts'], (old) => [...list(old), { _tag: 'File', path: '/run/law/hosts', text: '', because: 'law' }])
      expect(verdictOf(document, made)).toBe('neutral')
      expect(verdictOf(document, mounted)).toBe('weakens')
      const writable = inSpec(made, 'mounts', (old) => [...list(old).slice(0, -1), { ...mount, options: ['rbind', readOnly, 'rw', 'rrw'] }])
      expect(verdictOf(document, writable)).toBe('weakens')
    }), RUNS)
  })

  it('what weakens and tightens in one element weakens', () => {
    const of = (...options: ReadonlyArray<string>): Json => ({ destination: '/law', type: 'bind', source: '/etc', options })
    fc.assert(fc.property(documents, (document) => {
      const [before, after] = [of('rbind', 'ro'), of('rbind', 'rw', 'nosuid')].map((mount) => inSpec(document, 'mounts', (old) => [...list(old), mount]))
      expect(changesOf(before!, after!)).toHaveLength(1)
      expect(verdictOf(before!, after!)).toBe('weakens')
    }), RUNS)
  })
})

describe('the network', () => {
  it('of the host weakens any document that had another, and the reverse tightens', () => {
    fc.assert(fc.property(documentsOfCases, fc.constantFrom<Json>({ _tag: 'Isolated' }, { _tag: 'Join', netns: '/run/netns/a' }), (document, other) => {
      const [before, after] = [other, { _tag: 'Host' }].map((network) => withAt(document, ['network'], () => network))
      expect(verdictOf(before!, after!)).toBe('weakens')
      expect(verdictOf(after!, before!)).toBe('tightens')
    }), RUNS)
  })
})
