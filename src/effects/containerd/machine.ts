import * as TE from 'fp-ts/TaskEither'

import { Failure } from '../../core/domain/Failure'
import { mountsFor, nothing, Output, Outputs, SnapshotMount } from '../../core/plan/Output'
import { Do, Undo } from '../../core/plan/Step'
import { Clock } from '../Clock'
import { removeFile } from '../generatedFile'
import { pull } from '../image/pull'
import { unpackImage } from '../image/unpack'
import { Machine, Materials, Performing, Reverting } from '../Machine'
import { performOnHost } from '../performOnHost'
import { unpinSource } from '../pinnedSource'
import { checkAccess } from '../registry/checkAccess'
import { systemClock } from '../systemClock'
import { Containerd } from './Containerd'
import * as containers from './containers'
import * as leases from './leases'
import * as snapshots from './snapshots'
import * as tasks from './tasks'

/** The real machine: every act is one call of containerd's API, or a few. */
export const machine = (containerd: Containerd, clock: Clock = systemClock): Machine => ({
  perform: (act, how) => perform({ containerd, clock }, act, how),
  revert: (undo, how) => revert({ containerd, clock }, undo, how)
})

interface There {
  readonly containerd: Containerd
  readonly clock: Clock
}

const perform = (there: There, act: Do, how: Performing): TE.TaskEither<Failure, Output> =>
  act._tag === 'PrepareSnapshot' ? prepareSnapshot(there, act, how) : TE.map(() => nothing)(performOther(there, act, how))

const prepareSnapshot = ({ containerd }: There, act: Act<'PrepareSnapshot'>, { owner }: Performing): TE.TaskEither<Failure, Output> =>
  TE.map((mounts: ReadonlyArray<SnapshotMount>): Output => ({ _tag: 'Mounts', mounts }))(
    snapshots.prepare(containerd, act, act.parent, owner, act.lease)
  )

const performOther = (
  { containerd, clock }: There, act: Exclude<Do, Act<'PrepareSnapshot'>>, { owner, materials, outputs, signal, tell }: Performing
): TE.TaskEither<Failure, void> => {
  switch (act._tag) {
    case 'HoldLease':
      return leases.hold(containerd, act.lease, owner, act.expiresInSeconds)
    case 'ReleaseLease':
      return leases.release(containerd, act.lease)
    case 'CheckAccess':
    case 'PullImage':
    case 'UnpackImage':
      return fetch(containerd, act, { materials, signal, tell })
    case 'MakeDirectory':
    case 'WriteFile':
    case 'PinSource':
    case 'InspectPaths':
    case 'InspectMounts':
      return performOnHost(containerd, act, materials)
    case 'CreateContainer':
      return createContainer(containerd, act, materials)
    case 'CreateTask':
      return createTask(containerd, act, outputs)
    case 'StartTask':
      return tasks.start(containerd, act.container)
    case 'SendSignal':
    case 'AwaitExit':
      return end(containerd, act, { clock, signal })
  }
}

type Act<Tag extends Do['_tag']> = Extract<Do, { readonly _tag: Tag }>

type Fetching = Act<'CheckAccess' | 'PullImage' | 'UnpackImage'>

interface Fetch extends Pick<Performing, 'materials' | 'signal'> {
  readonly tell: Performing['tell'] | undefined
}

const fetch = (
  containerd: Containerd, act: Fetching, { materials: { login }, signal, tell }: Fetch
): TE.TaskEither<Failure, void> => {
  switch (act._tag) {
    case 'CheckAccess':
      return checkAccess({ ...act, signal, login })
    case 'PullImage':
      return pull(containerd, { ...act, signal, tell, login })
    case 'UnpackImage':
      return unpackImage(containerd, { ...act, signal })
  }
}

const createContainer = (containerd: Containerd, { container, lease }: Act<'CreateContainer'>, { compiled }: Materials): TE.TaskEither<Failure, void> =>
  compiled === undefined
    ? TE.left(Failure('Invalid', `create container ${container}`, 'the plan was run without what it was compiled from'))
    : containers.create(containerd, compiled, lease)

const createTask = (containerd: Containerd, act: Act<'CreateTask'>, outputs: Outputs): TE.TaskEither<Failure, void> =>
  TE.chain((mounts: ReadonlyArray<SnapshotMount>) =>
    tasks.create(containerd, act.container, mounts, act.stdout, act.stderr, act.terminal)
  )(mountsOf(containerd, act, outputs))

const mountsOf = (
  containerd: Containerd, act: Act<'CreateTask'>, outputs: Outputs
): TE.TaskEither<Failure, ReadonlyArray<SnapshotMount>> => {
  const prepared = mountsFor(act, outputs)
  return prepared === undefined ? snapshots.mounts(containerd, act) : TE.right(prepared)
}

const end = (containerd: Containerd, act: Act<'SendSignal' | 'AwaitExit'>, waiting: tasks.Waiting): TE.TaskEither<Failure, void> =>
  act._tag === 'SendSignal' ? tasks.kill(containerd, act.container, act.signal) : awaitExit(containerd, act, waiting)

const awaitExit = (containerd: Containerd, act: Act<'AwaitExit'>, waiting: tasks.Waiting): TE.TaskEither<Failure, void> =>
  TE.chain((ended: boolean) => (ended ? TE.right(undefined) : tasks.killAndWait(containerd, act.container, waiting, act.thenSignal)))(
    tasks.endsWithin(containerd, act.container, act.withinMs, waiting)
  )

const revert = ({ containerd, clock }: There, undo: Undo, { owner, signal }: Reverting): TE.TaskEither<Failure, void> => {
  const waiting = { clock, signal }
  switch (undo._tag) {
    case 'DropLease':
      return leases.drop(containerd, undo.lease, owner)
    case 'RemoveSnapshot':
      return snapshots.removeOwn(containerd, undo, owner)
    case 'DeleteContainer':
      return containers.removeOwn(containerd, undo.container, owner)
    case 'DeleteTask':
      return containers.ifOwn(containerd, undo.container, owner, tasks.remove(containerd, undo.container, waiting))
    case 'KillTask':
      return containers.ifOwn(containerd, undo.container, owner, tasks.killAndWait(containerd, undo.container, waiting))
    case 'RemoveFile':
      return removeFile(undo.path)
    case 'UnpinSource':
      return unpinSource(undo.path)
    case 'Keep':
      return TE.right(undefined)
  }
}
