import { Notice } from '../domain/Notice'
import * as Job from './Job'

/** The driver's name in job files. */
export const DRIVER = 'containerd-driver'

/** What stands for the operator's config where none is given. */
export const USUAL_PLUGIN = { containerd_runtime: 'io.containerd.runc.v2' }

/** A task's name in a job: `group/task`. */
export const nameOf = ({ group, task }: Job.Place): string => `${group.Name}/${task.Name}`

/** The tasks of a job that this driver runs; of the others a notice each. */
export const oursOf = (job: Job.Job): { readonly ours: ReadonlyArray<Job.Place>; readonly notices: ReadonlyArray<Notice> } => {
  const all = Job.placesOf(job)
  return {
    ours: all.filter(({ task }) => task.Driver === DRIVER),
    notices: all.filter(({ task }) => task.Driver !== DRIVER).map((place) => Notice(nameOf(place), `skipped: its driver is ${place.task.Driver}`))
  }
}
