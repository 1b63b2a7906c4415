import * as E from 'fp-ts/Either'

import { DocumentPath } from '../../core/domain/DocumentPath'
import { FilePlace } from '../../core/format/Outcome'
import * as Job from '../../core/job/Job'
import { partsOf } from '../../core/job/jobParts'
import { nameOf, oursOf } from '../../core/job/ours'
import { toDocuments } from '../../core/job/toDocuments'
import { Loaded, Opened } from './Loaded'
import { Parsed } from './parseAll'
import { factsFor, Surroundings, told } from './Surroundings'
import { Unreadable, unreadable } from './Unreadable'

/** The operator's options, and where they stand. */
export interface Operator {
  readonly document: unknown
  readonly placeOf: (at: DocumentPath) => FilePlace | undefined
}

/**
 * The tasks of a job that are this driver's: all of them, or the one that is wanted. Tasks of other drivers are told as
 * notices.
 */
export const jobTasks = (
  file: string,
  { value, placeOf }: Parsed,
  wanted: string | undefined,
  around: Surroundings,
  operator: Operator
): E.Either<Unreadable, Opened> => {
  const job = told(Job.decode(value))
  if (E.isLeft(job)) return E.left(unreadable(file, job.left))
  const { ours, elsewhere, notices } = oursOf(job.right)
  const chosen = wanted === undefined ? ours : ours.filter((place) => nameOf(place) === wanted)
  if (wanted !== undefined && chosen.length === 0) {
    return E.left(
      unreadable(
        file,
        `--task ${wanted}: the job ${job.right.ID} has no such task; it has ${ours.map(nameOf).join(', ')}`
      )
    )
  }
  const tasks = chosen.map((place) => loaded(file, place, around, operator, (at) => placeOf(nameOf(place), at)))
  return E.right({ _tag: 'Tasks', file, tasks, elsewhere, notices })
}

const loaded = (
  file: string,
  place: Job.Place,
  around: Surroundings,
  operator: Operator,
  placeOf: (at: DocumentPath) => readonly [number, number] | undefined
): Loaded => {
  const { documents, notices, spread } = toDocuments(place)
  return {
    file,
    task: nameOf(place),
    place,
    offline: {
      documents: { ...documents, plugin: operator.document },
      facts: factsFor(around, documents.task),
      image: around.image,
      job: partsOf(place),
      ...(Object.keys(spread).length === 0 ? {} : { spread })
    },
    notices,
    placeOf: (at) => {
      const theirs = at.document === 'plugin' ? operator.placeOf(at) : undefined
      const [line, column] = theirs === undefined ? (placeOf(at) ?? []) : []
      return theirs ?? { file, ...(line === undefined || column === undefined ? {} : { line, column }) }
    }
  }
}
