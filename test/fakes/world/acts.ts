import { isDeepStrictEqual } from 'node:util'

import * as E from 'fp-ts/Either'

import { compact } from '../../../src/core/domain/canonical'
import { digestOf } from '../../../src/core/domain/digest'
import { OWNER } from '../../../src/core/domain/labels'
import { Spec } from '../../../src/core/domain/Oci'
import { mountsFrom, nothing } from '../../../src/core/plan/Output'
import { Do } from '../../../src/core/plan/Step'
import { Performing } from '../../../src/effects/ports/Machine'
import { collectSoon } from './collect'
import { endsWithin, killAndWait, signalTask } from './ending'
import { closeInput, createExec, makeStreams, resizeExec, startExec } from './execs'
import { checkAccess, loadImage, pullImage, unpackImage, verifyImage } from './fetching'
import { inspectMounts, inspectPaths, pinSource, writeFile } from './host'
import { collectImage, noteUse } from './images'
import { joinNetwork, makeNamespace, shareNamespace } from './networks'
import { Act, done, Outcome, wrong } from './Outcome'
import { Process, programOf } from './Process'
import { crowd, keyOf, State, taskOf } from './State'

/** Does one act, as containerd and the kernel would. `isGone` says whether its caller died: containerd drops a create then. */
export const perform = async (state: State, act: Do, how: Performing, isGone: () => boolean): Promise<Outcome> => {
  if (state.isFull && FILLING.includes(act._tag)) return wrong('Full', act._tag, 'no space left on device')
  if (how.mark !== undefined) state.marks.set(how.owner, how.mark)
  switch (act._tag) {
    case 'HoldLease':
      return holdLease(state, act, how)
    case 'ReleaseLease':
      state.leases.delete(act.lease)
      collectSoon(state)
      return done
    case 'CheckAccess':
      return checkAccess(state, act, how)
    case 'PullImage':
      return pullImage(state, act, how, isGone)
    case 'VerifyImage':
      return verifyImage(state, act, how)
    case 'LoadImage':
      return loadImage(state, act, how)
    case 'OwnImage':
      return state.images.get(act.image)?.owner === how.owner ? done : wrong('NotFound', `use image ${act.image}`, 'it is not there any more')
    case 'UnpackImage':
      return unpackImage(state, act, how)
    case 'NoteUse':
      return noteUse(state, act)
    case 'CollectImage':
      return collectImage(state, act)
    case 'MakeNamespace':
      return makeNamespace(state, act, how)
    case 'JoinNetwork':
      return joinNetwork(state, act, how)
    case 'AcceptForwarded':
      for (const subnet of act.subnets) state.rules.add(`${act.device} ${subnet}`)
      return done
    case 'ShareNamespace':
      return shareNamespace(state, act, how, isGone)
    case 'MakeDirectory':
      state.directories.add(act.path)
      return done
    case 'WriteFile':
      return writeFile(state, act, how)
    case 'PinSource':
      return pinSource(state, act, how)
    case 'InspectPaths':
      return inspectPaths(state, act)
    case 'InspectMounts':
      return inspectMounts(state, act)
    case 'PrepareSnapshot':
      return prepareSnapshot(state, act, how)
    case 'CreateContainer':
      return createContainer(state, act, how)
    case 'CreateTask':
      return createTask(state, act, how, isGone)
    case 'StartTask':
      return startTask(state, act)
    case 'SendSignal':
      signalTask(state, act.container, act.signal)
      return done
    case 'AwaitExit':
      return awaitExit(state, act, how, isGone)
    case 'MakeStreams':
      return makeStreams(state, act, how)
    case 'CreateExec':
      return createExec(state, act, how)
    case 'StartExec':
      return startExec(state, act)
    case 'ResizeExec':
      return resizeExec(state, act)
    case 'CloseInput':
      return closeInput(state, act)
  }
}

const FILLING: ReadonlyArray<Do['_tag']> = [
  'HoldLease', 'PullImage', 'LoadImage', 'UnpackImage', 'MakeDirectory', 'MakeNamespace', 'JoinNetwork', 'WriteFile', 'PinSource', 'PrepareSnapshot', 'CreateContainer', 'CreateTask'
]

const holdLease = (state: State, { lease, expiresInSeconds }: Act<'HoldLease'>, { owner }: Performing): Outcome => {
  const found = state.leases.get(lease)
  if (found !== undefined) return found.owner === owner ? done : wrong('AlreadyExists', `hold lease ${lease}`, "is another owner's")
  state.leases.set(lease, { owner, expiresAtMs: state.clock.now() + expiresInSeconds * 1000, holds: new Set() })
  return done
}

const prepareSnapshot = (state: State, act: Act<'PrepareSnapshot'>, { owner }: Performing): Outcome => {
  const key = keyOf(act)
  const doing = `prepare snapshot ${act.key}`
  const mounts: Outcome = E.right({ _tag: 'Mounts', mounts: [{ type: 'overlay', source: key, target: '', options: act.ids === '' ? [] : [`uidmap=${act.ids}`] }] })
  const found = state.snapshots.get(key)
  if (found !== undefined) {
    return found.owner === owner && found.parent === act.parent ? mounts : wrong('AlreadyExists', doing, 'snapshot already exists')
  }
  if (!state.snapshots.has(keyOf({ ...act, key: act.parent }))) return wrong('NotFound', doing, 'parent snapshot does not exist')
  state.snapshots.set(key, { owner, parent: act.parent })
  return mounts
}

const createContainer = (state: State, act: Act<'CreateContainer'>, { owner, materials: { compiled } }: Performing): Outcome => {
  const { container, snapshotter, key, spec } = act
  const doing = `create container ${container}`
  if (act.labels[OWNER] !== owner) return wrong('Invalid', doing, 'its labels do not name the owner of the plan')
  if (compiled === undefined || digestOf(compact(compiled.spec)) !== spec) {
    return wrong('Invalid', doing, 'the plan was run without what it was compiled from')
  }
  const found = state.containers.get(container)
  if (found !== undefined) return isDeepStrictEqual(found.asked, act) ? done : wrong('AlreadyExists', doing, 'container already exists')
  const sources = compiled.spec.mounts.map(({ source }) => source)
  const netns = netnsIn(compiled.spec)
  state.containers.set(container, {
    owner, snapshotter, key, args: compiled.spec.process.args, sources, labels: act.labels, asked: act, ...(netns === undefined ? {} : { netns })
  })
  return done
}

// The specs of some tests have nothing but a process.
const netnsIn = ({ linux }: Partial<Spec>): string | undefined => linux?.namespaces.find(({ type }) => type === 'network')?.path

const READERS_MS = 30_000
const LOOK_EVERY_MS = 1000
const CREATE_MS = 100

const createTask = async (
  state: State, act: Act<'CreateTask'>, { owner, outputs }: Performing, isGone: () => boolean
): Promise<Outcome> => {
  const doing = `create task ${act.container}`
  const mounts = mountsFrom(act.rootfs, outputs)
  if (mounts === undefined) return wrong('Invalid', doing, `step ${act.rootfs} has answered no mounts`)
  const fifos = [act.stdout, act.stderr].filter((path) => path !== '')
  const isRead = (): boolean => fifos.every((path) => state.readers.has(path))
  if (!state.containers.has(act.container)) return wrong('NotFound', doing, 'container does not exist')
  if (state.tasks.has(act.container)) return wrong('AlreadyExists', doing, 'task already exists')
  if (mounts.some(({ source }) => !state.snapshots.has(source))) return wrong('Unknown', doing, 'failed to mount rootfs component')
  const netns = state.containers.get(act.container)?.netns ?? ''
  if (netns.endsWith(act.container) && !state.namespaces.has(netns)) return wrong('Unknown', doing, `lstat ${netns}: no such file or directory`)
  const untilMs = state.clock.now() + READERS_MS
  while (!isRead() && state.clock.now() < untilMs) await state.clock.sleep(LOOK_EVERY_MS)
  if (!isRead()) return wrong('TimedOut', doing, 'nobody reads its output')
  await state.clock.sleep(CREATE_MS)
  const record = state.containers.get(act.container)
  if (isGone()) return wrong('Unavailable', doing, 'the caller is gone')
  if (record === undefined) return wrong('NotFound', doing, 'container does not exist')
  if (record.args.includes('no-such-program')) return wrong('Unknown', doing, 'exec: no such file or directory')
  if (state.tasks.has(act.container)) return wrong('AlreadyExists', doing, 'task already exists')
  const { stdout, stderr, terminal } = act
  const process = Process(state.clock, programOf(record.args))
  state.tasks.set(act.container, { owner, process, shim: crowd(), output: { stdout, stderr, terminal } })
  state.lived.push({ owner, container: act.container, process, isForgotten: false })
  return done
}

const startTask = (state: State, { container }: Act<'StartTask'>): Outcome => {
  const task = taskOf(state, container)
  if (task === undefined) return wrong('NotFound', `start task ${container}`, 'task not found')
  if (task.process.status() !== 'created') return wrong('Unknown', `start task ${container}`, 'cannot start a running process')
  task.process.start()
  return done
}

const awaitExit = async (state: State, act: Act<'AwaitExit'>, { signal }: Performing, isGone: () => boolean): Promise<Outcome> => {
  const ended = await endsWithin(state, act.container, act.withinMs, signal)
  if (E.isLeft(ended)) return ended
  // It is the caller who kills once the time is up.
  return ended.right || isGone()
    ? done
    : E.map(() => nothing)(await killAndWait(state, act.container, signal, act.thenSignal))
}
