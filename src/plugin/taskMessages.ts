import { Handle } from '../driver/Handle'
import { Inspected } from '../driver/inspect'
import { End } from '../driver/Life'
import {
  ExitResult, InspectTaskResponse, NetworkOverride, TaskState, WaitTaskResponse
} from '../generated/nomad/driver'

const resultOf = ({ exit }: End): ExitResult => ({
  exitCode: exit.code,
  signal: exit.signal,
  oomKilled: exit.oomKilled
})

const OOM_KILLED = 'OOM Killed: the kernel ended the task because it needed more memory than it may have; '
  + 'to give it more, raise memory or memory_max in its resources'

const NO_RESULT: ExitResult = { exitCode: 0, signal: 0, oomKilled: false }

/**
 * The end of a task, or that the wait was cancelled. The result is always there: Nomad before 1.11.3 crashes without.
 */
export const toWaited = (end: End | undefined): WaitTaskResponse =>
  end === undefined
    ? { result: NO_RESULT, err: 'the wait was cancelled' }
    : { result: resultOf(end), err: end.exit.oomKilled ? OOM_KILLED : end.error }

// Go's zero time: how an unset timestamp is written on this wire.
const NEVER = new Date(-62_135_596_800_000)

/** All that is known of a task. Every message in it is set: Nomad's client crashes on an absent one. */
export const toInspected = ({ id, name, handle, end }: Inspected): InspectTaskResponse => ({
  task: {
    id,
    name,
    state: end === undefined ? TaskState.RUNNING : TaskState.EXITED,
    startedAt: new Date(handle.startedAtMs),
    completedAt: end === undefined ? NEVER : new Date(end.exit.atMs),
    result: end === undefined ? NO_RESULT : resultOf(end)
  },
  driver: { attributes: { container_id: handle.containerId, namespace: handle.namespace } },
  networkOverride: networkOf(handle)
})

/** The network that the driver made, if any: by it Nomad registers services and checks. */
export const networkOf = ({ network }: Handle): NetworkOverride | undefined =>
  network === undefined
    ? undefined
    : { addr: network.ip, portMap: network.portMap, autoAdvertise: network.autoAdvertise }
