import * as NEA from 'fp-ts/NonEmptyArray'

import { Attachment } from '../domain/Cni'
import { DocumentPath } from '../domain/DocumentPath'
import { Neighbour } from '../domain/Neighbour'
import { Device, Hooks, IdMapping, Rlimit, Seccomp, User } from '../domain/Oci'
import { BlockIO } from '../domain/Resources'
import { Secret } from '../domain/Secret'
import { SelinuxLabels } from './selinux'

/**
 * Where a mount comes from. The job cannot take the place of what Nomad mounts; it can of what the driver adds
 * (resolv.conf).
 */
export type MountOrigin = 'task' | 'nomad' | 'driver' | 'device'

/**
 * The true source of a mount that a task could swap: bound to the mount's own source, a place of the driver's, before
 * it is used.
 */
export interface Pin {
  readonly source: string
  readonly kind: 'directory' | 'file'
}

/**
 * What is looked at once more before root uses it: no component of a path below `below` may be a link, and a stream is
 * root's FIFO.
 */
export interface Inspection {
  readonly below: string
  readonly paths: ReadonlyArray<string>
  readonly streams: ReadonlyArray<string>
}

/** A mount with nothing left to look up. `ensure` is a host directory that has to be made first (a named volume). */
export interface TaskMount {
  readonly destination: string
  readonly type: string
  readonly source: string
  readonly options: ReadonlyArray<string>
  readonly origin: MountOrigin
  readonly at: DocumentPath
  readonly ensure: boolean
  readonly pin: Pin | undefined
}

/** A bind of something that is there and that no task can swap. */
export const boundBy = (origin: MountOrigin, mount: Omit<TaskMount, 'type' | 'origin' | 'ensure' | 'pin'>): TaskMount =>
  ({ ...mount, type: 'bind', origin, ensure: false, pin: undefined })

/**
 * A file that is made for the container, outside of what any container can write. With `from` the text has gaps
 * (`core/domain/gaps`), which are filled by what the network of the task answers when it is joined.
 */
export interface TaskFile {
  readonly path: string
  readonly text: string
  readonly from?: 'network'
  readonly because: string
}

export interface TaskDevice {
  readonly node: Device
  readonly access: string
}

/** A port of the group that is published, as Nomad names it. */
export interface Port {
  readonly label: string
  readonly hostPort: number
  readonly containerPort: number
  readonly hostIp: string
}

/**
 * The network of a task. A netns that Nomad made is joined. `Shared` is another container's, which a file of the task's
 * own holds. `Cni` is one of the task's own that the driver makes:
 * `isAdvertised` where services without a word of it are found under its address, `because` says why the task has it,
 * `bridge` is the driver's own.
 * Without any, the container gets a namespace with only a loopback.
 */
export type TaskNetwork =
  | { readonly _tag: 'Host' }
  | { readonly _tag: 'Join'; readonly netns: string }
  | { readonly _tag: 'Isolated' }
  | { readonly _tag: 'Shared'; readonly of: Neighbour; readonly netns: string; readonly because: string }
  | {
      readonly _tag: 'Cni'
      readonly attachment: Attachment
      readonly ports: ReadonlyArray<Port>
      readonly isAdvertised: boolean
      readonly bridge?: { readonly device: string; readonly subnets: ReadonlyArray<string> }
      readonly because: string
    }

/** Whether the container has a namespace of its own. `none` is an IPC namespace without a /dev/shm. */
export interface TaskNamespaces {
  readonly pid: 'private' | 'host'
  readonly ipc: 'private' | 'host' | 'none'
  readonly uts: 'private' | 'host'
  readonly cgroup: 'private' | 'host'
  readonly user: ReadonlyArray<IdMapping>
}

/**
 * Limits of the container's cgroup, in bytes and microseconds. -1 is no limit, undefined is nothing said, `cpus` "" is
 * every core.
 */
export interface Limits {
  readonly cpuShares: number
  readonly cpuQuota: number | undefined
  readonly cpuPeriod: number | undefined
  readonly cpus: string
  readonly mems: string
  readonly memoryLimitBytes: number
  readonly memoryReservationBytes: number
  readonly memorySwapBytes: number | undefined
  readonly memorySwappiness: number | undefined
  readonly pids: number | undefined
  readonly blockIO: BlockIO
  readonly unified: Readonly<Record<string, string>>
}

/** The filter of system calls, and where it came from. */
export type TaskSeccomp =
  | { readonly _tag: 'Unconfined' }
  | { readonly _tag: 'Default'; readonly profile: string; readonly filter: Seccomp }
  | { readonly _tag: 'Custom'; readonly path: string; readonly digest: string; readonly filter: Seccomp }

/**
 * What the process may do. `sysfs` and `cgroupfs` say whether the container may write /sys and /sys/fs/cgroup;
 * `allDevices`, whether every device is open to it.
 */
export interface Confinement {
  readonly capabilities: ReadonlyArray<string>
  readonly ambient: ReadonlyArray<string>
  readonly noNewPrivileges: boolean
  readonly maskedPaths: ReadonlyArray<string>
  readonly readonlyPaths: ReadonlyArray<string>
  readonly sysfs: 'ro' | 'rw'
  readonly cgroupfs: 'ro' | 'rw'
  readonly allDevices: boolean
  readonly apparmorProfile: string
  readonly selinux: SelinuxLabels | undefined
  readonly seccomp: TaskSeccomp
}

/** Request and Facts with nothing left to decide: what `compile` writes down as a spec. */
export interface Task {
  readonly owner: string
  readonly containerId: string
  /** `isOwn`: the task brought it along, and nobody else has it. */
  readonly image: { readonly name: string; readonly digest: string; readonly chainId: string; readonly isOwn?: true }
  readonly args: NEA.NonEmptyArray<string>
  readonly env: Readonly<Record<string, Secret>>
  readonly cwd: string
  readonly user: User
  readonly terminal: boolean
  readonly rlimits: ReadonlyArray<Rlimit>
  readonly oomScoreAdj: number
  readonly hostname: string
  readonly domainname: string
  readonly readonlyRootfs: boolean
  readonly mounts: ReadonlyArray<TaskMount>
  readonly files: ReadonlyArray<TaskFile>
  readonly inspection: Inspection
  readonly shmSizeBytes: number | undefined
  readonly devices: ReadonlyArray<TaskDevice>
  readonly hooks: Hooks
  readonly network: TaskNetwork
  readonly namespaces: TaskNamespaces
  readonly confinement: Confinement
  readonly sysctl: Readonly<Record<string, string>>
  readonly limits: Limits
  readonly cgroupsPath: string
  readonly stopSignal: number
  readonly stdout: string
  readonly stderr: string
  readonly labels: Readonly<Record<string, string>>
  readonly annotations: Readonly<Record<string, string>>
  readonly runtime: string
  /**
   * Who owns the pipes of stdout and stderr on the host: the user of the process, mapped when it has a namespace of
   * users.
   */
  readonly ioOwner: { readonly uid: number; readonly gid: number }
  readonly snapshotter: string
}
