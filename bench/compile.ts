import * as v8 from 'node:v8'
import { runInNewContext } from 'node:vm'

import * as E from 'fp-ts/Either'

import { compile } from '../src/core/compile/compile'
import * as ImageConfig from '../src/core/image/ImageConfig'
import { compact } from '../src/core/domain/canonical'
import { Facts, none } from '../src/core/facts/Facts'
import { questionsOf } from '../src/core/resolve/questionsOf'
import * as Request from '../src/core/resolve/Request'
import { resolve } from '../src/core/resolve/resolve'
import { sampleFacts } from '../src/core/facts/sampleFacts'
import { Task } from '../src/core/resolve/Task'
import { fullTask } from './fullTask'
import { generateSpec } from './generateSpec'

/** One row of the bench. */
export interface Figure {
  readonly figure: string
  readonly value: number
  readonly limit: number
  readonly unit: string
}

const right = <A>(outcome: E.Either<unknown, A>): A => {
  if (E.isLeft(outcome)) throw new Error(`the task of the bench is refused: ${JSON.stringify(outcome.left)}`)
  return outcome.right
}

const factsOf = (documents: Request.Documents): Facts => sampleFacts(questionsOf(right(Request.decode(documents))), none, ImageConfig.empty)

const taskOf = (documents: Request.Documents, facts: Facts): Task => right(resolve(right(Request.decode(documents)), facts))

const SLICE_US = 5000
const WARM_UP = 200

/** Microseconds of one call, over so many calls. */
const slice = (act: () => unknown, rounds: number): number => {
  const before = process.hrtime.bigint()
  for (let index = 0; index < rounds; index += 1) act()
  return Number(process.hrtime.bigint() - before) / 1000 / rounds
}

// Other programs only ever make a slice longer: the lower quartile is what it costs when they leave us the core.
const quartile = (values: ReadonlyArray<number>): number => [...values].sort((a, b) => a - b)[Math.floor(values.length / 4)] ?? NaN

interface Contender {
  readonly act: (rounds: number) => number | Promise<number>
  readonly rounds: number
  readonly seen: Array<number>
}

const warmed = async (act: Contender['act']): Promise<Contender> => {
  let rounds = 1
  for (let slices = 0; slices < WARM_UP; slices += 1) rounds = Math.max(1, Math.round(SLICE_US / await act(rounds)))
  return { act, rounds, seen: [] }
}

/** All of them in turn, warm, in slices of five milliseconds, so that the machine's speed is the same for each. */
const inTurn = async <K extends string>(turns: number, acts: Readonly<Record<K, Contender['act']>>): Promise<Readonly<Record<K, number>>> => {
  const contenders: Array<readonly [string, Contender]> = []
  for (const [name, act] of Object.entries<Contender['act']>(acts)) contenders.push([name, await warmed(act)])
  for (let turn = 0; turn < turns; turn += 1) {
    for (const [, { act, rounds, seen }] of contenders) seen.push(await act(rounds))
  }
  return Object.fromEntries(contenders.map(([name, { seen }]) => [name, quartile(seen)])) as Record<K, number>
}

// A text that is put together is made one piece only when somebody reads it.
const read = (text: string): number => text.charCodeAt(text.length >> 1)

const say = (line: string): void => { process.stdout.write(`${line}\n`) }

const us = (value: number): string => `${value.toFixed(1)} µs`

const fullTaskFigures = async (): Promise<ReadonlyArray<Figure>> => {
  const documents = fullTask()
  const request = right(Request.decode(documents))
  const facts = factsOf(documents)
  const task = right(resolve(request, facts))
  const { spec } = compile(task)
  const text = compact(spec)
  const of = (act: () => unknown) => (rounds: number): number => slice(act, rounds)
  // Alone, as the driver runs it: what its parts learn from being called with the same request again and again would disturb it.
  const { whole } = await inTurn(80, { whole: of(() => compile(taskOf(documents, facts))) })
  const go = generateSpec(text)
  const { bytes } = await go.run(1)
  const took = await inTurn(80, {
    ours: of(() => read(compact(compile(task).spec))),
    go: async (rounds) => (await go.run(rounds)).us,
    decode: of(() => Request.decode(documents)),
    resolve: of(() => resolve(request, facts)),
    compile: of(() => compile(task)),
    write: of(() => read(compact(spec)))
  })
  go.stop()
  say(`A full task: ${String(spec.process.env.length)} env entries, ${String(spec.mounts.length)} mounts, ${String(text.length)} bytes of JSON (${String(bytes)} of Go)`)
  say(`decode ${us(took.decode)} · resolve ${us(took.resolve)} · compile ${us(took.compile)} · compact ${us(took.write)} · decode + resolve + compile ${us(whole)} · compile + compact ${us(took.ours)}, Go ${us(took.go)}\n`)
  return [
    { figure: 'compile + compact JSON of a full task / Go', value: took.ours / took.go, limit: 1.5, unit: '×' },
    { figure: 'decode + resolve + compile of a full task', value: whole, limit: 60, unit: 'µs' }
  ]
}

const SIZES = [10, 100, 1000] as const

/** What one of a thousand costs, by what one of a hundred costs: 1 is linear. */
const growth = async (what: string, documentsOf: (count: number) => Request.Documents): Promise<Figure> => {
  const act = (count: number) => {
    const documents = documentsOf(count)
    const facts = factsOf(documents)
    return (rounds: number): number => slice(() => read(compact(compile(taskOf(documents, facts)).spec)), rounds)
  }
  const [few, more, many] = SIZES
  const took = await inTurn(20, { few: act(few), more: act(more), many: act(many) })
  const each = ([[few, took.few], [more, took.more], [many, took.many]] as const).map(([count, all]) => `${String(count)} in ${us(all)} (${(all / count).toFixed(2)} each)`)
  say(`${what}, from documents to JSON: ${each.join(', ')}`)
  return { figure: `${what}: one of 1,000 / one of 100`, value: took.many / many / (took.more / more), limit: 2, unit: '×' }
}

const COMPILES = 10_000

/** What stays on the heap of 10,000 tasks that are compiled and forgotten, each with names that no other has. */
const heapGrowth = (): Figure => {
  v8.setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  const { allocation, ...documents } = fullTask()
  const facts = factsOf({ allocation, ...documents })
  const compileAll = (from: number): void => {
    for (let index = from; index < from + COMPILES; index += 1) {
      const named = { ...documents, task: { ...(documents.task as object), annotations: { [`of.task/${String(index)}`]: 'x' } }, allocation: { ...(allocation as object), jobName: `job-${String(index)}` } }
      read(compact(compile(taskOf(named, facts)).spec))
    }
  }
  const kept = (): number => {
    collect()
    return process.memoryUsage().heapUsed
  }
  compileAll(0)
  const before = kept()
  compileAll(COMPILES)
  return { figure: 'heap growth after 10,000 compiles', value: (kept() - before) / 1024, limit: 100, unit: 'KB' }
}

/** What the core costs: a full task beside Go, the growth with mounts and environment, what 10,000 compiles leave behind. */
export const compileFigures = async (): Promise<ReadonlyArray<Figure>> => {
  const full = await fullTaskFigures()
  const env = await growth('env entries', (count) => fullTask(count))
  const mounts = await growth('mounts', (count) => fullTask(undefined, count))
  say('')
  return [...full, env, mounts, heapGrowth()]
}
