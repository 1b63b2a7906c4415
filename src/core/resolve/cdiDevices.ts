import * as E from 'fp-ts/Either'

import { CdiDevice } from '../cdi/CdiSpec'
import { Edits, NO_EDITS } from '../cdi/Edits'
import { editsOf } from '../cdi/editsOf'
import { inTask } from '../domain/DocumentPath'
import { Issue } from '../domain/Issue'
import { Device } from '../domain/Oci'
import { clean } from '../domain/path'
import { about, Facts } from '../facts/Facts'
import { inOrder, wantedCdi } from '../wanted/wantedDevices'
import { Request } from './Request'
import { TaskDevice } from './Task'

// The spec takes permissions only, without setuid, setgid and sticky.
const MODES = 0o1000

type Node = Required<Omit<Device, 'path'>>

/** A device at a place of the container. */
export const deviceNode = (path: string, node: Node, access: string): TaskDevice => {
  const { type, major, minor, fileMode, uid, gid } = node
  return { node: { path: clean(path), type, major, minor, fileMode: fileMode % MODES, uid, gid }, access }
}

/** The way out where a host has no such device. */
export const DEVICE_HINT = 'name one that is there, or place the task on a host that has it'

/** A device of a CDI file: what the file leaves out, the node on the host says. */
export const fromCdi = (device: CdiDevice, facts: Facts): E.Either<Issue, TaskDevice> => {
  const { path, hostPath, permissions, ...said } = device
  const found = about(facts.devices, hostPath)
  if (found === undefined && said.major === undefined) {
    const reason = 'is named by a CDI file, and is no device of this host'
    return E.left(Issue('BadValue', inTask('devices'), hostPath, reason, DEVICE_HINT))
  }
  return E.right(deviceNode(path, { ...USUAL, ...found, ...said }, inOrder(permissions)))
}

const USUAL = { type: 'c', major: 0, minor: 0, fileMode: 0o666, uid: 0, gid: 0 } as const

/** What the host's CDI files say of the devices that the job names. */
export const cdiEdits = ({ task }: Request, { cdi }: Facts): E.Either<ReadonlyArray<Issue>, Edits> => {
  const wanted = wantedCdi(task.devices)
  if (wanted.length === 0) return E.right(NO_EDITS)
  if (cdi === undefined)
    return E.left(wanted.map(({ at, name }) => Issue('BadValue', at, name, NOBODY_LOOKED, GIVE_CDI)))
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
          Issue('BadValue', places.get(name) ?? inTask('devices'), name, reason, hint)
        )
      )
}

const NOBODY_LOOKED = 'nobody looked at the CDI files of the host'
const GIVE_CDI = 'add to the facts file: "cdi": { "/etc/cdi/vendor.json": {…} }'
