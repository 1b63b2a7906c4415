import { encode, Handle } from '../driver/Handle'
import { Kept } from '../driver/recover'
import { TaskConfig, TaskHandle, TaskState } from '../generated/nomad/driver'

const HANDLE_VERSION = 1

/**
 * What Nomad keeps of a task. It needs the whole config back: without it a restore is taken for "nothing to recover".
 */
export const toHandle = (config: TaskConfig, handle: Handle): TaskHandle => ({
  version: HANDLE_VERSION, config, state: TaskState.RUNNING, driverState: Buffer.from(encode(handle))
})

/** What Nomad kept of a task; undefined when it names none. */
export const fromHandle = (handle: TaskHandle | undefined): Kept | undefined =>
  handle?.config === undefined
    ? undefined
    : {
        id: handle.config.id,
        name: handle.config.name,
        nodeId: handle.config.nodeId,
        handle: Buffer.from(handle.driverState).toString('utf8')
      }
