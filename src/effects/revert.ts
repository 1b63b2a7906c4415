import { dirname } from 'node:path'

import * as TE from 'fp-ts/TaskEither'

import { Failure } from '../core/domain/Failure'
import { KEPT } from '../core/domain/labels'
import { timeText } from '../core/gc/pulled'
import { Undo } from '../core/plan/Undo'
import { leaveNetwork } from './cni/network'
import { Containerd } from './containerd/Containerd'
import * as containers from './containerd/containers'
import * as execs from './containerd/execs'
import * as leases from './containerd/leases'
import * as snapshots from './containerd/snapshots'
import * as tasks from './containerd/tasks'
import { removeFile } from './host/generatedFile'
import { removeStreams } from './host/makeStreams'
import { fromMarked } from './host/markedDirectory'
import { removeNamespace } from './host/networkNamespace'
import { unpinSource } from './host/pinnedSource'
import { PipeStock } from './host/PipeStock'
import { removeImage } from './image/loadImage'
import { Clock } from './ports/Clock'
import { Reverting } from './ports/Machine'

/** What acts and undos are done with. */
export interface There {
  readonly containerd: Containerd
  readonly clock: Clock
  readonly stock: PipeStock
}

/** Takes back what one act made. */
export const revert = (
  { containerd, clock }: There, undo: Undo, { owner, signal, learnt }: Reverting
): TE.TaskEither<Failure, void> => {
  const how = { owner, clock, signal, learnt }
  switch (undo._tag) {
    case 'DropLease':
      return leases.drop(containerd, undo.lease, owner)
    case 'RemoveSnapshot':
      return snapshots.removeOwn(containerd, undo, owner)
    case 'RemoveImage':
      return removeImage(containerd, undo.image, owner)
    case 'DeleteContainer':
      return containers.removeOwn(containerd, undo.container, how)
    case 'SetAside':
      return containers.ifOwn(containerd, undo.container, how,
        containers.label(containerd, undo.container, KEPT, timeText(clock.now())))
    case 'DeleteTask':
      return containers.ifOwn(containerd, undo.container, how, tasks.remove(containerd, undo.container, how))
    case 'KillTask':
      return containers.ifOwn(containerd, undo.container, how, tasks.endNow(containerd, undo.container, how))
    case 'RemoveNamespace': case 'LeaveNetwork': case 'RemoveFile': case 'UnpinSource': case 'RemoveStreams':
      return revertOnHost(undo)
    case 'KillExec':
      return execs.kill(containerd, undo, how)
    case 'DeleteExec':
      return execs.remove(containerd, undo, how)
    case 'Keep':
      return TE.right(undefined)
  }
}

type Tag = 'RemoveNamespace' | 'LeaveNetwork' | 'RemoveFile' | 'UnpinSource' | 'RemoveStreams'

type OfHost = Extract<Undo, { readonly _tag: Tag }>

/** What containerd knows nothing of lies where only its own container's name leads. */
const revertOnHost = (undo: OfHost): TE.TaskEither<Failure, void> => {
  switch (undo._tag) {
    case 'RemoveNamespace':
      return removeNamespace(undo.path)
    case 'LeaveNetwork':
      return fromMarked(dirname(undo.record), leaveNetwork(undo))
    case 'RemoveFile':
      return fromMarked(dirname(undo.path), removeFile(undo.path))
    case 'UnpinSource':
      return fromMarked(dirname(dirname(undo.path)), unpinSource(undo.path))
    case 'RemoveStreams':
      return fromMarked(dirname(undo.path), removeStreams(undo.path))
  }
}
