import * as fs from 'node:fs'
import * as path from 'node:path'

import * as fc from 'fast-check'

import { compact, pretty } from '../../src/core/domain/canonical'
import { Case, compiledOf } from '../../src/testing/facts'
import { sharedCases } from './arbitrary'
import { Difference } from './Difference'
import { differences, reconciled } from './differences'
import { Given, givenOf } from './given'
import { neutralOf } from './neutral'
import { Json, Oracle, startOracle } from './Oracle'
import { smallest } from './smallest'

const BUILD_MS = 600_000
const TASKS = 1000

let oracle: Oracle | undefined

beforeAll(() => {
  oracle = startOracle()
}, BUILD_MS)

afterAll(() => oracle?.stop())

interface Both {
  readonly theirs: Json
  readonly ours: Json
  readonly given: Given
}

const bothOf = async (given: Case): Promise<Both> => {
  const { spec, container } = compiledOf(given)
  const documents = givenOf(given, container.id)
  const { error, theirs, ours } = await oracle!.ask(neutralOf(documents), compact(spec))
  if (error !== undefined) throw new Error(`containerd's options refuse what compiles: ${error}`)
  return { theirs, ours, given: documents }
}

const reconcile = ({ theirs, ours, given }: Both, but: ReadonlyArray<Difference> = []): string => pretty(reconciled(theirs, ours, given, but))

describe("containerd's own options", () => {
  it('make the same spec of 1,000 generated tasks', async () => {
    const numRuns = Math.max(TASKS, Number(process.env['FC_RUNS'] ?? 0))
    await fc.assert(fc.asyncProperty(sharedCases, async (given) => {
      const both = await bothOf(given)
      expect(reconcile(both)).toBe(pretty(both.ours))
    }), { numRuns })
  })

  it('make the same spec of the smallest task', async () => {
    const both = await bothOf(smallest({}))
    expect(reconcile(both)).toBe(pretty(both.ours))
  })
})

describe('an intended difference', () => {
  it.each(differences.map((difference) => [difference.name, difference] as const))('%s is still one', async (_name, difference) => {
    const both = await bothOf(smallest(difference.shownBy))
    expect(reconcile(both)).toBe(pretty(both.ours))
    expect(reconcile(both, [difference])).not.toBe(pretty(both.ours))
  })

  it('has a name of its own', () => {
    expect(new Set(differences.map(({ name }) => name)).size).toBe(differences.length)
  })
})

describe('docs/differences-from-containerd.md', () => {
  const document = path.join(__dirname, '../../docs/differences-from-containerd.md')
  const rows = differences.map(({ name, reason }) => `| \`${name}\` | ${reason} |`)

  it('lists the intended differences, and nothing else (UPDATE_GOLDEN=1 writes it)', () => {
    const isRow = (line: string): boolean => line.startsWith('| `')
    const text = fs.readFileSync(document, 'utf8')
    const [before = '', ...others] = text.split('\n').filter((line) => !isRow(line)).join('\n').split('| --- | --- |\n')
    if (process.env['UPDATE_GOLDEN'] === '1') fs.writeFileSync(document, [before, '| --- | --- |\n', `${rows.join('\n')}\n`, ...others].join(''))
    expect(fs.readFileSync(document, 'utf8').split('\n').filter(isRow)).toEqual(rows)
  })
})
