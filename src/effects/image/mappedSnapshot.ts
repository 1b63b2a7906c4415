import { randomUUID } from 'node:crypto'

import * as E from 'fp-ts/Either'
import * as TE from 'fp-ts/TaskEither'

import { Failure } from '../../core/domain/Failure'
import { mappingsOf } from '../../core/domain/idMappings'
import { Mark } from '../../core/domain/mark'
import { SnapshotMount } from '../../core/plan/Output'
import { Mount } from '../../generated/containerd/containerd'
import { call, orDone } from '../containerd/call'
import { Containerd } from '../containerd/Containerd'
import * as leases from '../containerd/leases'
import * as snapshots from '../containerd/snapshots'
import { failureOf } from '../ports/Thrown'
import { giveTo } from '../rootfs/giveTo'
import { inMountedView } from '../rootfs/mountedView'

/** A writable snapshot whose files belong to the host's ids of a user namespace: `container:host:size[,…]`. */
export interface Mapped extends snapshots.Snapshot {
  readonly parent: string
  readonly ids: string
  readonly mark?: Mark
}

/** Who asks, and what ends it early. */
interface Asking {
  readonly owner: string
  readonly signal: AbortSignal
}

type Mounts = ReadonlyArray<SnapshotMount>

const LEASE_SECONDS = 3600

/**
 * Prepares a snapshot for a user namespace. A snapshotter that maps ids itself (containerd 2.x, overlayfs on a kernel
 * with id-mapped mounts) does so: by containerd's labels, and its mounts say so. Else the files of the image are given
 * to the host's ids once, in a snapshot of its own that later tasks with the same ids share; containerd collects it
 * when none is left. That takes the room of the image once more, and the time of a walk over its files.
 */
export const prepareMapped = (
  containerd: Containerd, asked: Mapped, { owner, signal }: Asking
): TE.TaskEither<Failure, Mounts> => () => {
  const { snapshotter, parent, ids, mark = {} } = asked
  const lease = `ids-${randomUUID()}`
  const given = { snapshotter, key: `${parent}-ids-${ids}` }
  return leases.under(containerd, lease, { owner, seconds: LEASE_SECONDS, mark }, () =>
    underLease(containerd, { ...asked, given, lease }, { owner, signal }))
}

/** The work under a lease; `given` is the snapshot of the image whose files have been given to the host's ids. */
interface Work extends Mapped {
  readonly lease: string
  readonly given: snapshots.Snapshot
}

const underLease = async (containerd: Containerd, work: Work, asking: Asking): Promise<E.Either<Failure, Mounts>> => {
  const { given, lease } = work
  await leases.keepSnapshot(containerd, lease, given)()
  const there = await snapshots.stat(containerd, given)()
  if (E.isLeft(there)) return there
  if (there.right === undefined) {
    const mapped = await mappedByItself(containerd, work, asking.owner)
    if (mapped !== undefined) return mapped
    const made = await giveFiles(containerd, work, asking.signal)
    if (E.isLeft(made)) return made
  }
  return snapshots.prepare(containerd, { ...work, parent: given.key }, asking.owner)()
}

/** What is said of labels that a snapshotter does not understand. */
const UNMAPPED: ReadonlyArray<Failure['_tag']> = ['Invalid', 'Unknown']

/** What the snapshotter answers that maps ids itself, or that has no such image; undefined of one that does not map. */
const mappedByItself = async (
  containerd: Containerd, work: Work, owner: string
): Promise<E.Either<Failure, Mounts> | undefined> => {
  const labels = { 'containerd.io/snapshot/uidmapping': work.ids, 'containerd.io/snapshot/gidmapping': work.ids }
  const tried = await snapshots.prepare(containerd, { ...work, mark: { ...work.mark, ...labels } }, owner)()
  if (E.isLeft(tried)) return UNMAPPED.includes(tried.left._tag) ? undefined : tried
  if (tried.right.some(({ options }) => options.some((option) => option.startsWith('uidmap=')))) return tried
  await snapshots.removeOwn(containerd, work, owner)()
  return undefined
}

const giveFiles = async (
  containerd: Containerd, { snapshotter, parent, ids, given, lease }: Work, signal: AbortSignal
): Promise<E.Either<Failure, unknown>> => {
  const draft = { snapshotter, key: `${given.key}-${lease}` }
  const how = { lease }
  const prepared = await call(containerd, `prepare snapshot ${draft.key}`, ['snapshots', 'prepare'],
    { ...draft, parent, labels: {} }, how)()
  if (E.isLeft(prepared)) return prepared
  const done = await giveAll(prepared.right.mounts, ids, signal)
  const commit = call(containerd, `commit snapshot ${given.key}`, ['snapshots', 'commit'],
    { ...draft, name: given.key, labels: {} }, how)
  const committed = E.isLeft(done) ? done : await orDone('AlreadyExists')(commit)()
  // Another start may have been first: then the draft is left.
  await snapshots.remove(containerd, draft)()
  return committed
}

const giveAll = async (
  mounts: ReadonlyArray<Mount>, ids: string, signal: AbortSignal
): Promise<E.Either<Failure, void>> => {
  try {
    await inMountedView(mounts, (root) => giveTo(mappingsOf(ids) ?? [], root, signal), 'rw')
    return E.right(undefined)
  } catch (thrown) {
    return E.left(failureOf(thrown, 'map the ids of the image'))
  }
}
