import { promises } from 'node:fs'

import * as E from 'fp-ts/Either'
import * as TE from 'fp-ts/TaskEither'

import { Failure } from '../../core/domain/Failure'
import { Act } from '../../core/plan/Step'
import { mountedAt } from '../host/mountedFrom'
import { systemCall } from '../host/systemCall'
import { Thrown } from '../ports/Thrown'
import { Containerd } from './Containerd'
import * as tasks from './tasks'

type Inspect = Act<'InspectMounts'>

/**
 * Looks at the mounts of a task that is created and does not run yet. Something is mounted at each place: runc follows
 * links inside the root when it mounts, so a task could lead a mount over the /dev or /sys of its next run. Where a
 * source is pinned, the pin is what is there: a containerd that does not share this process's mounts would show the
 * empty directory below it.
 */
export const inspectMounts =
  (containerd: Containerd, { container, places, pins }: Inspect): TE.TaskEither<Failure, void> =>
  async () => {
    const doing = `look at the mounts of ${container}`
    const task = await tasks.get(containerd, container)()
    if (E.isLeft(task)) return task
    return systemCall(doing, async () => {
      const found = mountedAt(await promises.readFile(`/proc/${String(task.right?.pid ?? 0)}/mountinfo`, 'utf8'))
      const missing = places.find((place) => !found.has(place))
      if (missing !== undefined)
        throw new Thrown(Failure('Denied', doing, `nothing is mounted at ${missing}: ${LED_AWAY}`))
      const other = Object.keys(pins).length === 0 ? undefined : await otherThan(pins, found)
      if (other !== undefined)
        throw new Thrown(Failure('Denied', doing, `what is at ${other} is not what was pinned: ${NOT_SHARED}`))
    })
  }

const LED_AWAY = 'a link stands there and leads elsewhere; remove it'
const NOT_SHARED =
  'containerd does not see the mounts of this process, or a link leads elsewhere; run Nomad without PrivateTmp and PrivateMounts'

/** The first place at which another thing is mounted than at its pin on the host. */
const otherThan = async (pins: Inspect['pins'], found: ReturnType<typeof mountedAt>): Promise<string | undefined> => {
  const own = mountedAt(await promises.readFile('/proc/self/mountinfo', 'utf8'))
  return Object.entries(pins).find(([place, pin]) => {
    const [there, here] = [found.get(place), own.get(pin)]
    return there === undefined || here === undefined || there.device !== here.device || there.root !== here.root
  })?.[0]
}
