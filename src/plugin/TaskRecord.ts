import { Exit } from '../core/watch/exitOf'
import { Containerd } from '../effects/containerd/Containerd'
import { TaskConfig } from '../generated/nomad/driver'
import { DriverState } from './driverState'

/** How a task ended. `error` says why its exit is not known. */
export interface Ending {
  readonly exit: Exit
  readonly error: string
}

/** A task that this process knows. It can be lost: all of it is in Nomad's handle and in containerd. */
export interface TaskRecord {
  readonly config: TaskConfig
  readonly state: DriverState
  readonly containerd: Containerd
  /** Resolves once, when the task has ended. */
  readonly ended: Promise<Ending>
  /** The ending, when there is one already. */
  readonly ending: () => Ending | undefined
  /** Stops watching; the task itself goes on. */
  readonly unwatch: () => void
}
