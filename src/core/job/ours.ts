import { placeIn } from '../domain/DocumentPath'
import { Notice } from '../domain/Notice'
import * as Job from './Job'

/** The driver's name in job files. */
export const DRIVER = 'containerd-driver'

/** What is said of a job that has no task of this driver. */
export const NO_TASK = `has no task with driver = ${JSON.stringify(DRIVER)}`

/** What stands for the operator's config where none is given. */
export const USUAL_PLUGIN = { containerd_runtime: 'io.containerd.runc.v2' }

/** A task's name in a job: `group/task`. */
export const nameOf = ({ group, task }: Job.Place): string => `${group.Name}/${task.Name}`

interface Ours {
  readonly ours: ReadonlyArray<Job.Place>
  /** The drivers of the other tasks, by `group/task`. */
  readonly elsewhere: Readonly<Record<string, string>>
  readonly notices: ReadonlyArray<Notice>
}

/** The tasks of a job that this driver runs; of the others a notice each. */
export const oursOf = (job: Job.Job): Ours => {
  const all = Job.placesOf(job)
  const others = all.filter(({ task }) => task.Driver !== DRIVER)
  return {
    ours: all.filter(({ task }) => task.Driver === DRIVER),
    elsewhere: Object.fromEntries(others.map((place) => [nameOf(place), place.task.Driver])),
    notices: others.map((place) => Notice(placeIn(nameOf(place)), `skipped: its driver is ${place.task.Driver}`))
  }
}
