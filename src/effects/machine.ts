import { dirname } from 'node:path'

import * as E from 'fp-ts/Either'
import { pipe } from 'fp-ts/function'
import * as TE from 'fp-ts/TaskEither'

import { Failure } from '../core/domain/Failure'
import { Mark } from '../core/domain/mark'
import { mountsFrom, nothing, Output, Outputs } from '../core/plan/Output'
import { Act, Do } from '../core/plan/Step'
import { Undo } from '../core/plan/Undo'
import { acceptForwarded } from './cni/acceptForwarded'
import { joinNetwork, leaveNetwork } from './cni/network'
import { Containerd } from './containerd/Containerd'
import * as containers from './containerd/containers'
import * as execs from './containerd/execs'
import { inspectMounts } from './containerd/inspectMounts'
import * as leases from './containerd/leases'
import { shareNamespace } from './containerd/sharedNamespace'
import * as snapshots from './containerd/snapshots'
import * as tasks from './containerd/tasks'
import { removeFile, writeFile } from './host/generatedFile'
import { inspectPaths } from './host/inspectPaths'
import { makeDirectory } from './host/makeDirectory'
import { makeStreams, removeStreams } from './host/makeStreams'
import { fromMarked, inMarked } from './host/markedDirectory'
import { makeNamespace, removeNamespace } from './host/networkNamespace'
import { pinSource, unpinSource } from './host/pinnedSource'
import { PipeStock } from './host/PipeStock'
import { loadImage, ownImage, removeImage } from './image/loadImage'
import { pull } from './image/pull'
import { unpackImage } from './image/unpack'
import { Clock } from './ports/Clock'
import { Machine, Performing, Reverting } from './ports/Machine'
import { systemClock } from './ports/systemClock'
import { checkAccess } from './registry/checkAccess'

/** The real machine: every act is one call of containerd's API, or a few. */
export const machine = (
  containerd: Containerd, clock: Clock = systemClock, stock: PipeStock = PipeStock()
): Machine => {
  const there = { containerd, clock, stock }
  const performers = performersOf(there)
  return {
    perform: (act, how) => async () => {
      const outcome = await (performers[act._tag] as Performer<Do>)(act, how)()
      return E.isLeft(outcome) ? outcome : E.right(outcome.right ?? nothing)
    },
    revert: (undo, how) => revert(there, undo, how)
  }
}

interface There {
  readonly containerd: Containerd
  readonly clock: Clock
  readonly stock: PipeStock
}

/** How one kind of act is done. Most have nothing to tell. */
type Performer<A extends Do> = (
  act: A,
  how: Performing
) => TE.TaskEither<Failure, Output> | TE.TaskEither<Failure, void>

type Performers = { readonly [Tag in Do['_tag']]: Performer<Act<Tag>> }

const performersOf = ({ containerd, clock, stock }: There): Performers => ({
  HoldLease: ({ lease, expiresInSeconds }, { owner, mark }) =>
    leases.hold(containerd, lease, owner, expiresInSeconds, mark),
  ReleaseLease: ({ lease }) => leases.release(containerd, lease),
  CheckAccess: (act, { materials: { logins = {} }, signal }) => checkAccess({ ...act, signal, logins }),
  PullImage: (act, { materials: { logins = {} }, signal, tell }) => pull(containerd, { ...act, signal, tell, logins }),
  LoadImage: (act, { owner, signal, tell }) =>
    loadImage(containerd, act, { owner, signal, ...(tell === undefined ? {} : { tell }) }),
  OwnImage: (act, { owner }) => ownImage(containerd, act, { owner }),
  UnpackImage: (act, { signal }) => unpackImage(containerd, { ...act, signal }),
  MakeNamespace: makeNamespace,
  JoinNetwork: inMarked(({ record }) => dirname(record), joinNetwork),
  AcceptForwarded: acceptForwarded,
  ShareNamespace: (act, { signal }) => shareNamespace({ containerd, clock }, act, { signal }),
  MakeDirectory: makeDirectory,
  WriteFile: inMarked(({ path }) => dirname(path), writeFile),
  PinSource: inMarked(({ path }) => dirname(dirname(path)), pinSource),
  InspectPaths: inspectPaths,
  InspectMounts: (act) => inspectMounts(containerd, act),
  PrepareSnapshot: (act, { owner, mark = {} }) => prepareSnapshot(containerd, { ...act, mark }, owner),
  CreateContainer: (act, { owner, materials }) => containers.create(containerd, act, owner, materials),
  CreateTask: (act, { outputs }) => createTask(containerd, act, outputs),
  StartTask: ({ container }) => tasks.start(containerd, container),
  SendSignal: ({ container, signal }) => tasks.kill(containerd, container, signal),
  AwaitExit: (act, { signal }) => awaitExit(containerd, act, { clock, signal }),
  MakeStreams: inMarked(({ path }) => dirname(path), makeStreams(stock)),
  CreateExec: (act, { owner, learnt, materials }) =>
    execs.create(containerd, act, { owner, clock, learnt }, materials),
  StartExec: (act) => execs.start(containerd, act),
  ResizeExec: (act) => execs.resize(containerd, act),
  CloseInput: (act) => execs.closeInput(containerd, act)
})

const prepareSnapshot = (
  containerd: Containerd,
  act: Act<'PrepareSnapshot'> & { readonly mark: Mark },
  owner: string
): TE.TaskEither<Failure, Output> =>
  pipe(
    snapshots.prepare(containerd, act, owner),
    TE.map((mounts): Output => ({ _tag: 'Mounts', mounts }))
  )

const createTask = (containerd: Containerd, act: Act<'CreateTask'>, outputs: Outputs): TE.TaskEither<Failure, void> => {
  const { container, rootfs, stdout, stderr, terminal } = act
  const mounts = mountsFrom(rootfs, outputs)
  return mounts === undefined
    ? TE.left(Failure('Invalid', `create task ${container}`, `step ${rootfs} has answered no mounts`))
    : tasks.create(containerd, container, mounts, stdout, stderr, terminal)
}

const awaitExit = (
  containerd: Containerd, { container, withinMs, thenSignal }: Act<'AwaitExit'>, waiting: tasks.Waiting
): TE.TaskEither<Failure, void> =>
  pipe(
    tasks.endsWithin(containerd, container, withinMs, waiting),
    TE.chain((ended) => (ended ? TE.right(undefined) : tasks.killAndWait(containerd, container, waiting, thenSignal)))
  )

const revert = (
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
