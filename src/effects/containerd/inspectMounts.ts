import { promises } from 'node:fs'

import * as E from 'fp-ts/Either'
import * as TE from 'fp-ts/TaskEither'

import { Failure } from '../../core/domain/Failure'
import { Do } from '../../core/plan/Step'
import { mountPoints } from '../mountedFrom'
import { attempt } from '../systemCall'
import { Thrown } from '../Thrown'
import { Containerd } from './Containerd'
import * as tasks from './tasks'

type Inspect = Extract<Do, { readonly _tag: 'InspectMounts' }>

/**
 * Looks at the mounts of a task that is created and does not run yet: each of these places is one. runc follows links inside the
 * root when it mounts, so a task could lead a mount over the /dev or /sys of its next run, and undo what is hidden there.
 */
export const inspectMounts = (containerd: Containerd, { container, places }: Inspect): TE.TaskEither<Failure, void> => async () => {
  const doing = `look at the mounts of ${container}`
  const task = await tasks.get(containerd, container)()
  if (E.isLeft(task)) return task
  return attempt(doing, async () => {
    const found = mountPoints(await promises.readFile(`/proc/${String(task.right?.pid ?? 0)}/mountinfo`, 'utf8'))
    const missing = places.find((place) => !found.has(place))
    if (missing !== undefined) {
      throw new Thrown(Failure('Denied', doing, `nothing is mounted at ${missing}: a link stands there and leads elsewhere; remove it`))
    }
  })
}
