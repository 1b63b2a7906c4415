import * as E from 'fp-ts/Either'

import * as Job from '../../core/job/Job'
import { migrateJob, Migration } from '../../core/migrate/migrateJob'
import * as outline from '../../core/migrate/outline'
import { issues as explainIssues } from '../../core/report/explain'
import { faultText } from '../../core/report/faultText'
import type { HclRequest, HclResult } from '../hcl/parseHcl'
import { inFile } from '../load/inFile'
import { Variables, wasmPath } from '../load/parseAll'
import { reasonOf } from '../load/readText'
import { Migrated, Source } from './Migrated'
import { withRefusals } from './refusals'

type Read<A> = E.Either<string, A>

/**
 * Rewrites jobs in HCL: the parser gives the values and where they stand, and makes the changes. All of them go through
 * one instance of it at each of three steps.
 */
export const migrateHcl = async (
  sources: ReadonlyArray<Source>,
  variables: Variables
): Promise<ReadonlyArray<Read<Migrated>>> => {
  const values = await ask(sources.map((source) => asJob(source, source.text, variables)))
  const outlines = await ask(sources.map(({ file, text }) => ({ kind: 'outline', name: file, source: text })))
  const migrations = sources.map(({ file }, index) => migrationOf(file, at(values, index), at(outlines, index)))
  const texts = await askEach(migrations, ({ edits }, index) => ({ kind: 'rewrite', ...named(sources, index), edits }))
  const again = await askEach(texts, (text, index) => asJob(sources[index], String(text), variables))
  return again.map((made, index): Read<Migrated> => {
    const [migration, text] = [at(migrations, index), at(texts, index)]
    if (E.isLeft(made)) return made
    if (E.isLeft(migration)) return migration
    return E.map((source: unknown) => ({
      source: String(source), migration: withRefusals(migration.right, made.right)
    }))(text)
  })
}

const asJob = (source: Source | undefined, text: string, variables: Variables): HclRequest => {
  const reach = source?.reach()
  const job = { kind: 'job', name: source?.file ?? '', source: text, ...variables } as const
  return reach === undefined ? job : { ...job, reach }
}

const NO_ANSWER = E.left('the parser gave no answer\n')

const at = <A>(all: ReadonlyArray<Read<A>>, index: number): Read<A> => all[index] ?? NO_ANSWER

const named = (sources: ReadonlyArray<Source>, index: number): { readonly name: string; readonly source: string } => ({
  name: sources[index]?.file ?? '', source: sources[index]?.text ?? ''
})

const migrationOf = (file: string, value: Read<unknown>, written: Read<unknown>): Read<Migration> => {
  if (E.isLeft(value)) return value
  if (E.isLeft(written)) return written
  const job = E.mapLeft(explainIssues)(Job.decode(value.right))
  return E.bimap(
    (text: string) => inFile(file, text),
    (one: Job.Job) => migrateJob(outline.decode(written.right), one)
  )(job)
}

/** Asks for each that came so far; the others stay what they are. */
const askEach = async <A>(
  before: ReadonlyArray<Read<A>>,
  request: (value: A, index: number) => HclRequest
): Promise<ReadonlyArray<Read<unknown>>> => {
  const places = before.flatMap((one, index) => (E.isRight(one) ? [{ index, request: request(one.right, index) }] : []))
  const answers = await ask(places.map((one) => one.request))
  const byPlace = new Map(places.map(({ index }, order) => [index, at(answers, order)]))
  return before.map((one, index) => (E.isLeft(one) ? one : (byPlace.get(index) ?? NO_ANSWER)))
}

/** What the parser makes of each request, or what is wrong with it. */
const ask = async (requests: ReadonlyArray<HclRequest>): Promise<ReadonlyArray<Read<unknown>>> => {
  if (requests.length === 0) return []
  try {
    const { parseHcl } = await import('../hcl/parseHcl')
    const results = await parseHcl(wasmPath(), requests)
    return requests.map((request, index) => answerOf(request, results[index]))
  } catch (thrown) {
    return requests.map(() => E.left(`${reasonOf(thrown)}\n`))
  }
}

const answerOf = ({ name, source }: HclRequest, result: HclResult | undefined): Read<unknown> => {
  if (result === undefined) return NO_ANSWER
  if (result.ok) return E.right(result.value)
  return E.left(result.faults.map((fault) => faultText(name, source, fault)).join(''))
}
