import { Spec } from '../domain/Oci'

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
  readonly image: { readonly name: string; readonly digest: string; readonly chainId: string }
}

/** What must be on the host before the spec's mounts can work, in the order in which it is made. */
export type MountPlan = ReadonlyArray<{ readonly _tag: 'Directory'; readonly path: string; readonly because: string }>

/** The network of the container. `Cni` comes with task networks. */
export type NetworkPlan =
  | { readonly _tag: 'Host' }
  | { readonly _tag: 'Join'; readonly netns: string }
  | { readonly _tag: 'Isolated' }

/** The seccomp filter of the container. Default and custom profiles come with the option `seccomp`. */
export interface SeccompPlan {
  readonly _tag: 'Unconfined'
}

/** Everything that will be true of the container: the spec, and what no OCI spec says. */
export interface Compiled {
  readonly spec: Spec
  readonly container: Container
  readonly io: { readonly stdout: string; readonly stderr: string }
  readonly stop: { readonly signal: number }
  readonly mounts: MountPlan
  readonly network: NetworkPlan
  readonly seccomp: SeccompPlan
}
