import * as E from 'fp-ts/Either'

import { Allocation } from '../decode/Allocation'
import { MountConfig } from '../decode/TaskConfig'
import { Issue } from '../domain/Issue'
import { clean, isAbsolute, isWithin } from '../domain/path'
import { about, Facts, HostFacts } from './Facts'
import { bindPath, VOLUMES } from './hostPaths'
import { wrongTarget } from './mountPolicy'
import { nomadMounts } from './nomadMounts'
import { Request } from './Request'
import { TaskMount } from './Task'

type Outcome = E.Either<Issue, TaskMount>

/** Every mount of the task with its origin: the job's, Nomad's three directories and its volumes, the driver's resolv.conf. */
export const mountsOf = (request: Request, facts: Facts, host: HostFacts): ReadonlyArray<Outcome> => {
  const { task, allocation } = request
  const own = task.mounts.map((mount, index) => taskMount(mount, `task.mounts[${String(index)}]`, allocation, facts))
  return [...nomadMounts(allocation).map(nomadsOwn), ...own, ...(task.host_dns ? [E.right(resolvConf(host))] : [])]
}

// Nomad's paths come from task names, volumes and plugins: not every one is a place for a mount.
const nomadsOwn = (mount: TaskMount, index: number, all: ReadonlyArray<TaskMount>): Outcome => {
  const twin = all.slice(0, index).some(({ destination }) => destination === mount.destination)
  const wrong = twin ? 'is a place where Nomad mounts something else too' : wrongTarget(mount.destination)
  return wrong === undefined ? E.right(mount) : E.left(Issue(twin ? 'Conflict' : 'BadValue', mount.at, mount.destination, wrong))
}

const RESOLV_CONF = '/etc/resolv.conf'

const resolvConf = ({ resolvConf: source }: HostFacts): TaskMount => ({
  destination: RESOLV_CONF, type: 'bind', source, options: ['rbind', 'ro'], origin: 'driver', at: 'task.host_dns', ensure: false
})

const taskMount = (mount: MountConfig, at: string, allocation: Allocation, facts: Facts): Outcome => {
  const base = { destination: clean(mount.target), origin: 'task', at } as const
  if (mount.type === 'tmpfs') return E.right({ ...base, type: 'tmpfs', source: 'tmpfs', options: mount.options, ensure: false })
  const path = bindPath(allocation, mount)
  const options = bindOptions(mount.options)
  if (path === undefined) return E.right({ ...base, type: 'bind', source: `${VOLUMES}/${mount.source}`, options, ensure: true })
  return E.map((source: string): TaskMount => ({ ...base, type: 'bind', source, options, ensure: false }))(
    bindSource(mount, path, at, allocation, facts)
  )
}

/** As written, with `rbind` and `rw` where the job says nothing about them. */
const bindOptions = (options: ReadonlyArray<string>): ReadonlyArray<string> => [
  ...(options.some((option) => option === 'bind' || option === 'rbind') ? [] : ['rbind']),
  ...options,
  ...(options.some((option) => ['ro', 'rw', 'rro'].includes(option)) ? [] : ['rw'])
]

const bindSource = (
  mount: MountConfig, path: string, at: string, { allocDir }: Allocation, facts: Facts
): E.Either<Issue, string> => {
  const where = about(facts.paths, path)
  const refuse = (tag: 'BadValue' | 'RefusedByPolicy' | 'Unanswered', reason: string, hint?: string): E.Either<Issue, never> =>
    E.left(Issue(tag, `${at}.source`, mount.source, reason, hint))
  if (where === undefined) return refuse('Unanswered', 'nobody said what is there', factsHint(path))
  if (where.kind === 'absent') return refuse('BadValue', `does not exist on the host (${path})`, 'make it, or use a volume')
  if (isAbsolute(mount.source)) return E.right(path)
  return isWithin(clean(allocDir), clean(where.realPath))
    ? E.right(clean(where.realPath))
    : refuse('RefusedByPolicy', 'a relative source must stay inside the allocation', 'use an absolute host path')
}

const factsHint = (path: string): string =>
  `add to the facts file: "paths": { ${JSON.stringify(path)}: { "kind": "directory", "realPath": ${JSON.stringify(path)} } }`
