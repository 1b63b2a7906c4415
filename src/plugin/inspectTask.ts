import { ExitResult, InspectTaskResponse, TaskState, WaitTaskResponse } from '../generated/nomad/driver'
import { aborted } from './handlers'
import { PluginState } from './PluginState'
import { notFound } from './Refusal'
import { Ending, TaskRecord } from './TaskRecord'

const resultOf = ({ exit }: Ending): ExitResult => ({ exitCode: exit.code, signal: exit.signal, oomKilled: exit.oomKilled })

const known = (state: PluginState, id: string): TaskRecord => {
  const task = state.tasks.get(id)
  if (task === undefined) throw notFound()
  return task
}

/** WaitTask: blocks until the task ends; answers at once when it has. The result is always there: Nomad before 1.11.3 crashes without. */
export const waitTask = async (state: PluginState, id: string, cancelled: AbortSignal): Promise<WaitTaskResponse> => {
  const ending = await Promise.race([known(state, id).ended, aborted(cancelled)])
  if (ending === undefined) return { result: { exitCode: 0, signal: 0, oomKilled: false }, err: 'the wait was cancelled' }
  return { result: resultOf(ending), err: ending.exit.oomKilled ? 'OOM Killed' : ending.error }
}

// Go's zero time: how an unset timestamp is written on this wire.
const NEVER = new Date(-62_135_596_800_000)
const NO_RESULT: ExitResult = { exitCode: 0, signal: 0, oomKilled: false }

/** InspectTask: all that is known of a task. Every message in it is set: Nomad's client crashes on an absent one. */
export const inspectTask = (state: PluginState, id: string): InspectTaskResponse => {
  const { config, state: stored } = known(state, id)
  const ending = known(state, id).ending()
  return {
    task: {
      id,
      name: config.name,
      state: ending === undefined ? TaskState.RUNNING : TaskState.EXITED,
      startedAt: new Date(stored.startedAtMs),
      completedAt: ending === undefined ? NEVER : new Date(ending.exit.atMs),
      result: ending === undefined ? NO_RESULT : resultOf(ending)
    },
    driver: { attributes: { container_id: stored.containerId, namespace: stored.namespace } },
    networkOverride: undefined
  }
}
