import * as E from 'fp-ts/Either'

import { CdiMount } from '../cdi/CdiSpec'
import { PINS } from '../domain/ceilings'
import { inPlugin, inTask } from '../domain/DocumentPath'
import { Issue } from '../domain/Issue'
import { clean } from '../domain/path'
import { about, Facts } from '../facts/Facts'
import { holdsLogs, isInLogs } from '../wanted/allocationPaths'
import { bindPath } from '../wanted/bindPath'
import { INIT_TARGET } from '../wanted/init'
import { logsIn } from '../wanted/nomadMounts'
import { saysBind, WantedMount, wantedMounts } from '../wanted/wantedMounts'
import { BindSource, bindSource, factsHint } from './bindSource'
import { mountOfDevice } from './mountOfDevice'
import { mountsOfNomad } from './mountsOfNomad'
import { Request } from './Request'
import { boundBy, TaskMount } from './Task'

type Outcome = E.Either<Issue, TaskMount>

/**
 * Every mount of the task with its origin: Nomad's directories and its volumes, the job's, those of CDI devices, the
 * init.
 */
export const mountsOf = (request: Request, facts: Facts, cdi: ReadonlyArray<CdiMount>): ReadonlyArray<Outcome> => {
  const wanted = wantedMounts(request.task).flatMap((mount) => taskMount(mount, request, facts))
  return [
    ...mountsOfNomad(request, facts),
    ...wanted,
    ...tooManyPins(wanted),
    ...cdi.map((mount) => mountOfDevice(mount, request)),
    ...(request.task.init ? [init(request, facts)] : [])
  ]
}

const tooManyPins = (wanted: ReadonlyArray<Outcome>): ReadonlyArray<Outcome> => {
  const count = wanted.filter((one) => E.isRight(one) && one.right.pin !== undefined).length
  return count <= PINS
    ? []
    : [
        E.left(
          Issue(
            'BadValue',
            inTask('mounts'),
            count,
            `are mounts of sources that a task could swap, more than ${String(PINS)}`,
            'bind the directory that holds them'
          )
        )
      ]
}

const init = ({ plugin: { init_path: path } }: Request, facts: Facts): Outcome => {
  const there = about(facts.paths, path)
  if (there === undefined)
    return E.left(Issue('BadValue', INIT_PATH, path, 'nobody said what is there', factsHint(path, 'file')))
  if (there.kind === 'directory')
    return E.left(Issue('BadValue', INIT_PATH, path, 'is a directory, and must be a program'))
  if (there.kind !== 'file')
    return E.left(Issue('BadValue', INIT, true, `needs an init program, and there is none at ${path}`, NO_INIT))
  const own = { origin: 'driver', at: INIT, ensure: false, pin: undefined } as const
  return E.right({ destination: INIT_TARGET, type: 'bind', source: path, options: ['bind', 'ro'], ...own })
}

const INIT = inTask('init')
const INIT_PATH = inPlugin('init_path')
const NO_INIT = 'install tini, or set the plugin option `init_path`'

const taskMount = (mount: WantedMount, request: Request, facts: Facts): ReadonlyArray<Outcome> => {
  const { type, source: written, at, target } = mount
  const place = { destination: clean(target), origin: 'task', at: at.whole, pin: undefined } as const
  if (type === 'tmpfs') return [E.right({ ...place, type, source: 'tmpfs', options: mount.options, ensure: false })]
  const path = bindPath(request.allocation, mount)
  const options = bindOptions(mount.options)
  if (path === undefined) {
    const volume = clean(`${request.policy.volumes.dir}/${written}`)
    return [E.right({ ...place, type: 'bind', source: volume, options, ensure: true })]
  }
  const bound = { ...place, type: 'bind', options, ensure: false }
  const found = E.map((source: BindSource): TaskMount => ({ ...bound, ...source }))(
    bindSource(mount, path, request, facts)
  )
  return withLogs(found, path, request)
}

/** A mount of the job's that shows the logs shows them read-only, as Nomad's own does. */
const withLogs = (found: Outcome, path: string, { allocation }: Request): ReadonlyArray<Outcome> => {
  if (E.isLeft(found)) return [found]
  const { destination, options, at } = found.right
  if (isInLogs(allocation, path))
    return [E.right({ ...found.right, options: [...options.filter((one) => one !== 'rw'), 'ro'] })]
  return holdsLogs(allocation, path)
    ? [found, E.right({ ...boundBy('task', logsIn(allocation, destination)), at })]
    : [found]
}

/** As written, with `rbind` and `rw` where the job says nothing about them. */
const bindOptions = (options: ReadonlyArray<string>): ReadonlyArray<string> => [
  ...(saysBind(options) ? [] : ['rbind']),
  ...options,
  ...(options.some((option) => ['ro', 'rw', 'rro'].includes(option)) ? [] : ['rw'])
]
