import { setMaxListeners } from 'node:events'

import { Mark } from '../../../src/core/domain/mark'
import { Act } from '../../../src/core/plan/Step'
import { VirtualClock } from '../VirtualClock'
import type { ExecState, PipesState } from './execs'
import type { Joined } from './networks'
import { Process } from './Process'

/** Keeps what is made under it from the collector until it is released or expires. */
export interface Lease {
  readonly owner: string
  readonly expiresAtMs: number
  /** Keys of snapshots and digests of content. */
  readonly holds: Set<string>
}

export interface Snapshot {
  /** Empty for a layer of an image, which belongs to nobody. */
  readonly owner: string
  readonly parent: string
}

export interface Record {
  readonly owner: string
  readonly snapshotter: string
  readonly key: string
  readonly args: ReadonlyArray<string>
  readonly sources: ReadonlyArray<string>
  readonly labels: Act<'CreateContainer'>['labels']
  /** The network namespace that it was to be in, where a file holds one. */
  readonly netns?: string
  /** What was asked for; undefined for one that was there before. */
  readonly asked?: Act<'CreateContainer'>
  exit?: string
}

export interface Task {
  readonly owner: string
  readonly process: Process
  /** Fires when the shim that holds it is killed. */
  readonly shim: AbortController
  /** Where its output goes. */
  readonly output: Pick<Act<'CreateTask'>, 'stdout' | 'stderr' | 'terminal'>
}

/** One process that ever was the first of a task: what its task's end is judged by. */
export interface Lived {
  readonly owner: string
  readonly container: string
  readonly process: Process
  /** Whether containerd has forgotten how it ended. */
  isForgotten: boolean
}

/** What a registry has, and how long it takes to bring it, one layer after the other. */
export interface Offered extends Stored {
  readonly takesMs: number
  /** How long the registry thinks about who may have it. */
  readonly thinksMs?: number
  /** The directory of hosts.toml files that leads to it (any when left out), and how long it is silent in the midst of it. */
  readonly hosts?: string
  readonly silentMs?: number
}

/** An image in the content store: what it is for (anything when left out), its layers (one), and how long it takes to unpack them. */
export interface Stored {
  readonly digest: string
  readonly chainId: string
  readonly bytes: number
  readonly platform?: string
  readonly layers?: number
  readonly unpacksInMs?: number
  /** Of one that a task brought along: whose it is. */
  readonly owner?: string
  /** Of one that the driver pulled: for which agent, and when it was last noted in use. */
  readonly pulled?: { readonly node: string; readonly usedAtMs: number }
}

/** An image in a file of a task's. */
export interface Archived extends Stored {
  readonly transport: string
  readonly named: string
  readonly takesMs: number
}

/** What the verifiers of a directory say: which digests they let nobody have, and how long the slowest of them thinks. */
export interface Verifiers {
  readonly count: number
  readonly refuses: Set<string>
  readonly takesMs: number
}

/** A host with a containerd. Snapshots are by snapshotter and key (`keyOf`). */
export interface State {
  readonly clock: VirtualClock
  readonly leases: Map<string, Lease>
  readonly snapshots: Map<string, Snapshot>
  readonly containers: Map<string, Record>
  readonly tasks: Map<string, Task>
  /** Every process that there was, the oldest first. */
  readonly lived: Array<Lived>
  readonly images: Map<string, Stored>
  /** The snapshots that a blob keeps, by its digest. */
  readonly content: Map<string, Set<string>>
  /** Files that were written for containers, by path. */
  readonly files: Map<string, { readonly owner: string; readonly text: string }>
  /** Places of containers at which something of the host is bound, by path. */
  readonly pins: Map<string, Pick<Act<'PinSource'>, 'source' | 'kind' | 'recursive'> & { readonly owner: string }>
  /** Network namespaces of tasks, by their files. */
  readonly namespaces: Map<string, { readonly owner: string }>
  /** Containers in networks. */
  readonly networks: Map<string, Joined>
  /** Processes beside a task's own, by container and name. */
  readonly execs: Map<string, ExecState>
  /** Every such process that was started, the oldest first. */
  readonly ran: Array<Pick<ExecState, 'owner' | 'args' | 'process'>>
  /** The named pipes of such processes, by their directory. */
  readonly streams: Map<string, PipesState>
  readonly directories: Set<string>
  /** What the things of an owner carry beside it. */
  readonly marks: Map<string, Mark>
  /** Directories of allocations that Nomad has removed. */
  readonly removed: Set<string>
  /** What a firewall lets pass, for all. */
  readonly rules: Set<string>
  /** Paths at which somebody put a link. */
  readonly links: Set<string>
  /** FIFOs that Nomad made. */
  readonly pipes: Set<string>
  /** FIFOs that somebody reads. */
  readonly readers: Set<string>
  readonly registry: Map<string, Offered>
  /** Files with images, by path. */
  readonly archives: Map<string, Archived>
  /** Verifiers of images, by their directory. */
  readonly verifiers: Map<string, Verifiers>
  /** Fires when containerd goes down or cuts its streams; another takes its place. */
  connections: AbortController
  isUp: boolean
  isFull: boolean
  collectionIsDue: boolean
}

/** What many wait for, as many as there are. */
export const crowd = (): AbortController => {
  const one = new AbortController()
  setMaxListeners(0, one.signal)
  return one
}

export const State = (clock: VirtualClock): State => ({
  clock,
  leases: new Map(),
  snapshots: new Map(),
  containers: new Map(),
  tasks: new Map(),
  lived: [],
  images: new Map(),
  content: new Map(),
  files: new Map(),
  pins: new Map(),
  namespaces: new Map(),
  networks: new Map(),
  execs: new Map(),
  ran: [],
  streams: new Map(),
  directories: new Set(),
  marks: new Map(),
  removed: new Set(),
  rules: new Set(),
  links: new Set(),
  pipes: new Set(),
  readers: new Set(),
  registry: new Map(),
  archives: new Map(),
  verifiers: new Map(),
  connections: crowd(),
  isUp: true,
  isFull: false,
  collectionIsDue: false
})

export const keyOf = ({ snapshotter, key }: { readonly snapshotter: string; readonly key: string }): string => `${snapshotter} ${key}`

/** The task of a container. containerd finds none whose container record is gone, although it runs. */
export const taskOf = (state: State, container: string): Task | undefined =>
  state.containers.has(container) ? state.tasks.get(container) : undefined

/** Processes that are alive and that no task leads to. */
const astray = ({ lived, tasks }: State): ReadonlyArray<Lived> =>
  lived.filter(({ container, process }) => process.ended() === undefined && tasks.get(container)?.process !== process)

/** What is there, by kind and name, with its owner: `shared` where it belongs to all. */
export const thingsIn = (state: State): ReadonlyArray<readonly [string, string]> => {
  const owned = <A>(kind: string, of: ReadonlyMap<string, A>, ownerOf: (one: A) => string): ReadonlyArray<readonly [string, string]> =>
    [...of].map(([name, one]) => [`${kind} ${name}`, ownerOf(one)])
  return [
    ...owned('lease', state.leases, ({ owner }) => owner),
    ...owned('snapshot', state.snapshots, ({ owner }) => owner || 'shared'),
    ...owned('container', state.containers, ({ owner }) => owner),
    ...owned('task', state.tasks, ({ owner }) => owner),
    ...astray(state).map(({ container, owner }) => [`process ${container}`, owner] as const),
    ...owned('image', state.images, ({ owner = 'shared' }) => owner),
    ...owned('file', state.files, ({ owner }) => owner),
    ...owned('pin', state.pins, ({ owner }) => owner),
    ...owned('namespace', state.namespaces, ({ owner }) => owner),
    ...owned('network', state.networks, ({ owner }) => owner),
    ...owned('exec', state.execs, ({ owner }) => owner),
    ...owned('pipes', state.streams, ({ owner }) => owner),
    ...[...state.directories].map((path) => [`directory ${path}`, 'shared'] as const)
  ]
}
