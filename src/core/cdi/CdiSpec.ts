import * as E from 'fp-ts/Either'

import { Hook, HookStage } from '../domain/Oci'
import * as CdiDocument from './CdiDocument'
import { Mistake, unknownFields } from './Mistake'
import { versionMistakes } from './versions'

/**
 * A device node for the container. What is absent, the node at `hostPath` answers: major and minor are there together
 * or not at all.
 */
export interface CdiDevice {
  readonly path: string
  readonly hostPath: string
  readonly type?: 'b' | 'c' | 'u' | 'p'
  readonly major?: number
  readonly minor?: number
  readonly fileMode?: number
  readonly uid?: number
  readonly gid?: number
  /** Letters of `rwm` for the cgroup; empty when the vendor wants none. */
  readonly permissions: string
}

/** `type` is empty where the vendor gave none. */
export interface CdiMount {
  readonly source: string
  readonly destination: string
  readonly type: string
  readonly options: ReadonlyArray<string>
}

/** What a device, or every device of a file, does to a container. */
export interface ContainerEdits {
  readonly env: ReadonlyArray<string>
  readonly devices: ReadonlyArray<CdiDevice>
  readonly mounts: ReadonlyArray<CdiMount>
  readonly hooks: ReadonlyArray<{ readonly stage: HookStage; readonly hook: Hook }>
  readonly additionalGids: ReadonlyArray<number>
  /** What these edits want and this driver cannot do: whoever asks for them is refused. */
  readonly unsupported: ReadonlyArray<Mistake>
}

/** One CDI file: the devices of a vendor's class, and the edits that come with any of them. */
export interface CdiSpec {
  readonly kind: string
  readonly devices: ReadonlyArray<{ readonly name: string; readonly edits: ContainerEdits }>
  readonly edits: ContainerEdits
}

/**
 * Reads one CDI document (CDI SPEC.md 0.3.0 to 1.1.0), parsed from JSON or YAML; `file` is its path for the mistakes.
 */
export const decode = (document: unknown, file: string): E.Either<ReadonlyArray<Mistake>, CdiSpec> => {
  const outcome = CdiDocument.decode(document, file)
  if (E.isLeft(outcome)) return outcome
  const { kind, devices, containerEdits } = outcome.right
  const wrong = [...versionMistakes(outcome.right, file), ...deviceMistakes(devices, file)]
  if (wrong.length > 0) return E.left(wrong)
  return E.right({
    kind,
    devices: devices.map((one, i) => ({
      name: one.name,
      edits: editsOf(one.containerEdits, file, `devices[${String(i)}].containerEdits.`)
    })),
    edits: editsOf(containerEdits, file, 'containerEdits.')
  })
}

const deviceMistakes = (devices: ReadonlyArray<CdiDocument.DeviceDocument>, file: string): ReadonlyArray<Mistake> => {
  if (devices.length === 0) return [{ at: `${file} devices`, reason: 'must name at least one device' }]
  const first = new Map(devices.map(({ name }, i) => [name, i] as const).reverse())
  return devices.flatMap(({ name, containerEdits }, i) => {
    const at = `${file} devices[${String(i)}]`
    const before = first.get(name)
    return [
      ...(before === i ? [] : [{ at: `${at}.name`, reason: `is the name of devices[${String(before)}] too` }]),
      ...(isEmpty(containerEdits) ? [{ at: `${at}.containerEdits`, reason: 'must hold at least one edit' }] : [])
    ]
  })
}

const isEmpty = (edits: CdiDocument.EditsDocument | undefined): boolean =>
  Object.values<unknown>(edits ?? {}).every((value) =>
    value === undefined || value === null || (Array.isArray(value) && value.length === 0))

const editsOf = (edits: CdiDocument.EditsDocument | undefined, file: string, under: string): ContainerEdits => ({
  env: edits?.env ?? [],
  devices: (edits?.deviceNodes ?? []).map(deviceOf),
  mounts: (edits?.mounts ?? []).map(({ hostPath, containerPath, type, options }) =>
    ({ source: hostPath, destination: containerPath, type: type ?? '', options: options ?? [] })),
  hooks: (edits?.hooks ?? []).map(({ hookName, ...hook }) => ({ stage: hookName, hook: hookOf(hook) })),
  // The spec ignores group 0.
  additionalGids: (edits?.additionalGids ?? []).filter((gid) => gid !== 0),
  unsupported: edits === undefined ? [] : unsupportedOf(edits, file, under)
})

const deviceOf = ({ path, hostPath = '', type = '', major = 0, minor = 0, fileMode, permissions = '', uid, gid }:
  NonNullable<CdiDocument.EditsDocument['deviceNodes']>[number]): CdiDevice => ({
  path,
  hostPath: hostPath === '' ? path : hostPath,
  ...(type === '' ? {} : { type }),
  ...(major === 0 ? {} : { major, minor }),
  ...(fileMode === undefined ? {} : { fileMode }),
  ...(uid === undefined ? {} : { uid }),
  ...(gid === undefined ? {} : { gid }),
  permissions: lettersOf(permissions)
})

const lettersOf = (permissions: string): string => {
  if (permissions === '') return 'rwm'
  return permissions === 'none' ? '' : permissions
}

type HookDocument = Omit<NonNullable<CdiDocument.EditsDocument['hooks']>[number], 'hookName'>

const hookOf = ({ path, args, env, timeout }: HookDocument): Hook => ({
  path,
  ...(args === undefined ? {} : { args }),
  ...(env === undefined ? {} : { env }),
  ...(timeout === undefined ? {} : { timeout })
})

const unsupportedOf = (edits: CdiDocument.EditsDocument, file: string, under: string): ReadonlyArray<Mistake> => {
  const listed = (['deviceNodes', 'mounts', 'hooks'] as const).flatMap((key) =>
    (edits[key] ?? []).flatMap((one, i) => unknownFields(one, ITEMS[key], file, `${under}${key}[${String(i)}].`)))
  return [
    ...unknownFields(edits, CdiDocument.edits, file, under),
    ...listed,
    ...(edits.intelRdt === undefined ? [] : [{ at: `${file} ${under}intelRdt`, reason: NO_RDT }]),
    ...((edits.netDevices ?? []).length === 0 ? [] : [{ at: `${file} ${under}netDevices`, reason: NO_NET_DEVICES }])
  ]
}

const NO_RDT = 'wants Intel RDT (resctrl) classes, which this driver does not set'
const NO_NET_DEVICES = 'wants network devices moved into the container, which this driver does not do'

const ITEMS = { deviceNodes: CdiDocument.deviceNode, mounts: CdiDocument.mount, hooks: CdiDocument.hook }
