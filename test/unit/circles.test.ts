import * as fs from 'node:fs'
import * as path from 'node:path'

const SRC = path.join(__dirname, '../../src')

type Graph = ReadonlyMap<string, ReadonlySet<string>>

const files: ReadonlyArray<string> = fs.readdirSync(SRC, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts') && !file.startsWith('generated'))

const importsOf = (file: string): ReadonlyArray<string> =>
  [...fs.readFileSync(path.join(SRC, file), 'utf8').matchAll(/(?:from|import\()\s*'(\.[^']*)'/g)]
    .map(([, to = '']) => `${path.join(path.dirname(file), to)}.ts`)
    .filter((to) => files.includes(to))

const grouped = (of: (file: string) => string): Graph => {
  const all = files.flatMap((file) => importsOf(file).map((to) => [of(file), of(to)] as const)).filter(([from, to]) => from !== to)
  return new Map(files.map((file) => [of(file), new Set(all.flatMap(([from, to]) => (from === of(file) ? [to] : [])))]))
}

/** All that can be reached from a node by at least one step. */
const reach = (graph: Graph, from: string, seen = new Set<string>()): ReadonlySet<string> => {
  for (const to of graph.get(from) ?? [])
    if (!seen.has(to)) reach(graph, to, seen.add(to))
  return seen
}

const inCircles = (graph: Graph): ReadonlyArray<string> => [...graph.keys()].filter((one) => reach(graph, one).has(one)).sort()

describe('imports', () => {
  it('lead in no circle of files', () => { expect(inCircles(grouped((file) => file))).toEqual([]) })

  it('lead in no circle of folders, a folder and the one that holds it among them', () => {
    expect(inCircles(grouped(path.dirname))).toEqual([])
  })

  it('would be seen in one', () => {
    expect(inCircles(new Map([['a', new Set(['b'])], ['b', new Set(['c'])], ['c', new Set(['b'])], ['d', new Set(['a'])]]))).toEqual(['b', 'c'])
  })
})
