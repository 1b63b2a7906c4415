import * as E from 'fp-ts/Either'

import { Edits } from '../cdi/Edits'
import { DEVICES } from '../domain/ceilings'
import { inAllocation, inTask, under } from '../domain/DocumentPath'
import { matchesAny } from '../domain/glob'
import { Issue, RefusedBy } from '../domain/Issue'
import { clean, isAbsolute } from '../domain/path'
import { countBelow, pathsBelow } from '../domain/sortedPaths'
import { about, Facts } from '../facts/Facts'
import { inOrder, WantedDevice, wantedDevices } from '../wanted/wantedDevices'
import { DEVICE_HINT, deviceNode, fromCdi } from './cdiDevices'
import { ALL_DEVICES } from './questionsOf'
import { Request } from './Request'
import { TaskDevice } from './Task'

type Outcome = E.Either<Issue, ReadonlyArray<TaskDevice>>

/** The devices that are known of the host, and their paths in order. */
interface Known {
  readonly facts: Facts
  readonly paths: ReadonlyArray<string>
}

/**
 * The devices of a task, one to a place: those of Nomad's device plugins, of the job, of CDI files, and the host's when
 * privileged.
 */
export const devicesOf = (request: Request, facts: Facts, edits: Edits): ReadonlyArray<Outcome> => {
  const known = { facts, paths: Object.keys(facts.devices).sort() }
  const issue = tooMany(request, known)
  if (issue !== undefined) return [E.left(issue)]
  return [
    ...request.allocation.devices.map((device, index) => fromNomad(device, index, known)),
    ...fromJob(request, known),
    ...edits.devices.map((device) => E.map((one: TaskDevice) => [one])(fromCdi(device, facts))),
    ...(request.task.privileged ? [E.right(below(ALL_DEVICES, ALL_DEVICES, 'rwm', known))] : [])
  ]
}

type NomadsDevice = Request['allocation']['devices'][number]

const fromNomad = ({ hostPath, taskPath, cgroupPermissions }: NomadsDevice, index: number, known: Known): Outcome => {
  const containerPath = taskPath === '' ? hostPath : taskPath
  const permissions = cgroupPermissions === '' ? 'rwm' : inOrder(cgroupPermissions)
  const at = inAllocation('devices', index)
  return isAbsolute(containerPath)
    ? node({ at: under(at, 'hostPath'), hostPath, containerPath, permissions }, known)
    : E.left(Issue('BadValue', under(at, 'taskPath'), containerPath, 'must be an absolute path'))
}

/** Directories may hold the same devices under many names: counted before any is made. */
const tooMany = ({ task, allocation }: Request, { paths }: Known): Issue | undefined => {
  const wanted = [
    ...allocation.devices,
    ...wantedDevices(task.devices),
    ...(task.privileged ? [{ hostPath: ALL_DEVICES }] : [])
  ]
  const count = wanted.reduce((sum, { hostPath }) => sum + Math.max(1, countBelow(paths, clean(hostPath))), 0)
  return count > DEVICES
    ? Issue(
        'BadValue',
        inTask('devices'),
        undefined,
        `come to ${String(count)} devices with all that lie in directories; a task has at most ${String(DEVICES)}`,
        'name the devices, or a smaller directory'
      )
    : undefined
}

/** A device that is named itself says more than a directory that holds it. */
const fromJob = (request: Request, known: Known): ReadonlyArray<Outcome> => {
  const {
    facts: { devices }
  } = known
  const wanted = wantedDevices(request.task.devices)
  const named = new Set(
    wanted
      .filter(({ hostPath }) => about(devices, hostPath) !== undefined)
      .map(({ containerPath }) => clean(containerPath))
  )
  return wanted.map((one) => {
    if (about(devices, one.hostPath) !== undefined) return node(one, known)
    const refused = unlisted(one, request, known)
    return refused === undefined
      ? E.map((all: ReadonlyArray<TaskDevice>) => all.filter((device) => !named.has(device.node.path)))(
          node(one, known)
        )
      : E.left(refused)
  })
}

/**
 * A directory that a pattern matches is not listed: each device in it has to be. One that is listed by its own name is,
 * with all in it.
 */
const unlisted = (
  { at, hostPath }: WantedDevice,
  { task, policy: { allow_devices: allowed } }: Request,
  { paths }: Known
): Issue | undefined => {
  if (task.privileged || allowed.includes(hostPath)) return undefined
  const found = pathsBelow(paths, hostPath).find((path) => !matchesAny(allowed, path))
  return found === undefined
    ? undefined
    : RefusedBy(
        'allow_devices',
        at,
        hostPath,
        `holds ${found}, which the plugin option \`allow_devices\` does not list`,
        'name the devices'
      )
}

/** The first of every place: what was asked for by name stands before what a directory or privileged brings. */
export const onePerPlace = (devices: ReadonlyArray<TaskDevice>): ReadonlyArray<TaskDevice> => {
  const places = new Map([...devices].reverse().map((device) => [device.node.path, device]))
  return devices.filter((device) => places.get(device.node.path) === device)
}

const node = ({ at, hostPath, containerPath, permissions }: WantedDevice, known: Known): Outcome => {
  const found = about(known.facts.devices, hostPath)
  if (found !== undefined) return E.right([deviceNode(containerPath, found, permissions)])
  const all = below(hostPath, containerPath, permissions, known)
  return all.length > 0
    ? E.right(all)
    : E.left(Issue('BadValue', at, hostPath, 'is no device of this host', DEVICE_HINT))
}

/** Every device that lies in a directory, at the same place below another. */
const below = (
  hostPath: string,
  containerPath: string,
  permissions: string,
  { facts, paths }: Known
): ReadonlyArray<TaskDevice> => {
  const [directory, place] = [clean(hostPath), clean(containerPath)]
  return pathsBelow(paths, directory).flatMap((path) => {
    const found = about(facts.devices, path)
    return found === undefined ? [] : [deviceNode(`${place}${path.slice(directory.length)}`, found, permissions)]
  })
}
