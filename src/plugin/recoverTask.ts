import { status } from '@grpc/grpc-js'
import * as E from 'fp-ts/Either'

import { Failure } from '../core/domain/Failure'
import { EXIT, OWNER } from '../core/domain/labels'
import { exitOf, fromLabel } from '../core/watch/exitOf'
import { Observed, recoverOf } from '../core/watch/recoverOf'
import { Containerd } from '../effects/containerd/Containerd'
import * as containers from '../effects/containerd/containers'
import { oomKilled } from '../effects/containerd/metrics'
import * as tasks from '../effects/containerd/tasks'
import { Status } from '../generated/containerd/tasks'
import { TaskHandle } from '../generated/nomad/driver'
import { decode } from './driverState'
import { PluginState } from './PluginState'
import { ofFailure, Refusal } from './Refusal'
import { endedTask, watchTask } from './watchTask'

/** RecoverTask: finds a task again from its handle. One that ended meanwhile is recovered too, with its exit. */
export const recoverTask = async (state: PluginState, handle: TaskHandle | undefined): Promise<void> => {
  const config = handle?.config
  if (handle === undefined || config === undefined) throw new Refusal(status.INVALID_ARGUMENT, 'the handle holds no task')
  if (state.tasks.has(config.id)) return
  const stored = decode(handle.driverState)
  if (stored === undefined) throw new Refusal(status.INVALID_ARGUMENT, 'the handle was written by another driver, or by a newer version of this one')
  const containerd = state.containerd(stored.address, stored.namespace)
  const observed = await observe(containerd, stored.containerId)
  if (E.isLeft(observed)) throw ofFailure(observed.left)
  const recovery = recoverOf(config.id, observed.right)
  switch (recovery._tag) {
    case 'Adopt':
      state.tasks.set(config.id, watchTask(containerd, config, stored))
      return
    case 'Exited':
      state.tasks.set(config.id, endedTask(containerd, config, stored, recovery.exit))
      return
    case 'Gone':
      throw new Refusal(status.NOT_FOUND, `the task cannot be recovered: ${recovery.because}`)
  }
}

/** What containerd knows of a container and its task. */
const observe = async (containerd: Containerd, id: string): Promise<E.Either<Failure, Observed>> => {
  const container = await containers.get(containerd, id)()
  if (E.isLeft(container)) return container
  if (container.right === undefined) return E.right({ _tag: 'Absent' })
  const owner = container.right.labels[OWNER] ?? ''
  const task = await tasks.get(containerd, id)()
  if (E.isLeft(task)) return task
  if (task.right === undefined) return E.right({ _tag: 'Unknown', owner, label: fromLabel(container.right.labels[EXIT] ?? '') })
  const { status: now, exitStatus, exitedAt } = task.right
  return now === Status.STATUS_STOPPED
    ? E.right({ _tag: 'Ended', owner, exit: exitOf(exitStatus, await oomKilled(containerd, id), tasks.toMs(exitedAt)) })
    : E.right({ _tag: 'Running', owner })
}
