import * as E from 'fp-ts/Either'

import { isRecord } from '../../core/domain/isRecord'
import * as Job from '../../core/job/Job'
import { DRIVER } from '../../core/job/ours'
import { editJson } from '../../core/migrate/editJson'
import { Literal } from '../../core/migrate/Item'
import { itemsOfJson } from '../../core/migrate/itemsOfJson'
import { migrateJob, Migration, SourceTask } from '../../core/migrate/migrateJob'
import * as outline from '../../core/migrate/outline'
import { Edit } from '../../core/migrate/rows/Edit'
import { issues as explainIssues } from '../../core/report/explain'
import { faultText } from '../../core/report/faultText'
import { parseJson } from '../../core/share/parseJson'
import { HclRequest } from '../hcl/parseHcl'
import { disk } from '../load/Files'
import { Variables, wasmPath } from '../load/parseAll'
import { jsonIn } from '../load/readJson'
import { withRefusals } from './refusals'

/** A job's new source, and what became of its tasks. */
export interface Migrated {
  readonly source: string
  readonly migration: Migration
}

type Read<A> = E.Either<string, A>

const jobOf = (value: unknown): Read<Job.Job> => E.mapLeft(explainIssues)(Job.decode(value))

// ---- HCL ----

/** Rewrites a job in HCL: the parser gives the values and where they stand, and makes the changes. */
export const migrateHcl = async (file: string, source: string, variables: Variables): Promise<Read<Migrated>> => {
  const name = disk.label(file)
  const read = await ask([
    { kind: 'job', name, source, ...variables },
    { kind: 'outline', name, source }
  ])
  if (E.isLeft(read)) return read
  const [value, written] = read.right
  const job = jobOf(value)
  if (E.isLeft(job)) return job
  const migration = migrateJob(outline.decode(written), job.right)
  const rewritten = await ask([{ kind: 'rewrite', name, source, edits: migration.edits }])
  if (E.isLeft(rewritten)) return rewritten
  const text = String(rewritten.right[0])
  const again = await ask([{ kind: 'job', name, source: text, ...variables }])
  return E.map(([made]: ReadonlyArray<unknown>): Migrated => ({
    source: text,
    migration: withRefusals(migration, made)
  }))(again)
}

/** The values that the parser gives for some requests, or the first error. */
const ask = async (requests: ReadonlyArray<HclRequest>): Promise<Read<ReadonlyArray<unknown>>> => {
  try {
    const { parseHcl } = await import('../hcl/parseHcl')
    const results = await parseHcl(wasmPath(), requests)
    const wrong = results.flatMap((result, index) =>
      result.ok
        ? []
        : result.faults.map((fault) => faultText(requests[index]?.name ?? '', requests[index]?.source ?? '', fault))
    )
    return wrong.length === 0
      ? E.right(results.map((result) => (result.ok ? result.value : undefined)))
      : E.left([...new Set(wrong)].join(''))
  } catch (thrown) {
    return E.left(thrown instanceof Error ? thrown.message : String(thrown))
  }
}

// ---- JSON ----

/** Rewrites a job in JSON, bare or under "Job"; it stays as it was indented. */
export const migrateJson = (file: string, source: string): Read<Migrated> => {
  const value = parsed(disk.label(file), source)
  if (E.isLeft(value)) return value
  const job = jobOf(value.right)
  if (E.isLeft(job)) return job
  const migration = migrateJob(Job.placesOf(job.right).map(sourceOf), job.right)
  const made = withTasks(value.right, migration.edits)
  const text = written(made, /\n([ \t]+)"/.exec(source)?.[1] ?? '')
  return E.right({ source: source.endsWith('\n') ? `${text}\n` : text, migration: withRefusals(migration, made) })
}

/** A JSON text whose large numbers keep their digits. */
const parsed = (file: string, source: string): Read<unknown> =>
  E.alt((): Read<unknown> => jsonIn(file, source))(E.mapLeft(() => '')(parseJson(source)))

const BIG = '\u0000'

const written = (value: unknown, indent: string): string =>
  JSON.stringify(
    value,
    (_, item: unknown) => (typeof item === 'bigint' ? `${BIG}${String(item)}` : item),
    indent
  ).replace(/"\\u0000(-?\d+)"/g, '$1')

const sourceOf = ({ group, task }: Job.Place, index: number): SourceTask => ({
  group: group.Name, task: task.Name, driver: Literal(task.Driver), items: itemsOfJson(task.Config ?? {}, String(index))
})

/** The document with its tasks changed, in the order in which Job.placesOf counts them. */
const withTasks = (document: unknown, edits: ReadonlyArray<Edit>): unknown => {
  if (isRecord(document) && isRecord(document['Job'])) return { ...document, Job: withTasks(document['Job'], edits) }
  const counter = { next: 0 }
  return changed(document, 'TaskGroups', (group) =>
    changed(group, 'Tasks', (task) => rewritten(task, counter.next++, edits))
  )
}

/** An object whose list of this name has its items changed; anything else stays. */
const changed = (holder: unknown, name: string, change: (item: unknown) => unknown): unknown => {
  const list = isRecord(holder) ? holder[name] : undefined
  return Array.isArray(list) ? { ...(holder as object), [name]: list.map(change) } : holder
}

const rewritten = (task: unknown, index: number, edits: ReadonlyArray<Edit>): unknown =>
  !isRecord(task) || !edits.some((edit) => edit.op === 'SetDriver' && edit.task === index)
    ? task
    : {
        ...task,
        Driver: DRIVER,
        ...(isRecord(task['Config']) ? { Config: editJson(task['Config'], edits, String(index)) } : {})
      }
