import * as E from 'fp-ts/Either'

import { Failure } from '../../../src/core/domain/Failure'
import { Do } from '../../../src/core/plan/Step'
import { Undo } from '../../../src/core/plan/Undo'
import { execsOf } from './execs'
import { State, taskOf } from './State'

/** How long containerd takes to end what a dead shim held. */
const CLEAN_MS = 100

/** The shim of a task is killed. What it held runs on until containerd sees that, which may be after its next start. */
export const killShim = (state: State, container: string): void => {
  const task = state.tasks.get(container)
  if (task === undefined || task.shim.signal.aborted) return
  task.shim.abort()
  void state.clock.sleep(CLEAN_MS).then(() => { if (state.isUp) cleanShims(state) })
}

/** containerd kills what a dead shim held, and forgets the task with its commands. */
export const cleanShims = (state: State): void => {
  for (const [container, { process, shim }] of state.tasks) {
    if (!shim.signal.aborted) continue
    process.die()
    forgetTask(state, container)
  }
}

/** Forgets a task with its commands, which end with it. */
export const forgetTask = (state: State, container: string): void => {
  state.tasks.delete(container)
  for (const [name, { process }] of execsOf(state, container)) {
    process.die()
    state.execs.delete(name)
  }
}

const OF_SHIM: ReadonlyArray<(Do | Undo)['_tag']> =
  ['StartTask', 'SendSignal', 'InspectMounts', 'CreateExec', 'StartExec', 'ResizeExec', 'CloseInput', 'DeleteExec']

/** What is answered of a task whose shim died, until that was cleaned up. */
export const withoutShim = (state: State, what: Do | Undo, owner: string): E.Either<Failure, never> | undefined =>
  OF_SHIM.includes(what._tag) && 'container' in what && isShimDead(state, what.container) && state.containers.get(what.container)?.owner === owner
    ? E.left(Failure('Unknown', `${what._tag} ${what.container}`, 'ttrpc: closed'))
    : undefined

const CLEANED_MS = 10_000
const LOOK_EVERY_MS = 50

/** Waits until containerd has ended what a dead shim held. Undefined where no shim is dead. */
export const cleanedUp = async (state: State, container: string): Promise<E.Either<Failure, void> | undefined> => {
  const untilMs = state.clock.now() + CLEANED_MS
  if (!isShimDead(state, container)) return undefined
  while (isShimDead(state, container) && state.clock.now() < untilMs) await state.clock.sleep(LOOK_EVERY_MS)
  return isShimDead(state, container) ? E.left(Failure('Unknown', `kill ${container}`, 'ttrpc: closed')) : E.right(undefined)
}

export const isShimDead = (state: State, container: string): boolean => taskOf(state, container)?.shim.signal.aborted === true
