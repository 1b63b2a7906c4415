import { status } from '@grpc/grpc-js'
import * as E from 'fp-ts/Either'

import { OWNER } from '../core/domain/labels'
import { clean } from '../core/domain/path'
import { numberOf } from '../core/domain/Signal'
import { planStop } from '../core/plan/plans'
import { Undo } from '../core/plan/Step'
import * as explain from '../core/report/explain'
import * as containers from '../effects/containerd/containers'
import { machine } from '../effects/containerd/machine'
import * as tasks from '../effects/containerd/tasks'
import { execute, revertAll } from '../effects/execute'
import { Duration } from '../generated/google/protobuf/duration'
import { log } from './log'
import { PluginState } from './PluginState'
import { notFound, ofFailure, ofReport, Refusal } from './Refusal'

const signalNumber = (name: string): number => {
  const number = numberOf(name)
  if (number === undefined) {
    throw new Refusal(status.INVALID_ARGUMENT, `failed to parse signal: invalid signal ${JSON.stringify(name)} - use a name such as SIGTERM, SIGHUP or SIGUSR1`)
  }
  return number
}

const toMs = (duration: Duration | undefined): number =>
  duration === undefined ? 0 : Number(duration.seconds) * 1000 + duration.nanos / 1e6

/** StopTask: the signal, SIGKILL when the time is up; returns as soon as the task has ended. A task that is gone is stopped. */
export const stopTask = async (state: PluginState, id: string, timeout: Duration | undefined, signal: string): Promise<void> => {
  const task = state.tasks.get(id)
  const number = signal === '' ? undefined : signalNumber(signal)
  if (task === undefined || task.ending() !== undefined) return
  const plan = planStop(id, task.state.containerId, number ?? task.state.stopSignal, toMs(timeout))
  const report = await execute(machine(task.containerd), plan)
  // A signal that could not be sent does not matter to a task that has ended all the same.
  if (report._tag === 'RolledBack' && report.step === plan.steps.at(-1)?.id) throw ofReport(report)
  await task.ended
}

/** SignalTask: one signal to the task's first process. */
export const signalTask = async (state: PluginState, id: string, signal: string): Promise<void> => {
  const task = state.tasks.get(id)
  const number = signalNumber(signal)
  if (task === undefined) throw notFound()
  if (task.ending() !== undefined) throw new Refusal(status.FAILED_PRECONDITION, 'the task has ended; it takes no signal')
  const outcome = await tasks.kill(task.containerd, task.state.containerId, number)()
  if (E.isLeft(outcome)) throw ofFailure(outcome.left)
}

/** DestroyTask: runs the undos of the start plan. A running task only with `force`. One that nobody knows is looked for by its label. */
export const destroyTask = async (state: PluginState, id: string, force: boolean): Promise<void> => {
  const task = state.tasks.get(id)
  if (task === undefined) return destroyUnknown(state, id)
  if (task.ending() === undefined && !force) {
    throw new Refusal(status.FAILED_PRECONDITION, 'cannot destroy running task: stop it first, or set force')
  }
  const leftovers = await revertAll(machine(task.containerd), id, task.state.undos)
  if (leftovers.length > 0) {
    throw new Refusal(status.UNKNOWN, leftovers.map(({ undo, failure }) => `${undo._tag}: ${explain.failure(failure)}`).join('; '))
  }
  task.unwatch()
  state.tasks.delete(id)
}

const destroyUnknown = async (state: PluginState, id: string): Promise<void> => {
  const { address, namespace, state_dir: stateDir } = state.configured().config
  const containerd = state.containerd(address, namespace)
  const found = await containers.withLabel(containerd, OWNER, id)()
  if (E.isLeft(found)) {
    log('warn', 'could not look for what an unknown task left', { task: id, detail: found.left.detail })
    return
  }
  for (const record of found.right) {
    const { id: container, snapshotter, snapshotKey } = record
    const files = containers.sourcesOf(record).filter((source) => source.startsWith(`${clean(stateDir)}/${container}/`))
    const isPin = (source: string): boolean => source.startsWith(`${clean(stateDir)}/${container}/mounts/`)
    const undos: ReadonlyArray<Undo> = [
      { _tag: 'KillTask', container }, { _tag: 'DeleteTask', container }, { _tag: 'DeleteContainer', container },
      { _tag: 'RemoveSnapshot', snapshotter, key: snapshotKey }, ...files.map((path): Undo => ({ _tag: isPin(path) ? 'UnpinSource' : 'RemoveFile', path }))
    ]
    await revertAll(machine(containerd), id, undos)
  }
}
