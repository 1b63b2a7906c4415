import * as E from 'fp-ts/Either'

import { CdiMount } from '../cdi/CdiSpec'
import { inTask } from '../domain/DocumentPath'
import { Issue } from '../domain/Issue'
import { clean, isAbsolute } from '../domain/path'
import { wrongTarget } from '../policy/mountTargets'
import { nomadMounts } from '../wanted/nomadMounts'
import { saysBind, wantedMounts } from '../wanted/wantedMounts'
import { Request } from './Request'
import { TaskMount } from './Task'

const AT = inTask('devices')
const TAKEN = 'is a place where a CDI file mounts, and where the task or Nomad mounts something else'
const RELATIVE = 'is bound by a CDI file, and is no absolute path on the host'

/** A mount of a CDI file. */
export const mountOfDevice = (mount: CdiMount, request: Request): E.Either<Issue, TaskMount> => {
  const { source, destination, type, options } = mount
  const place = clean(destination)
  if (isTaken(place, request)) return E.left(Issue('Conflict', AT, destination, TAKEN))
  const isBind = type === '' || type === 'bind'
  if (isBind && !isAbsolute(source)) return E.left(Issue('BadValue', AT, source, RELATIVE))
  const wrong = wrongTarget(place)
  if (wrong !== undefined)
    return E.left(Issue('BadValue', AT, destination, `a CDI file mounts there, and that ${wrong}`))
  const all = isBind && !saysBind(options) ? ['rbind', ...options] : options
  const own = { origin: 'device', at: AT, ensure: false, pin: undefined } as const
  return E.right({ destination: place, type: isBind ? 'bind' : type, source, options: all, ...own })
}

const isTaken = (place: string, { task, allocation }: Request): boolean =>
  wantedMounts(task).some(({ target }) => clean(target) === place)
  || nomadMounts(allocation).some((mount) => mount.destination === place)
