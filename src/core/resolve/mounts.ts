import * as E from 'fp-ts/Either'

import { CdiMount } from '../cdi/CdiSpec'
import { PINS } from '../domain/ceilings'
import { Issue, IssueTag } from '../domain/Issue'
import { clean, isAbsolute } from '../domain/path'
import { repeated } from '../domain/repeated'
import { about, Facts } from '../facts/Facts'
import { holdsLogs, isInLogs, isInside } from './allocationPaths'
import { BindSource, bindSource, factsHint, movedTo } from './bindSource'
import { bindPath } from './hostPaths'
import { INIT_TARGET } from './init'
import { logsIn, nomadMounts, NOMADS_OWN } from './nomadMounts'
import { wholeOfKernel, wrongTarget } from './policy/mounts'
import { Request } from './Request'
import { TaskMount } from './Task'
import { saysBind, WantedMount, wantedMounts } from './wantedMounts'

type Outcome = E.Either<Issue, TaskMount>

/**
 * Every mount of the task with its origin: Nomad's directories and its volumes, the job's, those of CDI devices, the
 * init.
 */
export const mountsOf = (request: Request, facts: Facts, cdi: ReadonlyArray<CdiMount>): ReadonlyArray<Outcome> => {
  const wanted = wantedMounts(request.task).flatMap((mount) => taskMount(mount, request, facts))
  return [
    ...nomadsOwn(request, facts),
    ...wanted,
    ...tooManyPins(wanted),
    ...cdi.map((mount) => ofDevice(mount, request)),
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
            'task.mounts',
            count,
            `are mounts of sources that a task could swap, more than ${String(PINS)}`,
            'bind the directory that holds them'
          )
        )
      ]
}

// Nomad's paths come from task names, volumes and plugins: not every one is a place for a mount.
const nomadsOwn = (request: Request, facts: Facts): ReadonlyArray<Outcome> => {
  const all = nomadMounts(request.allocation)
  const twins = repeated(all.map(({ destination }) => destination))
  return all.map((mount, index) => nomadsMount(mount, twins[index] === true, request, facts))
}

const MOVED =
  "a job that sets NOMAD_ALLOC_DIR, NOMAD_TASK_DIR or NOMAD_SECRETS_DIR in `env`, or puts a link in the place of a directory of Nomad's, does not start"

const nomadsMount = (mount: TaskMount, twin: boolean, { allocation }: Request, facts: Facts): Outcome => {
  const { at, destination, source } = mount
  const refuse = (tag: IssueTag, value: string, reason: string): Outcome =>
    E.left(Issue(tag, at, value, reason, at === NOMADS_OWN ? MOVED : undefined))
  if (twin) return refuse('Conflict', destination, 'is a place where Nomad mounts something else too')
  const wrong = wrongTarget(destination) ?? (at === NOMADS_OWN ? wholeOfKernel(destination) : undefined)
  if (wrong !== undefined) return refuse('BadValue', destination, wrong)
  const where = about(facts.paths, clean(source))
  const moved =
    where === undefined || !isInside(allocation, clean(source))
      ? undefined
      : movedTo(where, clean(source), allocation, facts)
  return moved === undefined
    ? E.right(mount)
    : refuse('RefusedByPolicy', source, `is not where Nomad made it: ${moved}`)
}

const ofDevice = ({ source, destination, type, options }: CdiMount, { task, allocation }: Request): Outcome => {
  const place = clean(destination)
  const wrong = wrongTarget(place)
  const isTaken =
    wantedMounts(task).some(({ target }) => clean(target) === place)
    || nomadMounts(allocation).some((mount) => mount.destination === place)
  if (isTaken)
    return E.left(
      Issue(
        'Conflict',
        'task.devices',
        destination,
        'is a place where a CDI file mounts, and where the task or Nomad mounts something else'
      )
    )
  const isBind = type === '' || type === 'bind'
  if (isBind && !isAbsolute(source))
    return E.left(
      Issue('BadValue', 'task.devices', source, 'is bound by a CDI file, and is no absolute path on the host')
    )
  const all = isBind && !saysBind(options) ? ['rbind', ...options] : options
  return wrong === undefined
    ? E.right({
        destination: place,
        type: isBind ? 'bind' : type,
        source,
        options: all,
        origin: 'device',
        at: 'task.devices',
        ensure: false,
        pin: undefined
      })
    : E.left(Issue('BadValue', 'task.devices', destination, `a CDI file mounts there, and that ${wrong}`))
}

const init = ({ plugin: { init_path: path } }: Request, facts: Facts): Outcome => {
  const there = about(facts.paths, path)
  if (there === undefined)
    return E.left(Issue('Unanswered', 'plugin.init_path', path, 'nobody said what is there', factsHint(path, 'file')))
  if (there.kind === 'directory')
    return E.left(Issue('BadValue', 'plugin.init_path', path, 'is a directory, and must be a program'))
  return there.kind !== 'file'
    ? E.left(
        Issue(
          'BadValue',
          'task.init',
          true,
          `needs an init program, and there is none at ${path}`,
          'install tini, or set the plugin option `init_path`'
        )
      )
    : E.right({
        destination: INIT_TARGET,
        type: 'bind',
        source: path,
        options: ['bind', 'ro'],
        origin: 'driver',
        at: 'task.init',
        ensure: false,
        pin: undefined
      })
}

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
    ? [found, E.right({ ...logsIn(allocation, destination), origin: 'task', at })]
    : [found]
}

/** As written, with `rbind` and `rw` where the job says nothing about them. */
const bindOptions = (options: ReadonlyArray<string>): ReadonlyArray<string> => [
  ...(saysBind(options) ? [] : ['rbind']),
  ...options,
  ...(options.some((option) => ['ro', 'rw', 'rro'].includes(option)) ? [] : ['rw'])
]

