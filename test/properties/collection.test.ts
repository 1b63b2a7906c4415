import * as fc from 'fast-check'

import { missingBytes } from '../../src/core/gc/pressure'
import { reasonText } from '../../src/core/gc/reasonText'
import { SeenImage, SeenImages, SeenUser } from '../../src/core/gc/SeenImages'
import { usesToNote } from '../../src/core/gc/usesToNote'
import { Asker, goingOf, Rule, Verdict, verdicts } from '../../src/core/gc/verdicts'

const NOW = 10_000_000
const NAMES = ['docker.io/library/redis:7', 'docker.io/library/redis:8', 'docker.io/team/app:1', 'registry.example:5000/app:2', 'containerd-driver.local/a/b', 'not a reference']
const DIGESTS = ['sha256:d1', 'sha256:d2', 'sha256:d3', 'sha256:d4']
const LAYERS = ['sha256:c1', 'sha256:c2', 'sha256:c3']
const NODES = ['', 'n1', 'n2']

const name = fc.constantFrom(...NAMES)
const usedAtMs = fc.oneof(fc.integer({ min: NOW - 2_000_000, max: NOW }), fc.constantFrom(0, NOW, NOW + 5000, Number.MAX_SAFE_INTEGER))

const image: fc.Arbitrary<SeenImage> = fc.record({
  name, digest: fc.constantFrom(...DIGESTS), roots: fc.subarray(LAYERS, { maxLength: 2 }), bytes: fc.nat({ max: 50 }),
  isPulled: fc.oneof({ weight: 4, arbitrary: fc.constant(true) }, { weight: 1, arbitrary: fc.constant(false) }),
  node: fc.constantFrom('n1', ...NODES), usedAtMs
})

const user: fc.Arbitrary<SeenUser> = fc.record({
  container: fc.constantFrom('c1', 'c2'), owner: fc.constantFrom('', 'a1/web/1'), image: fc.oneof(name, fc.constant('gone')), layers: fc.subarray(LAYERS)
})

const disk = fc.option(fc.integer({ min: 0, max: 100 }).map((usedBytes) => ({ usedBytes, totalBytes: 100 })), { nil: undefined })

const seen: fc.Arbitrary<SeenImages> = fc.record({
  images: fc.uniqueArray(image, { selector: (one) => one.name, maxLength: NAMES.length }),
  users: fc.array(user, { maxLength: 2 }), disk
}).map(({ disk: one, ...rest }) => (one === undefined ? rest : { ...rest, disk: one }))

const asker: fc.Arbitrary<Asker> = fc.record({
  node: fc.constantFrom('n1', 'n1', ...NODES), starting: fc.subarray(NAMES, { maxLength: 2 }), nowMs: fc.constant(NOW),
  lastUses: fc.subarray(NAMES).chain((some) => fc.tuple(...some.map((one) => fc.tuple(fc.constant(one), usedAtMs)))).map((all) => Object.fromEntries(all))
})

const pressure = fc.option(fc.tuple(fc.integer({ min: 1, max: 100 }), fc.nat({ max: 100 })).map(([high, low]) => ({ high, low: Math.min(high, low) })), { nil: undefined })

const rule: fc.Arbitrary<Rule> = fc.record({
  keep: fc.subarray(['docker.io/library/*', 'docker.io/library/redis', 'docker.io/team/app:1', 'registry.example:5000/*', 'not a *']),
  delayMs: fc.oneof(fc.nat({ max: 100_000 }), fc.constantFrom(0, 180_000, 1_000_000)), pressure
}).map(({ pressure: one, ...rest }) => ({ ...rest, ...one }))

const without = ({ images, users, disk: before }: SeenImages, gone: ReadonlyArray<Verdict>): SeenImages => {
  const names = gone.map((one) => one.image.name)
  const freed = gone.reduce((sum, one) => sum + one.image.bytes, 0)
  return {
    images: images.filter((one) => !names.includes(one.name)), users,
    ...(before === undefined ? {} : { disk: { ...before, usedBytes: before.usedBytes - freed } })
  }
}

const namesOf = (some: ReadonlyArray<Verdict>): ReadonlyArray<string> => some.map((one) => one.image.name)

/** Whether something runs with an image, by its name, by what the name stands for, or by its layers. */
const isUsed = ({ images, users }: SeenImages, one: SeenImage): boolean => users.some(({ image: named, layers }) =>
  named === one.name || images.some((other) => other.name === named && other.digest === one.digest) || one.roots.some((root) => layers.includes(root)))

const ageOf = ({ lastUses }: Asker, one: SeenImage): number => NOW - Math.min(NOW, Math.max(one.usedAtMs, lastUses[one.name] ?? 0))

describe('an image that goes', () => {
  const eachGoing = (hold: (one: Verdict, things: SeenImages, by: Asker, wanted: Rule) => void): void => {
    fc.assert(fc.property(seen, asker, rule, (things, by, wanted) => {
      for (const one of goingOf(verdicts(things, by, wanted))) hold(one, things, by, wanted)
    }))
  }

  it('is in use by nobody, and nothing is being started with it', () => {
    eachGoing((one, things, by) => {
      expect(isUsed(things, one.image)).toBe(false)
      expect(by.starting).not.toContain(one.image.name)
    })
  })

  it('was pulled by this driver, for the agent that asks', () => {
    eachGoing((one, _things, { node }) => { expect({ ...one.image, asks: node }).toMatchObject({ isPulled: true, node: expect.stringMatching(/./) as unknown, asks: one.image.node }) })
  })

  it('is kept by no pattern: a whole name, a repository, or a part with *', () => {
    eachGoing(({ image: { name: one } }, _things, _by, { keep }) => {
      if (one.startsWith('docker.io/library/')) expect(keep.filter((pattern) => pattern.startsWith('docker.io/library/'))).toEqual([])
      if (one.startsWith('registry.example:5000/')) expect(keep).not.toContain('registry.example:5000/*')
      expect(keep).not.toContain(one)
      if (one === 'not a reference') expect(keep).not.toContain('not a *')
    })
  })

  it('was unused for the delay, or the disk is full and a start had a minute to make its container', () => {
    eachGoing(({ image: one, because }, { disk: there }, by, { delayMs, high }) => {
      if (because === 'Unused') {
        expect(ageOf(by, one)).toBeGreaterThanOrEqual(delayMs)
        return
      }
      expect(because).toBe('DiskFull')
      expect(there?.usedBytes).toBeGreaterThanOrEqual(high ?? Infinity)
      expect(ageOf(by, one)).toBeGreaterThanOrEqual(Math.min(delayMs, 60_000))
    })
  })
})

describe('the images that go', () => {
  it('are all that may go and were unused for the delay', () => {
    fc.assert(fc.property(seen, asker, rule, (things, by, wanted) => {
      const gone = namesOf(goingOf(verdicts(things, by, { ...wanted, keep: [] })))
      for (const one of things.images) {
        const isOurs = one.isPulled && one.node === by.node && by.node !== ''
        if (isOurs && !isUsed(things, one) && !by.starting.includes(one.name) && ageOf(by, one) >= wanted.delayMs) expect(gone).toContain(one.name)
      }
    }))
  })

  it('where the disk is full are the longest unused, and no more than give back what is missing', () => {
    fc.assert(fc.property(seen, asker, rule, (things, by, wanted) => {
      const all = verdicts(things, by, wanted)
      const going = goingOf(all)
      const last = going.at(-1)
      if (last?.because !== 'DiskFull' || things.disk === undefined || wanted.low === undefined) return
      for (const one of all) if (one.because === 'Young') expect(one.usedAtMs).toBeGreaterThanOrEqual(last.usedAtMs)
      // Without the last of them it would not be enough.
      const before = going.slice(0, -1).reduce((sum, one) => sum + one.image.bytes, 0)
      expect(before).toBeLessThan(missingBytes(things.disk, wanted.low))
    }))
  })

  it('are gone after it: asked again, nothing more goes', () => {
    fc.assert(fc.property(seen, asker, rule, (things, by, wanted) => {
      const going = goingOf(verdicts(things, by, wanted))
      const left = without(things, going)
      const more = goingOf(verdicts(left, by, wanted))
      // A name that went may have been the way by which a container was known to use another: then that did not go before either.
      const isNamed = things.users.some((one) => namesOf(going).includes(one.image))
      expect(isNamed).toBe(false)
      expect(namesOf(more)).toEqual([])
    }))
  })

  it('are fewer, never others, with a longer delay', () => {
    fc.assert(fc.property(seen, asker, rule, fc.nat({ max: 2_000_000 }), (things, by, wanted, moreMs) => {
      const longer = namesOf(goingOf(verdicts(things, by, { ...wanted, delayMs: wanted.delayMs + moreMs })))
      expect(namesOf(goingOf(verdicts(things, by, wanted)))).toEqual(expect.arrayContaining([...longer]))
    }))
  })

  it('are told with a reason, as are those that stay: each image once, by its name', () => {
    fc.assert(fc.property(seen, asker, rule, (things, by, wanted) => {
      const all = verdicts(things, by, wanted)
      expect(namesOf(all)).toEqual(things.images.map((one) => one.name).sort())
      for (const { because } of all) expect(reasonText(because)).not.toBe('')
    }))
  })
})

describe('what is noted of uses', () => {
  it('is of this agent\'s images only, never later than now, and nothing twice', () => {
    fc.assert(fc.property(seen, asker, rule, (things, by, wanted) => {
      const uses = usesToNote(verdicts(things, by, wanted), by, wanted.delayMs)
      for (const { image: of, atMs } of uses) {
        expect(things.images.find((one) => one.name === of)).toMatchObject({ isPulled: true, node: by.node })
        expect(atMs).toBeLessThanOrEqual(NOW)
      }
      const noted = { ...things, images: things.images.map((one) => ({ ...one, usedAtMs: uses.find((use) => use.image === one.name)?.atMs ?? one.usedAtMs })) }
      expect(usesToNote(verdicts(noted, by, wanted), by, wanted.delayMs)).toEqual([])
    }))
  })

  it('lets another process, which knows nothing, take no image earlier than this one would, but by a tenth of the delay or a minute', () => {
    fc.assert(fc.property(seen, asker, rule, fc.nat({ max: 3_000_000 }), (things, by, { delayMs }, laterMs) => {
      const wanted = { keep: [], delayMs }
      const uses = usesToNote(verdicts(things, by, wanted), by, delayMs)
      const images = things.images.map((one) => ({ ...one, usedAtMs: uses.find((use) => use.image === one.name)?.atMs ?? one.usedAtMs }))
      const nowMs = NOW + laterMs
      const gone = goingOf(verdicts({ images, users: [] }, { ...by, starting: [], lastUses: {}, nowMs }, wanted))
      for (const { image: one } of gone) {
        const lastMs = isUsed(things, one) || by.starting.includes(one.name) ? NOW : NOW - ageOf(by, things.images.find((other) => other.name === one.name) as SeenImage)
        expect(nowMs - lastMs).toBeGreaterThanOrEqual(delayMs - Math.max(60_000, delayMs / 10))
      }
    }))
  })
})
