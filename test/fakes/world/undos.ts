import * as E from 'fp-ts/Either'

import { Failure } from '../../../src/core/domain/Failure'
import { KEPT } from '../../../src/core/domain/labels'
import { Undo } from '../../../src/core/plan/Undo'
import { Reverting } from '../../../src/effects/ports/Machine'
import { collectSoon } from './collect'
import { killAndWait } from './ending'
import { deleteExec, killExec } from './execs'
import { cleanedUp, forgetTask, isShimDead } from './shims'
import { keyOf, State, taskOf } from './State'

type Outcome = E.Either<Failure, void>

const done: Outcome = E.right(undefined)

/** Takes one thing back, as containerd and the kernel would. */
export const revert = async (state: State, undo: Undo, { owner, signal }: Reverting, isGone: () => boolean): Promise<Outcome> => {
  switch (undo._tag) {
    case 'DropLease':
      return remove(state, state.leases, undo.lease, owner)
    case 'RemoveSnapshot':
      return remove(state, state.snapshots, keyOf(undo), owner)
    case 'RemoveImage':
      if (state.images.get(undo.image)?.owner === owner) state.images.delete(undo.image)
      collectSoon(state)
      return done
    case 'DeleteContainer':
      return remove(state, state.containers, undo.container, owner)
    case 'SetAside':
      return setAside(state, undo.container, owner)
    case 'DeleteTask':
      return deleteTask(state, undo.container, { owner, signal }, isGone)
    case 'KillTask':
      return state.containers.get(undo.container)?.owner === owner ? await cleanedUp(state, undo.container) ?? killAndWait(state, undo.container, signal) : done
    case 'RemoveNamespace':
      state.namespaces.delete(undo.path)
      return done
    case 'LeaveNetwork':
      state.networks.delete(undo.container)
      return done
    case 'RemoveFile':
      state.files.delete(undo.path)
      return done
    case 'UnpinSource':
      state.pins.delete(undo.path)
      return done
    case 'KillExec':
      return killExec(state, undo, { owner, signal })
    case 'DeleteExec':
      return deleteExec(state, undo, owner)
    case 'RemoveStreams':
      return remove(state, state.streams, undo.path, owner)
    case 'Keep':
      return done
  }
}

const setAside = (state: State, container: string, owner: string): Outcome => {
  const record = state.containers.get(container)
  if (record?.owner === owner) state.containers.set(container, { ...record, labels: { ...record.labels, [KEPT]: String(state.clock.now()) } })
  return done
}

const remove = <A extends { readonly owner: string }>(state: State, from: Map<string, A>, name: string, owner: string): Outcome => {
  if (from.get(name)?.owner !== owner) return done
  from.delete(name)
  collectSoon(state)
  return done
}

const deleteTask = async (state: State, container: string, { owner, signal }: Reverting, isGone: () => boolean): Promise<Outcome> => {
  const task = taskOf(state, container)
  if (state.containers.get(container)?.owner !== owner || task === undefined || isShimDead(state, container)) return done
  if (task.process.status() !== 'stopped') {
    const killed = await killAndWait(state, container, signal)
    if (E.isLeft(killed) || isGone()) return killed
  }
  forgetTask(state, container)
  return done
}
