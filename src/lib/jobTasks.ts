import * as E from 'fp-ts/Either'

import { Notice } from '../core/domain/Notice'
import * as Job from '../core/job/Job'
import { toDocuments } from '../core/job/toDocuments'
import { JobTask, JobTasks, Refused } from './Result'

/** The driver's name in job files. */
const DRIVER = 'containerd-driver'

/** What stands for the operator's config where none is given. */
const DEFAULT_PLUGIN: unknown = { containerd_runtime: 'io.containerd.runc.v2' }

const nameOf = ({ group, task }: Job.Place): string => `${group.Name}/${task.Name}`

/**
 * The tasks of a Nomad job (HTTP API or `nomad job run -output`, bare or under `Job`), each with the three documents that `compile` takes.
 * `plugin` is the operator's config as JSON. Refuses what is no job; a job without a task of this driver has none.
 */
export const jobTasks = (job: unknown, plugin: unknown = DEFAULT_PLUGIN): JobTasks | Refused => {
  const decoded = Job.decode(job)
  if (E.isLeft(decoded)) return { ok: false, issues: decoded.left, notices: [] }
  const all = Job.placesOf(decoded.right)
  return {
    ok: true,
    tasks: all.filter(({ task }) => task.Driver === DRIVER).map((place) => toTask(place, plugin)),
    notices: all
      .filter(({ task }) => task.Driver !== DRIVER)
      .map((place) => Notice(nameOf(place), `skipped: its driver is ${place.task.Driver}`))
  }
}

const toTask = (place: Job.Place, plugin: unknown): JobTask => {
  const { documents, notices } = toDocuments(place)
  return { name: nameOf(place), documents: { ...documents, plugin }, notices }
}
