import * as fc from 'fast-check'

import { Change } from '../../src/core/diff/Change'
import { isJsonRecord, Json } from '../../src/core/domain/Json'
import { BLOCK_NAMES, jobPairs } from '../arbitraries/jobs'
import { gainedOn, Gate, gate, hosts, offline, real } from '../laws/soundness'

const RUNS = { numRuns: Number(process.env['FC_RUNS'] ?? 1000) }

const isTold = (changes: ReadonlyArray<Change>): boolean => changes.some(({ verdict }) => verdict === 'weakens' || verdict === 'unknown')
const isAboutWalls = ({ subject, verdict }: Change): boolean => subject === 'isolation' && (verdict === 'weakens' || verdict === 'unknown')

/** More of what is limited is of the resources, everything else that is gained is of the isolation. */
const isOfResources = (breach: string): boolean => breach === 'memory' || breach === 'processes'

const isSound = (judge: Gate, host: Parameters<typeof real>[1], before: unknown, after: unknown): boolean => {
  const changes = judge(offline(before), offline(after))
  const more = gainedOn(host, before, after)
  const [resources, walls] = [more.filter(isOfResources), more.filter((one) => !isOfResources(one))]
  return (resources.length === 0 || isTold(changes)) && (walls.length === 0 || changes.some(isAboutWalls))
}

const sound = (judge: Gate): fc.IProperty<[Parameters<typeof real>[1], { readonly before: unknown; readonly after: unknown }]> =>
  fc.property(hosts, jobPairs, (host, { before, after }) => isSound(judge, host, before, after))

describe('the gate never lies', () => {
  it('what a job gains on any host is told without one, as weakening or unknown', () => {
    fc.assert(sound(gate), RUNS)
  })

  it('says nothing only where the container is the same on every host', () => {
    fc.assert(fc.property(hosts, jobPairs, (host, { before, after }) => {
      fc.pre(gate(offline(before), offline(after)).length === 0)
      expect(real(after, host)).toEqual(real(before, host))
    }), { ...RUNS, maxSkipsPerRun: 1000 })
  })

  it('nothing tightens because it is refused', () => {
    fc.assert(fc.property(jobPairs, ({ before }) => {
      const document = offline(before)
      fc.pre(isJsonRecord(document) && document['issues'] === undefined)
      const refused = { ...(document as object), issues: [{ at: 'task.x', reason: 'is no option here' }] } as Json
      expect(gate(document, refused).map(({ verdict }) => verdict)).toEqual(['unknown'])
    }), RUNS)
  })

  it('reaches every block, in pairs that differ in it and compile on a host', () => {
    const [host] = fc.sample(hosts, 1)
    const reached = new Set(fc.sample(jobPairs, 3000).flatMap(({ before, after, blocks }) =>
      host !== undefined && real(before, host) !== undefined && real(after, host) !== undefined ? blocks : []))
    expect(BLOCK_NAMES.filter((name) => !reached.has(name) && name !== 'mistake')).toEqual([])
  })
})

const without = (document: Json, name: string): Json =>
  isJsonRecord(document) ? Object.fromEntries(Object.entries(document).filter(([one]) => one !== name)) : document

/** Gates that lie, as ones did. */
const LIARS: Readonly<Record<string, Gate>> = {
  'what Nomad does is not compared': (before, after) => gate(without(before, 'job'), without(after, 'job')),
  'the user of another image is taken for the same': (before, after) =>
    gate(before, after).filter(({ key }) => key !== '/container/image/user' && key !== '/user'),
  'a volume is neutral': (before, after) =>
    gate(before, after).map((one): Change => (one.key.startsWith('/job/task/volume_mount') ? { ...one, verdict: 'neutral' } : one))
}

it.each(Object.entries(LIARS))('the law finds a gate by which %s', (_, liar) => {
  const { failed, counterexample } = fc.check(sound(liar), { numRuns: 20_000 })
  expect(failed).toBe(true)
  const [host, { before, after }] = counterexample!
  expect(isSound(gate, host, before, after)).toBe(true)
})
