import * as E from 'fp-ts/Either'
import * as t from 'io-ts'

import { HookStage } from '../domain/Oci'
import { filled, id, optional, path, pathOrEmpty, text, textThat, variable, wholeFrom, word } from './leaves'
import { Mistake, mistakeOf, unknownFields } from './Mistake'
import { isDeviceName, isKind } from './QualifiedName'

/** The moments of a container's life at which a hook can run, in that order. */
export const STAGES: ReadonlyArray<HookStage> = [
  'prestart',
  'createRuntime',
  'createContainer',
  'startContainer',
  'poststart',
  'poststop'
]

const number = wholeFrom(0)

export const deviceNode = t.type({
  path,
  hostPath: optional(pathOrEmpty),
  type: optional(word(['b', 'c', 'u', 'p', ''])),
  major: optional(number),
  minor: optional(number),
  fileMode: optional(wholeFrom(0, 0o7777)),
  permissions: optional(
    textThat('must be letters of "rwm", or "none"', (given) => given === 'none' || /^[rwm]*$/.test(given))
  ),
  uid: optional(id),
  gid: optional(id)
})

export const mount = t.type({
  hostPath: filled,
  containerPath: path,
  type: optional(text),
  options: optional(t.readonlyArray(text))
})

export const hook = t.type({
  hookName: word(STAGES),
  path,
  args: optional(t.readonlyArray(text)),
  env: optional(t.readonlyArray(variable)),
  timeout: optional(wholeFrom(1))
})

export const edits = t.type({
  env: optional(t.readonlyArray(variable)),
  deviceNodes: optional(t.readonlyArray(deviceNode)),
  mounts: optional(t.readonlyArray(mount)),
  hooks: optional(t.readonlyArray(hook)),
  additionalGids: optional(t.readonlyArray(id)),
  intelRdt: optional(t.UnknownRecord),
  netDevices: optional(t.UnknownArray)
})

const annotations = optional(t.record(t.string, text))

const device = t.type({
  name: textThat('must be letters and digits, with `_`, `-`, `.` or `:` between them', isDeviceName),
  annotations,
  containerEdits: optional(edits)
})

const document = t.type({
  cdiVersion: filled,
  kind: textThat('must be a vendor and a class, such as "vendor.com/gpu"', isKind),
  annotations,
  devices: t.readonlyArray(device),
  containerEdits: optional(edits)
})

/**
 * The content of a CDI file as its vendor wrote it (CDI SPEC.md 1.1.0). Fields of edits that nobody knows are still in
 * it.
 */
export type CdiDocument = t.TypeOf<typeof document>
export type DeviceDocument = t.TypeOf<typeof device>
export type EditsDocument = t.TypeOf<typeof edits>

/**
 * Reads the shape of one CDI document. Refuses unknown fields of the file and of its devices; those of edits wait until
 * they are asked for.
 */
export const decode = (value: unknown, file: string): E.Either<ReadonlyArray<Mistake>, CdiDocument> => {
  const outcome = document.decode(value)
  if (E.isLeft(outcome)) return E.left(outcome.left.map((error) => mistakeOf(error, file)))
  const strange = [
    ...unknownFields(outcome.right, document, file, ''),
    ...outcome.right.devices.flatMap((one, i) => unknownFields(one, device, file, `devices[${String(i)}].`))
  ]
  return strange.length > 0 ? E.left(strange) : outcome
}
