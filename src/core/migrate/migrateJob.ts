import * as Job from '../job/Job'
import { DRIVER } from '../job/ours'
import { isSource, Note, notesOf } from './aroundGroup'
import { byOption, Finding, findingOf } from './Finding'
import { Items, Value, withValues } from './Item'
import { migrateConfig } from './migrateConfig'
import { Around, aroundOf, nothingAround } from './rows/Around'
import { Edit } from './rows/Edit'
import { Differs } from './rows/Verdict'

/** A task as it stands in the source; names are absent where an expression makes them. */
export interface SourceTask {
  readonly group: string | undefined
  readonly task: string | undefined
  readonly driver: Value
  readonly items: Items
}

/** What is told of one task, one finding an option. `isRewritten` is false where an expression names its driver. */
export interface Told {
  readonly name: string
  readonly driver: string
  readonly isRewritten: boolean
  readonly findings: ReadonlyArray<Finding>
}

/** The changes of a whole job, and what is told of it, of its groups and of every task. */
export interface Migration {
  readonly edits: ReadonlyArray<Edit>
  readonly notes: ReadonlyArray<Note>
  readonly tasks: ReadonlyArray<Told>
}

/**
 * Rewrites every docker and podman task of a job for this driver. `tasks` is the source in its order, `job` what the
 * parser made of it.
 */
export const migrateJob = (tasks: ReadonlyArray<SourceTask>, job: Job.Job): Migration => {
  const named = new Set(
    tasks.flatMap(({ group, task }) => (group === undefined || task === undefined ? [] : [keyOf(group, task)]))
  )
  const places = Job.placesOf(job)
  const outcomes = tasks.map((task, index) => outcomeOf(task, index, placeOf(task, places, named)))
  const left = new Set(outcomes.filter(({ told }) => !told.isRewritten).map(({ told }) => told.name))
  return {
    edits: outcomes.flatMap(({ edits }) => edits),
    notes: notesOf(job, (task) => !left.has(task)),
    tasks: outcomes.map(({ told }) => told)
  }
}

const keyOf = (group: string, task: string): string => `${group}/${task}`

/**
 * The parsed task that a task of the source became: that of its names, or the first that a dynamic block of its kind
 * made.
 */
const placeOf = (
  { group, task }: SourceTask,
  places: ReadonlyArray<Job.Place>,
  named: ReadonlySet<string>
): Job.Place | undefined =>
  places.find(
    (place) =>
      (group === undefined || place.group.Name === group)
      && (task === undefined || place.task.Name === task)
      && (group !== undefined && task !== undefined ? true : !named.has(keyOf(place.group.Name, place.task.Name)))
  )

interface Made {
  readonly edits: ReadonlyArray<Edit>
  readonly told: Told
}

const outcomeOf = (source: SourceTask, index: number, place: Job.Place | undefined): Made => {
  const name = keyOf(source.group ?? '(dynamic)', source.task ?? '(dynamic)')
  const driver =
    source.driver._tag === 'Literal' ? String(source.driver.value) : (place?.task.Driver ?? '(an expression)')
  if (!isSource(driver)) return { edits: [], told: { name, driver, isRewritten: false, findings: [] } }
  if (source.driver._tag !== 'Literal') {
    const finding = findingOf(
      'driver',
      Differs(`an expression names it: write \`driver = "${DRIVER}"\`, and ask again`)
    )
    return { edits: [], told: { name, driver, isRewritten: false, findings: [finding] } }
  }
  const around: Around = place === undefined ? { ...nothingAround, driver } : aroundOf(driver, place)
  const { edits, findings } = migrateConfig(
    withValues(source.items, isStatic(source) ? (place?.task.Config ?? {}) : {}),
    around
  )
  return {
    edits: [{ op: 'SetDriver', task: index, to: DRIVER }, ...edits],
    told: { name, driver, isRewritten: true, findings: byOption(findings) }
  }
}

/** Whether a task of the source is one task of the job: what a dynamic block makes may have another value each time. */
const isStatic = ({ group, task }: SourceTask): boolean => group !== undefined && task !== undefined
