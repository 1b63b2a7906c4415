import * as E from 'fp-ts/Either'

import { isRecord } from '../../core/domain/isRecord'
import * as Job from '../../core/job/Job'
import { DRIVER } from '../../core/job/ours'
import { editJson } from '../../core/migrate/editJson'
import { Literal } from '../../core/migrate/Item'
import { itemsOfJson } from '../../core/migrate/itemsOfJson'
import { migrateJob, SourceTask } from '../../core/migrate/migrateJob'
import { Edit } from '../../core/migrate/rows/Edit'
import { issues as explainIssues } from '../../core/report/explain'
import { parseJson } from '../../core/share/parseJson'
import { inFile } from '../load/inFile'
import { jsonIn } from '../load/readJson'
import { Migrated, Source } from './Migrated'
import { withRefusals } from './refusals'

/** Rewrites a job in JSON, bare or under "Job"; it stays as it was indented. */
export const migrateJson = ({ file, text: source }: Source): E.Either<string, Migrated> => {
  const value = parsed(file, source)
  if (E.isLeft(value)) return value
  const job = Job.decode(value.right)
  if (E.isLeft(job)) return E.left(inFile(file, explainIssues(job.left)))
  const migration = migrateJob(Job.placesOf(job.right).map(sourceOf), job.right)
  const made = withTasks(value.right, migration.edits)
  const text = written(made, /\n([ \t]+)"/.exec(source)?.[1] ?? '')
  return E.right({ source: source.endsWith('\n') ? `${text}\n` : text, migration: withRefusals(migration, made) })
}

/** A JSON text whose large numbers keep their digits. */
const parsed = (file: string, source: string): E.Either<string, unknown> =>
  E.alt((): E.Either<string, unknown> => jsonIn(file, source))(E.mapLeft(() => '')(parseJson(source)))

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
