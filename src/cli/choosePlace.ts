import * as E from 'fp-ts/Either'

import { Notice } from '../core/domain/Notice'
import * as Job from '../core/job/Job'

/** The driver's name in job files. */
export const DRIVER = 'containerd-driver'

interface Chosen {
  readonly place: Job.Place
  readonly notices: ReadonlyArray<Notice>
}

const nameOf = ({ group, task }: Job.Place): string => `${group.Name}/${task.Name}`

/** The task of the job that is meant: the only one of this driver, or the one that `--task GROUP/TASK` names. */
export const choosePlace = (job: Job.Job, wanted: string | undefined): E.Either<string, Chosen> => {
  const all = Job.placesOf(job)
  const ours = all.filter(({ task }) => task.Driver === DRIVER)
  const notices = all
    .filter(({ task }) => task.Driver !== DRIVER)
    .map((place) => Notice(nameOf(place), `skipped: its driver is ${place.task.Driver}`))
  const candidates = wanted === undefined ? ours : ours.filter((place) => nameOf(place) === wanted)
  const [place, ...others] = candidates
  const names = ours.map(nameOf).join(', ')
  if (place !== undefined && others.length === 0) return E.right({ place, notices })
  if (ours.length === 0) return E.left(`job ${job.ID}: has no task with driver = "${DRIVER}"\n`)
  return E.left(
    wanted === undefined
      ? `job ${job.ID}: has several tasks; name one with --task GROUP/TASK: ${names}\n`
      : `--task ${wanted}: the job ${job.ID} has no such task; it has ${names}\n`
  )
}
