import * as TE from 'fp-ts/TaskEither'

import { Failure } from '../../core/domain/Failure'
import { Do, Undo } from '../../core/plan/Step'
import { removeFile } from '../generatedFile'
import { pull } from '../image/pull'
import { unpackImage } from '../image/unpack'
import { Machine, Materials } from '../Machine'
import { performOnHost } from '../performOnHost'
import { unpinSource } from '../pinnedSource'
import { checkAccess } from '../registry/checkAccess'
import { Containerd } from './Containerd'
import * as containers from './containers'
import * as leases from './leases'
import * as snapshots from './snapshots'
import * as tasks from './tasks'

/** The real machine: every act is one call of containerd's API, or a few. */
export const machine = (containerd: Containerd): Machine => ({
  perform: (act, owner, materials) => perform(containerd, act, owner, materials),
  revert: (undo, owner) => revert(containerd, undo, owner)
})

const perform = (containerd: Containerd, act: Do, owner: string, materials: Materials): TE.TaskEither<Failure, void> => {
  switch (act._tag) {
    case 'HoldLease':
      return leases.hold(containerd, act.lease, owner, act.expiresInSeconds)
    case 'ReleaseLease':
      return leases.release(containerd, act.lease)
    case 'CheckAccess':
    case 'PullImage':
    case 'UnpackImage':
      return fetch(containerd, act, materials)
    case 'MakeDirectory':
    case 'WriteFile':
    case 'PinSource':
    case 'InspectPaths':
    case 'InspectMounts':
      return performOnHost(containerd, act, materials)
    case 'PrepareSnapshot':
      return snapshots.prepare(containerd, act, act.parent, owner, act.lease)
    case 'CreateContainer':
      return createContainer(containerd, act, materials)
    case 'CreateTask':
      return createTask(containerd, act)
    case 'StartTask':
      return tasks.start(containerd, act.container)
    case 'SendSignal':
      return tasks.kill(containerd, act.container, act.signal)
    case 'AwaitExit':
      return awaitExit(containerd, act)
  }
}

const createContainer = (
  containerd: Containerd, { container, lease }: Extract<Do, { readonly _tag: 'CreateContainer' }>, { compiled }: Materials
): TE.TaskEither<Failure, void> =>
  compiled === undefined
    ? TE.left(Failure('Invalid', `create container ${container}`, 'the plan was run without what it was compiled from'))
    : containers.create(containerd, compiled, lease)

type Fetching = Extract<Do, { readonly _tag: 'CheckAccess' | 'PullImage' | 'UnpackImage' }>

const fetch = (containerd: Containerd, act: Fetching, { ends, login }: Materials): TE.TaskEither<Failure, void> => {
  switch (act._tag) {
    case 'CheckAccess':
      return checkAccess({ ...act, ends, login })
    case 'PullImage':
      return pull(containerd, { ...act, ends, login })
    case 'UnpackImage':
      return unpackImage(containerd, { ...act, ends })
  }
}

const createTask = (containerd: Containerd, act: Extract<Do, { readonly _tag: 'CreateTask' }>): TE.TaskEither<Failure, void> =>
  TE.chain((mounts: Parameters<typeof tasks.create>[2]) => tasks.create(containerd, act.container, mounts, act.stdout, act.stderr, act.terminal))(
    snapshots.mounts(containerd, act)
  )

const awaitExit = (containerd: Containerd, act: Extract<Do, { readonly _tag: 'AwaitExit' }>): TE.TaskEither<Failure, void> =>
  TE.chain((ended: boolean) => (ended ? TE.right(undefined) : tasks.killAndWait(containerd, act.container, act.thenSignal)))(
    tasks.endsWithin(containerd, act.container, act.withinMs)
  )

const revert = (containerd: Containerd, undo: Undo, owner: string): TE.TaskEither<Failure, void> => {
  switch (undo._tag) {
    case 'DropLease':
      return leases.drop(containerd, undo.lease, owner)
    case 'RemoveSnapshot':
      return snapshots.removeOwn(containerd, undo, owner)
    case 'DeleteContainer':
      return containers.removeOwn(containerd, undo.container, owner)
    case 'DeleteTask':
      return containers.ifOwn(containerd, undo.container, owner, tasks.remove(containerd, undo.container))
    case 'KillTask':
      return containers.ifOwn(containerd, undo.container, owner, tasks.killAndWait(containerd, undo.container))
    case 'RemoveFile':
      return removeFile(undo.path)
    case 'UnpinSource':
      return unpinSource(undo.path)
    case 'Keep':
      return TE.right(undefined)
  }
}
