import { Spec } from '../domain/Oci'
import { Inspection, TaskNetwork } from '../resolve/Task'

/** Options of the runc shim (containerd.runc.v1.Options): who owns the pipes of stdout and stderr. */
export type RuntimeOptions =
  | { readonly _tag: 'Runc'; readonly ioUid: number; readonly ioGid: number }
  | { readonly _tag: 'None' }

/** The container record that containerd keeps beside the spec. */
export interface Container {
  readonly id: string
  readonly owner: string
  readonly labels: Readonly<Record<string, string>>
  readonly runtime: { readonly name: string; readonly options: RuntimeOptions }
  readonly snapshotter: string
  /** `isOwn`: the task brought it along, and nobody else has it. */
  readonly image: { readonly name: string; readonly digest: string; readonly chainId: string; readonly isOwn?: true }
}

/**
 * Something that must be on the host before the spec's mounts can work. A file is the container's own; a directory is
 * kept. A pin shows
 * its source at a path of the container's own: the very file or directory that was looked at, whatever a task puts in
 * its place.
 */
export type HostThing =
  | { readonly _tag: 'Directory'; readonly path: string; readonly because: string }
  | {
      readonly _tag: 'File'
      readonly path: string
      readonly text: string
      readonly from?: 'network'
      readonly because: string
    }
  | {
      readonly _tag: 'Pin'
      readonly path: string
      readonly source: string
      readonly kind: 'directory' | 'file'
      readonly recursive: boolean
      readonly because: string
    }

/** In the order in which it is made. */
export type MountPlan = ReadonlyArray<HostThing>

/** The network of the container, as the task has it. */
export type NetworkPlan = TaskNetwork

/** Where the seccomp filter in the spec comes from. */
export type SeccompPlan =
  | { readonly _tag: 'Unconfined' }
  | { readonly _tag: 'Default'; readonly profile: string }
  | { readonly _tag: 'Custom'; readonly path: string; readonly digest: string }

/**
 * What is looked at when the mounts are made and nothing runs yet. `targets` lie inside of what tasks can write: a link
 * there could lead the
 * runtime elsewhere in the container. `pins` are what must stand at a place of the container, by that place: containerd
 * may not see our mounts.
 */
export interface MadeInspection {
  readonly targets: ReadonlyArray<string>
  readonly pins: Readonly<Record<string, string>>
}

/**
 * Everything that will be true of the container: the spec, and what no OCI spec says. With a terminal all output is on
 * stdout.
 */
export interface Compiled {
  readonly spec: Spec
  readonly container: Container
  readonly io: { readonly stdout: string; readonly stderr: string; readonly terminal: boolean }
  readonly stop: { readonly signal: number }
  readonly mounts: MountPlan
  readonly inspection: Inspection & MadeInspection
  readonly network: NetworkPlan
  readonly seccomp: SeccompPlan
}
