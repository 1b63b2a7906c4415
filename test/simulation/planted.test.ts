import * as E from 'fp-ts/Either'

import { isAmbiguous } from '../../src/core/domain/Failure'
import { SeenImages } from '../../src/core/gc/SeenImages'
import { nothing } from '../../src/core/plan/Output'
import { Do } from '../../src/core/plan/Step'
import { Undo } from '../../src/core/plan/Undo'
import { orphans } from '../../src/core/reap/orphans'
import { NODE_ID } from './nomad'
import { lawBrokenBy, search } from './search'
import { Plant } from './Sim'
import { Step } from './Step'

/** The wait for the end of a task is not made again when its connection broke. */
const lostExit: Plant = (ports) => {
  const broken = new Set<string>()
  return {
    ...ports,
    reads: (place) => ({
      ...ports.reads(place),
      exit: (container, signal) => async () => {
        if (broken.has(container)) return new Promise(() => undefined)
        const outcome = await ports.reads(place).exit(container, signal)()
        if (E.isLeft(outcome)) broken.add(container)
        return outcome
      }
    })
  }
}

/** Exits are not kept with their containers. */
const unnotedExit: Plant = (ports) => ({ ...ports, reads: (place) => ({ ...ports.reads(place), noteExit: () => async () => E.right(undefined) }) })

/** Each process of the driver calls the containers of its starts by other names, and so does not find those of the one before it. */
const doubleStart: Plant = (ports, count) => {
  const own = <A extends Do | Undo>(what: A): A => ({
    ...what,
    ...('container' in what ? { container: named(what.container) } : {}),
    ...('key' in what ? { key: named(what.key) } : {})
  })
  const named = (name: string): string => `${name}-${String(count)}`
  return {
    ...ports,
    machine: (place) => {
      const machine = ports.machine(place)
      return { perform: (act, how) => machine.perform(own(act), how), revert: (undo, how) => machine.revert(own(undo), how) }
    },
    reads: (place) => ({ ...ports.reads(place), observe: (container) => ports.reads(place).observe(named(container)), exit: (container, signal) => ports.reads(place).exit(named(container), signal) })
  }
}

/** An act whose answer was lost is taken for one that was not done. */
const leftover: Plant = (ports) => ({
  ...ports,
  machine: (place) => ({
    ...ports.machine(place),
    perform: (act, how) => async () =>
      E.mapLeft((failure: Parameters<typeof isAmbiguous>[0]) => (isAmbiguous(failure) ? { ...failure, _tag: 'Denied' as const } : failure))(
        await ports.machine(place).perform(act, how)()
      )
  })
})

/** A start does not look for other runs of its task. */
const forgottenRun: Plant = (ports) => ({ ...ports, reads: (place) => ({ ...ports.reads(place), runs: () => async () => E.right([]) }) })

/** A command that ended is not taken back. */
const keptCommand: Plant = (ports) => ({
  ...ports,
  machine: (place) => {
    const machine = ports.machine(place)
    return { ...machine, revert: (undo, how) => (undo._tag === 'DeleteExec' ? async () => E.right(undefined) : machine.revert(undo, how)) }
  }
})

/** What broke the wait for a task is taken for a containerd that was away. */
const hiddenShim: Plant = (ports) => ({
  ...ports,
  reads: (place) => ({
    ...ports.reads(place),
    exit: (container, signal) => async () =>
      E.mapLeft((failure: Parameters<typeof isAmbiguous>[0]) => ({ ...failure, _tag: 'Unavailable' as const }))(
        await ports.reads(place).exit(container, signal)()
      )
  })
})

type SeenThings = Parameters<typeof orphans>[0]

/** What is seen of the driver's, changed. */
const seeing = (change: (seen: SeenThings) => SeenThings): Plant => (ports) => ({
  ...ports,
  reads: (place) => {
    const reads = ports.reads(place)
    return { ...reads, seen: (wanted) => async () => E.map(change)(await reads.seen({ ...wanted, node: undefined })()) }
  }
})

/** Every mark is taken for this agent's. */
const strangersTaken = seeing((seen) => ({ ...seen, containers: seen.containers.map((one) => ({ ...one, node: NODE_ID })) }))

/** What runs is taken for something that does not. */
const runningTaken = seeing((seen) => ({ ...seen, containers: seen.containers.map((one) => ({ ...one, state: 'None' })) }))

/** Whatever is seen of images, changed; what the driver removes is removed from whoever had it pulled. */
const seeingImages = (change: (seen: SeenImages) => SeenImages): Plant => (ports) => ({
  ...ports,
  reads: (place) => {
    const reads = ports.reads(place)
    return { ...reads, images: (snapshotter) => async () => E.map(change)(await reads.images(snapshotter)()) }
  },
  machine: (place) => {
    const machine = ports.machine(place)
    return {
      ...machine,
      perform: (act, how) => machine.perform(act._tag === 'CollectImage' && act.image.includes('theirs') ? { ...act, node: 'another-node' } : act, how)
    }
  }
})

/** Every image is taken for one that this agent had pulled. */
const theirImageTaken = seeingImages((seen) => ({ ...seen, images: seen.images.map((one) => ({ ...one, isPulled: true, node: NODE_ID })) }))

/** Nothing is seen to use an image, and what is removed is removed whoever uses it by then. */
const usedImageTaken: Plant = (ports, count) => {
  const blind = seeingImages((seen) => ({ ...seen, users: [] }))(ports, count)
  return {
    ...blind,
    machine: (place) => {
      const machine = blind.machine(place)
      // The world takes an image from whoever owns it: nobody owns one that was pulled.
      const nobody = undefined as unknown as string
      return {
        ...machine,
        perform: (act, how) => act._tag === 'CollectImage'
          ? async () => E.map(() => nothing)(await machine.revert({ _tag: 'RemoveImage', image: act.image }, { ...how, owner: nobody })())
          : machine.perform(act, how)
      }
    }
  }
}

/** Every image is taken for one that was in use just now. */
const imageKept = seeingImages((seen) => ({ ...seen, images: seen.images.map((one) => ({ ...one, usedAtMs: Number.MAX_SAFE_INTEGER })) }))

/** What is nobody's is never taken away. */
const nothingTaken = seeing((seen) => ({ ...seen, containers: [] }))

const SEED = 5
const LIVES = 2000

const bugs: ReadonlyArray<readonly [string, Plant, string]> = [
  ['a lost exit', lostExit, 'who waits for a task that has ended is told'],
  ['an exit that is not noted', unnotedExit, 'an exit is noted on its container'],
  ['a leftover', leftover, 'nothing is left'],
  ["another agent's that is taken away", strangersTaken, 'is not touched'],
  ['what is nobody\'s and stays', nothingTaken, 'nothing is left'],
  ["another agent's image that is removed", theirImageTaken, 'is not touched'],
  ['an image that is removed while a task uses it', usedImageTaken, 'an image that a task uses is not removed'],
  ['an image that nothing uses and stays', imageKept, 'an image that nothing uses goes'],
  ['a command that is left', keptCommand, 'of a command nothing is left'],
  ['the death of a shim that is not told', hiddenShim, 'an exit is never invented']
]

// containerd is away while Nomad asks for the task again.
const NOT_FOUND_AGAIN: ReadonlyArray<Step> = [
  { _tag: 'Start', task: 0, program: [], ms: 500 }, { _tag: 'Kill', ms: 0 }, { _tag: 'GoDown', ms: 0 }, { _tag: 'Return', ms: 100 },
  { _tag: 'ComeUp', remembers: true, ms: 0 }
]

// The answer to a step of a start is lost, and the process ends before the start is tried again.
const LOST_AND_KILLED: ReadonlyArray<Step> = [
  { _tag: 'Start', task: 0, program: [], ms: 500 }, { _tag: 'Start', task: 1, program: [], ms: 3 },
  { _tag: 'Trouble', inCalls: 13, wrong: { _tag: 'LoseReply', failure: 'Unavailable' }, ms: 500 }, { _tag: 'Kill', ms: 500 }, { _tag: 'Return', ms: 3 },
  { _tag: 'Start', task: 1, program: [], ms: 500 }
]

const rare: ReadonlyArray<readonly [string, Plant, string, ReadonlyArray<Step>]> = [
  ['another run of the task that is not looked for', forgottenRun, 'a task runs once', [...NOT_FOUND_AGAIN, { _tag: 'Start', task: 0, program: [], ms: 500 }]],
  ['a double start', doubleStart, 'a task runs once', LOST_AND_KILLED],
  ['a running task that is taken away', runningTaken, 'a task that Nomad can recover is not touched', [...NOT_FOUND_AGAIN, { _tag: 'Pass', ms: 300_000 }]]
]

describe('a bug that needs a rare sequence', () => {
  it.each(rare)('is found in it: %s', async (_bug, plant, law, steps) => {
    expect(await lawBrokenBy(steps, plant)).toContain(law)
    expect(await lawBrokenBy(steps)).toBeUndefined()
  })
})

describe('a bug that is planted into the driver is found', () => {
  it.each(bugs)('%s', async (_bug, plant, law) => {
    const found = await search(LIVES, SEED, { plant, law })
    expect(found?.law).toContain(law)
    const { steps } = found ?? { steps: [] }
    if (process.env['PRINT'] !== undefined) process.stderr.write(`${JSON.stringify(steps)}\n${found?.law ?? ''}\n`)
    expect(steps.length).toBeLessThanOrEqual(6)
    // It can be played again, and breaks nothing where no bug is planted.
    expect(await lawBrokenBy(JSON.parse(JSON.stringify(steps)), plant)).toBe(found?.law)
    expect(await lawBrokenBy(steps)).toBeUndefined()
  })
})
