import * as E from 'fp-ts/Either'

import { Edits } from '../cdi/Edits'
import { DocumentPath, inTask } from '../domain/DocumentPath'
import { Issue } from '../domain/Issue'
import { clean, isAbsolute, isWithin } from '../domain/path'
import { about, ImageFacts } from '../facts/Facts'
import { INIT_TARGET } from '../wanted/init'
import { nomadMounts } from '../wanted/nomadMounts'
import { wantedMounts } from '../wanted/wantedMounts'
import { inOneAnother } from './inOneAnother'
import { Request } from './Request'
import { TaskMount } from './Task'

/** Where the runtime makes files of its own, some of them before it has left the host's root (CVE-2026-41579). */
const ROOTS: ReadonlyArray<string> = ['/dev', '/proc', '/sys']

/** What the driver mounts without being asked, and what it mounts when there is something to say. */
const OWN: ReadonlyArray<string> = ['/etc/hosts', '/etc/resolv.conf']

/**
 * A place in the container where something is mounted, and the option that says so. `isEmpty`: what is mounted holds
 * nothing that a task made.
 */
interface Target {
  readonly at: DocumentPath
  readonly path: string
  readonly isEmpty?: boolean
  readonly isDrivers?: boolean
}

/** Every place in the container of which it matters what the image has there: sorted, each once. */
export const placesOf = (request: Request, { mounts }: Pick<Edits, 'mounts'>): ReadonlyArray<string> => {
  const { task } = request
  const paths = [
    ...ROOTS, ...OWN, ...(task.cwd === undefined ? [] : [task.cwd]), ...(task.init ? [INIT_TARGET] : []),
    ...targetsOf(request, mounts).map(({ path }) => path)
  ]
  return [...new Set(paths.filter(isAbsolute).map(clean))].filter((path) => path !== '/').sort()
}

const targetsOf = ({ task, allocation }: Request, devices: Edits['mounts']): ReadonlyArray<Target> => [
  ...nomadMounts(allocation).map(({ destination, at }) => ({ at, path: destination })),
  ...wantedMounts(task).map(({ target, at, type }) => ({ at: at.target, path: target, isEmpty: type === 'tmpfs' })),
  ...devices.map(({ destination }) => ({ at: inTask('devices'), path: destination }))
]

/**
 * What the links of an image make of the places where something is mounted: every reason why the runtime would reach
 * the host, or
 * undo its own masks. Of a place that nobody looked at (offline) nothing is said.
 */
export const placesHeld = (
  request: Request,
  image: ImageFacts & { readonly name: string },
  { mounts }: Pick<Edits, 'mounts'>,
  driver: ReadonlyArray<TaskMount>
): E.Either<ReadonlyArray<Issue>, true> => {
  const { init } = request.task
  const targets: ReadonlyArray<Target> = [
    ...targetsOf(request, mounts),
    ...driver.map(({ destination, at }) => ({ at, path: destination, isDrivers: true })),
    ...(init ? [{ at: inTask('init'), path: INIT_TARGET }] : [])
  ]
  const issues = [
    ...ROOTS.flatMap((path) => root(path, image)),
    ...targets.flatMap(({ at, path }) => target(at, clean(path), image)),
    ...inOneAnother(
      targets.map(({ at, path, isEmpty = false, isDrivers = false }) =>
        ({ at, path: clean(path), isEmpty, isDrivers })),
      image
    )
  ]
  return issues.length > 0 ? E.left(issues) : E.right(true)
}

const root = (path: string, { name, places = {} }: ImageFacts & { readonly name: string }): ReadonlyArray<Issue> => {
  const there = about(places, path)
  const isOwn = there?.realPath === path && (there.kind === 'directory' || there.kind === 'absent')
  return there === undefined || isOwn
    ? []
    : [
        Issue(
          'RefusedByPolicy',
          inTask('image'),
          name,
          `${path} of the image ${there.realPath === path ? 'is no directory' : `is a link, which leads to ${there.realPath}`}: the runtime would make its files wherever it leads`,
          `build the image with a directory at ${path}, or with nothing there`
        )
      ]
}

const target = (at: DocumentPath, path: string, { places = {} }: ImageFacts): ReadonlyArray<Issue> => {
  const there = about(places, path)
  const wrong = there === undefined ? undefined : wrongPlace(path, there)
  return wrong === undefined ? [] : [Issue('RefusedByPolicy', at, path, wrong, 'use another place, or another image')]
}

const wrongPlace = (
  path: string,
  { kind, realPath }: NonNullable<ImageFacts['places']>[string]
): string | undefined => {
  if (kind === 'above') return 'leads through a link of the image that climbs above its root'
  if (kind === 'loop') return 'leads over more links of the image than Linux follows'
  const isTaken = realPath === '/' || ROOTS.includes(realPath) || isWithin('/proc', realPath)
  return isTaken && realPath !== path
    ? `leads through links of the image to ${realPath}, where nothing may be mounted`
    : undefined
}
