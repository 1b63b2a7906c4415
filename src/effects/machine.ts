import { dirname } from 'node:path'

import * as E from 'fp-ts/Either'
import { pipe } from 'fp-ts/function'
import * as TE from 'fp-ts/TaskEither'

import { Failure } from '../core/domain/Failure'
import { NODE } from '../core/domain/labels'
import { Mark } from '../core/domain/mark'
import { mountsFrom, nothing, Output, Outputs } from '../core/plan/Output'
import { Act, Do } from '../core/plan/Step'
import { acceptForwarded } from './cni/acceptForwarded'
import { joinNetwork } from './cni/network'
import { Containerd } from './containerd/Containerd'
import * as containers from './containerd/containers'
import * as execs from './containerd/execs'
import { inspectMounts } from './containerd/inspectMounts'
import * as leases from './containerd/leases'
import { shareNamespace } from './containerd/sharedNamespace'
import * as snapshots from './containerd/snapshots'
import * as tasks from './containerd/tasks'
import { writeFile } from './host/generatedFile'
import { inspectPaths } from './host/inspectPaths'
import { makeDirectory } from './host/makeDirectory'
import { makeStreams } from './host/makeStreams'
import { inMarked } from './host/markedDirectory'
import { makeNamespace } from './host/networkNamespace'
import { pinSource } from './host/pinnedSource'
import { PipeStock } from './host/PipeStock'
import { collectImage, noteUse } from './image/collectImage'
import { loadImage, ownImage } from './image/loadImage'
import { prepareMapped } from './image/mappedSnapshot'
import { pull } from './image/pull'
import { unpackImage } from './image/unpack'
import { verifyImage } from './image/verifyImage'
import { Clock } from './ports/Clock'
import { Machine, Performing } from './ports/Machine'
import { systemClock } from './ports/systemClock'
import { checkAccess } from './registry/checkAccess'
import { revert, There } from './revert'

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

/** How one kind of act is done. Most have nothing to tell. */
type Performer<A extends Do> = (
  act: A,
  how: Performing
) => TE.TaskEither<Failure, Output> | TE.TaskEither<Failure, void>

type Performers = { readonly [Tag in Do['_tag']]: Performer<Act<Tag>> }

type Fetching =
  'HoldLease' | 'ReleaseLease' | 'CheckAccess' | 'PullImage' | 'VerifyImage' | 'LoadImage' | 'OwnImage' | 'UnpackImage'
  | 'NoteUse' | 'CollectImage'

const fetching = ({ containerd }: There): Pick<Performers, Fetching> => ({
  HoldLease: ({ lease, expiresInSeconds }, { owner, mark }) =>
    leases.hold(containerd, lease, owner, expiresInSeconds, mark),
  ReleaseLease: ({ lease }) => leases.release(containerd, lease),
  CheckAccess: (act, { materials: { logins = {} }, signal }) => checkAccess({ ...act, signal, logins }),
  PullImage: (act, { owner, mark = {}, materials: { logins = {} }, signal, tell }) =>
    pull(containerd, { ...act, owner, node: mark[NODE] ?? '', signal, tell, logins }),
  VerifyImage: (act, how) => verifyImage(containerd, act, how),
  LoadImage: (act, how) => loadImage(containerd, act, how),
  OwnImage: (act, { owner }) => ownImage(containerd, act, { owner }),
  UnpackImage: (act, { signal }) => unpackImage(containerd, { ...act, signal }),
  NoteUse: (act) => noteUse(containerd, act),
  CollectImage: (act) => collectImage(containerd, act)
})

const performersOf = (there: There): Performers => {
  const { containerd, clock, stock } = there
  return {
    ...fetching(there),
    MakeNamespace: makeNamespace,
    JoinNetwork: inMarked(({ record }) => dirname(record), joinNetwork),
    AcceptForwarded: acceptForwarded,
    ShareNamespace: (act, { signal }) => shareNamespace({ containerd, clock }, act, { signal }),
    MakeDirectory: makeDirectory,
    WriteFile: inMarked(({ path }) => dirname(path), writeFile),
    PinSource: inMarked(({ path }) => dirname(dirname(path)), pinSource),
    InspectPaths: inspectPaths,
    InspectMounts: (act) => inspectMounts(containerd, act),
    PrepareSnapshot: (act, { mark = {}, ...asking }) => prepareSnapshot(containerd, { ...act, mark }, asking),
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
  }
}

const prepareSnapshot = (
  containerd: Containerd,
  act: Act<'PrepareSnapshot'> & { readonly mark: Mark },
  { owner, signal }: { readonly owner: string; readonly signal: AbortSignal }
): TE.TaskEither<Failure, Output> =>
  pipe(
    act.ids === '' ? snapshots.prepare(containerd, act, owner) : prepareMapped(containerd, act, { owner, signal }),
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
