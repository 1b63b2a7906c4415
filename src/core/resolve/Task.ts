import * as NEA from 'fp-ts/NonEmptyArray'

import { Device, User } from '../domain/Oci'
import { Secret } from '../domain/Secret'
import { HostFacts } from './Facts'

/** Where a mount comes from. The job cannot take the place of what Nomad mounts; it can of what the driver adds (resolv.conf). */
export type MountOrigin = 'task' | 'nomad' | 'driver'

/** A mount with nothing left to look up. `ensure` is a host directory that has to be made first (a named volume). */
export interface TaskMount {
  readonly destination: string
  readonly type: 'bind' | 'tmpfs'
  readonly source: string
  readonly options: ReadonlyArray<string>
  readonly origin: MountOrigin
  readonly at: string
  readonly ensure: boolean
}

export interface TaskDevice {
  readonly node: Device
  readonly access: string
}

/** The network of a task. A netns that Nomad made is joined; without any, the container gets one with only a loopback. */
export type TaskNetwork =
  | { readonly _tag: 'Host' }
  | { readonly _tag: 'Join'; readonly netns: string }
  | { readonly _tag: 'Isolated' }

/** Limits of the container's cgroup. `memoryLimitBytes` -1 is no limit, `memoryReservationBytes` 0 is none, `cpus` "" is every core. */
export interface Limits {
  readonly cpuShares: number
  readonly cpus: string
  readonly memoryLimitBytes: number
  readonly memoryReservationBytes: number
}

/** Request and Facts with nothing left to decide: what `compile` writes down as a spec. */
export interface Task {
  readonly owner: string
  readonly containerId: string
  readonly image: { readonly name: string; readonly digest: string; readonly chainId: string }
  readonly args: NEA.NonEmptyArray<string>
  readonly env: Readonly<Record<string, Secret>>
  readonly cwd: string
  readonly user: User
  readonly hostname: string
  readonly readonlyRootfs: boolean
  readonly mounts: ReadonlyArray<TaskMount>
  readonly devices: ReadonlyArray<TaskDevice>
  readonly network: TaskNetwork
  readonly limits: Limits
  readonly cgroupsPath: string
  readonly stopSignal: number
  readonly stdout: string
  readonly stderr: string
  readonly labels: Readonly<Record<string, string>>
  readonly runtime: string
  readonly snapshotter: string
  readonly host: HostFacts
}
