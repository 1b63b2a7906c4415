import * as E from 'fp-ts/Either'

import { CdiMount } from '../cdi/CdiSpec'
import { Allocation } from '../decode/Allocation'
import { Issue, IssueTag } from '../domain/Issue'
import { clean, isAbsolute, isWithin } from '../domain/path'
import { repeated } from '../domain/repeated'
import { about, Facts } from './Facts'
import { bindPath, hostPathRefusal } from './hostPaths'
import { INIT_TARGET } from './init'
import { nomadMounts } from './nomadMounts'
import { wrongTarget } from './policy/mounts'
import { Policy } from './policy/Policy'
import { Request } from './Request'
import { TaskMount } from './Task'
import { saysBind, WantedMount, wantedMounts } from './wantedMounts'

type Outcome = E.Either<Issue, TaskMount>

/** Every mount of the task with its origin: Nomad's three directories and its volumes, the job's, those of CDI devices, the init. */
export const mountsOf = (request: Request, facts: Facts, cdi: ReadonlyArray<CdiMount>): ReadonlyArray<Outcome> => [
  ...nomadsOwn(nomadMounts(request.allocation)),
  ...wantedMounts(request.task).map((mount) => taskMount(mount, request, facts)),
  ...cdi.map((mount) => ofDevice(mount, request)),
  ...(request.task.init ? [init(request, facts)] : [])
]

// Nomad's paths come from task names, volumes and plugins: not every one is a place for a mount.
const nomadsOwn = (all: ReadonlyArray<TaskMount>): ReadonlyArray<Outcome> => {
  const twins = repeated(all.map(({ destination }) => destination))
  return all.map((mount, index) => nomadsMount(mount, twins[index] === true))
}

const nomadsMount = (mount: TaskMount, twin: boolean): Outcome => {
  const wrong = twin ? 'is a place where Nomad mounts something else too' : wrongTarget(mount.destination)
  return wrong === undefined ? E.right(mount) : E.left(Issue(twin ? 'Conflict' : 'BadValue', mount.at, mount.destination, wrong))
}

const ofDevice = ({ source, destination, type, options }: CdiMount, { task, allocation }: Request): Outcome => {
  const place = clean(destination)
  const wrong = wrongTarget(place)
  const isTaken = wantedMounts(task).some(({ target }) => clean(target) === place) || nomadMounts(allocation).some((mount) => mount.destination === place)
  if (isTaken) return E.left(Issue('Conflict', 'task.devices', destination, 'is a place where a CDI file mounts, and where the task or Nomad mounts something else'))
  const isBind = type === '' || type === 'bind'
  if (isBind && !isAbsolute(source)) return E.left(Issue('BadValue', 'task.devices', source, 'is bound by a CDI file, and is no absolute path on the host'))
  const all = isBind && !saysBind(options) ? ['rbind', ...options] : options
  return wrong === undefined
    ? E.right({ destination: place, type: isBind ? 'bind' : type, source, options: all, origin: 'device', at: 'task.devices', ensure: false })
    : E.left(Issue('BadValue', 'task.devices', destination, `a CDI file mounts there, and that ${wrong}`))
}

const init = ({ plugin: { init_path: path } }: Request, facts: Facts): Outcome => {
  const there = about(facts.paths, path)
  if (there === undefined) return E.left(Issue('Unanswered', 'plugin.init_path', path, 'nobody said what is there', factsHint(path, 'file')))
  if (there.kind === 'directory') return E.left(Issue('BadValue', 'plugin.init_path', path, 'is a directory, and must be a program'))
  return there.kind === 'absent'
    ? E.left(Issue('BadValue', 'task.init', true, `needs an init program, and there is none at ${path}`, 'install tini, or set the plugin option `init_path`'))
    : E.right({ destination: INIT_TARGET, type: 'bind', source: path, options: ['bind', 'ro'], origin: 'driver', at: 'task.init', ensure: false })
}

const taskMount = (mount: WantedMount, request: Request, facts: Facts): Outcome => {
  const { type, source: written, at } = mount
  const destination = clean(mount.target)
  const made = (kind: 'bind' | 'tmpfs', source: string, options: ReadonlyArray<string>, ensure: boolean): TaskMount => ({
    destination, type: kind, source, options, origin: 'task', at: at.whole, ensure
  })
  if (type === 'tmpfs') return E.right(made('tmpfs', 'tmpfs', mount.options, false))
  const path = bindPath(request.allocation, mount)
  const options = bindOptions(mount.options)
  if (path === undefined) return E.right(made('bind', clean(`${request.policy.volumes.dir}/${written}`), options, true))
  return E.map((source: string) => made('bind', source, options, false))(bindSource(mount, path, request, facts))
}

/** As written, with `rbind` and `rw` where the job says nothing about them. */
const bindOptions = (options: ReadonlyArray<string>): ReadonlyArray<string> => [
  ...(saysBind(options) ? [] : ['rbind']),
  ...options,
  ...(options.some((option) => ['ro', 'rw', 'rro'].includes(option)) ? [] : ['rw'])
]

/** Where a bind leads, links followed: inside the allocation, or where the operator lets it. */
const bindSource = ({ source, at }: WantedMount, path: string, { allocation, policy }: Request, facts: Facts): E.Either<Issue, string> => {
  const where = about(facts.paths, path)
  const refuse = (tag: IssueTag, reason: string, hint?: string): E.Either<Issue, never> => E.left(Issue(tag, at.source, source, reason, hint))
  if (where === undefined) return refuse('Unanswered', 'nobody said what is there', factsHint(path, 'directory'))
  if (where.kind === 'absent') return refuse('BadValue', `does not exist on the host (${path})`, 'make it, or use a volume')
  const real = clean(where.realPath)
  if (isInside(allocation, path)) {
    return isInside(allocation, real) || isWithin(realOf(allocation.allocDir, facts), real)
      ? E.right(real)
      : refuse('RefusedByPolicy', isAbsolute(source) ? `leads out of the allocation, to ${real}` : 'a relative source must stay inside the allocation', 'use the absolute host path that is meant')
  }
  if (!isAbsolute(source)) return refuse('RefusedByPolicy', 'a relative source must stay inside the allocation', 'use an absolute host path')
  const [refused] = hostPathRefusal(real, source, at.source, policy, allocation)
  if (refused === undefined || isNamed(path, real, policy, facts)) return E.right(real)
  return E.left({ ...refused, reason: `leads to ${real}, and that: ${refused.reason}` })
}

/**
 * Whether an allowed path holds this one where its own links lead. One that lies in another allowed path does not count: who may
 * write there could make it lead anywhere.
 */
const isNamed = (path: string, real: string, { volumes }: Policy, facts: Facts): boolean => {
  const all = volumes.allowed_paths.map(clean)
  return volumes.enabled && all.some((allowed) =>
    isWithin(allowed, path) && !all.some((other) => other !== allowed && isWithin(other, allowed)) && isWithin(realOf(allowed, facts), real))
}

/** Where a path leads, as far as anybody said. */
const realOf = (path: string, facts: Facts): string => {
  const there = about(facts.paths, clean(path))
  return there === undefined || there.kind === 'absent' ? clean(path) : clean(there.realPath)
}

const isInside = ({ allocDir }: Allocation, path: string): boolean => isWithin(clean(allocDir), path)

const factsHint = (path: string, kind: 'file' | 'directory'): string =>
  `add to the facts file: "paths": { ${JSON.stringify(path)}: { "kind": "${kind}", "realPath": ${JSON.stringify(path)} } }`
