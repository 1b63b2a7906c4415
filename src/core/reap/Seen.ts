import { Attachment } from '../domain/Cni'
import { ContainerRecord } from '../plan/undosOfRecord'

/** Whose a thing is: Nomad's task id, and the agent that had it made; `""` where it does not say. */
interface Whose {
  readonly owner: string
  readonly node: string
}

/** Whether the directory of an allocation is there; `Unknown` where nothing tells which one it is, or it cannot be seen. */
export type AllocDir = 'There' | 'Gone' | 'Unknown'

/** A container, with the state of its task; `None` where it has none. */
export interface SeenContainer extends Whose {
  readonly record: ContainerRecord
  readonly allocId: string
  readonly task: string
  readonly state: 'None' | 'Created' | 'Running' | 'Ended'
  readonly allocDir: AllocDir
}

export interface SeenSnapshot extends Whose {
  readonly snapshotter: string
  readonly key: string
}

export interface SeenLease extends Whose {
  readonly lease: string
  readonly allocDir: AllocDir
}

/** The driver's own directory of a container: what is in it, what in its `mounts`, and the networks it remembers. */
export interface SeenDirectory extends Whose {
  readonly path: string
  readonly container: string
  readonly names: ReadonlyArray<string>
  readonly pins: ReadonlyArray<string>
  readonly joined: ReadonlyArray<Attachment>
}

/**
 * What there is of the driver's on a host and in a containerd. Directories are all that are below the state directory;
 * of the rest at least all that carries the mark of the agent that is asked about. `spares` are named pipes that belong
 * to no task and whose maker does not run any more, by their paths.
 */
export interface Seen {
  readonly containers: ReadonlyArray<SeenContainer>
  readonly snapshots: ReadonlyArray<SeenSnapshot>
  readonly leases: ReadonlyArray<SeenLease>
  readonly directories: ReadonlyArray<SeenDirectory>
  readonly spares: ReadonlyArray<string>
}
