import * as E from 'fp-ts/Either'

import { CdiDevice } from '../cdi/CdiSpec'
import { editsOf } from '../cdi/editsOf'
import { Edits, NO_EDITS } from '../cdi/merged'
import { DEVICES } from '../domain/ceilings'
import { matchesAny } from '../domain/glob'
import { Issue, RefusedBy } from '../domain/Issue'
import { clean, isAbsolute } from '../domain/path'
import { countBelow, pathsBelow } from '../domain/sortedPaths'
import { about, DeviceFacts, Facts } from '../facts/Facts'
import { ALL_DEVICES } from './questionsOf'
import { Request } from './Request'
import { TaskDevice } from './Task'
import { inOrder, wantedCdi, WantedDevice, wantedDevices } from './wantedDevices'

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
  return issue === undefined
    ? [
        ...request.allocation.devices.map(({ hostPath, taskPath, cgroupPermissions }, index) =>
          node(
            {
              at: `allocation.devices[${String(index)}].hostPath`,
              hostPath,
              containerPath: taskPath === '' ? hostPath : taskPath,
              permissions: cgroupPermissions === '' ? 'rwm' : inOrder(cgroupPermissions)
            },
            known
          )
        ),
        ...fromJob(request, known),
        ...edits.devices.map((device) => fromCdi(device, facts)),
        ...(request.task.privileged ? [E.right(below(ALL_DEVICES, ALL_DEVICES, 'rwm', known))] : [])
      ]
    : [E.left(issue)]
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
        'task.devices',
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

const device = (path: string, { type, major, minor, fileMode, uid, gid }: DeviceFacts, access: string): TaskDevice =>
  ({ node: { path: clean(path), type, major, minor, fileMode: fileMode % MODES, uid, gid }, access })

// The spec takes permissions only, without setuid, setgid and sticky.
const MODES = 0o1000

const node = ({ at, hostPath, containerPath, permissions }: WantedDevice, known: Known): Outcome => {
  if (!isAbsolute(containerPath))
    return E.left(Issue('BadValue', at.replace(/hostPath$/, 'taskPath'), containerPath, 'must be an absolute path'))
  const found = about(known.facts.devices, hostPath)
  if (found !== undefined) return E.right([device(containerPath, found, permissions)])
  const all = below(hostPath, containerPath, permissions, known)
  return all.length > 0
    ? E.right(all)
    : E.left(Issue('Unanswered', at, hostPath, 'is no device of this host', deviceHint(hostPath)))
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
    return found === undefined ? [] : [device(`${place}${path.slice(directory.length)}`, found, permissions)]
  })
}

const deviceHint = (path: string): string =>
  `offline, add to the facts file: "devices": { ${JSON.stringify(path)}: { "type": "c", "major": 10, "minor": 229, "fileMode": 438, "uid": 0, "gid": 0 } }`

const fromCdi = ({ path, hostPath, permissions, ...said }: CdiDevice, facts: Facts): Outcome => {
  const found = about(facts.devices, hostPath)
  if (found === undefined && said.major === undefined) {
    return E.left(
      Issue(
        'Unanswered',
        'task.devices',
        hostPath,
        'is named by a CDI file, and is no device of this host',
        deviceHint(hostPath)
      )
    )
  }
  const { type = 'c', major = 0, minor = 0, fileMode = 0o666, uid = 0, gid = 0 } = { ...found, ...said }
  return E.right([
    {
      node: { path: clean(path), type, major, minor, fileMode: fileMode % MODES, uid, gid },
      access: inOrder(permissions)
    }
  ])
}

/** What the host's CDI files say of the devices that the job names. */
export const cdiEdits = ({ task }: Request, { cdi }: Facts): E.Either<ReadonlyArray<Issue>, Edits> => {
  const wanted = wantedCdi(task.devices)
  if (wanted.length === 0) return E.right(NO_EDITS)
  if (cdi === undefined) {
    return E.left(
      wanted.map(({ at, name }) =>
        Issue(
          'Unanswered',
          at,
          name,
          'nobody looked at the CDI files of the host',
          'add to the facts file: "cdi": { "/etc/cdi/vendor.json": {…} }'
        )
      )
    )
  }
  const edits = editsOf(
    wanted.map(({ name }) => name),
    cdi
  )
  // Of one name that is there twice the first place is told.
  const places = new Map([...wanted].reverse().map(({ name, at }) => [name, at]))
  return E.isRight(edits)
    ? edits
    : E.left(
        edits.left.map(({ name, reason, hint }) =>
          Issue('BadValue', places.get(name) ?? 'task.devices', name, reason, hint)
        )
      )
}
