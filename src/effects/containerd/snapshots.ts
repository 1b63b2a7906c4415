import * as E from 'fp-ts/Either'
import * as TE from 'fp-ts/TaskEither'

import { Failure } from '../../core/domain/Failure'
import { OWNER } from '../../core/domain/labels'
import { SnapshotMount } from '../../core/plan/Output'
import { Mount } from '../../generated/containerd/containerd'
import { Info, PrepareSnapshotRequest, PrepareSnapshotResponse } from '../../generated/containerd/snapshots'
import { call, How, orAbsent, orDone } from './call'
import { Containerd } from './Containerd'

/** What a snapshot is called, and whose business it is to keep it. */
export interface Snapshot {
  readonly snapshotter: string
  readonly key: string
}

/** What is known of a snapshot; undefined when there is none. */
export const stat = (
  containerd: Containerd,
  { snapshotter, key }: Snapshot
): TE.TaskEither<Failure, Info | undefined> =>
  TE.map((answer: { readonly info?: Info | undefined } | undefined) => answer?.info)(
    orAbsent(
      call(containerd, `look for snapshot ${key}`, (q, m, o, done) => containerd.snapshots.stat(q, m, o, done), {
        snapshotter,
        key
      })
    )
  )

/** A snapshot that is made on another. */
interface Prepared extends Snapshot {
  readonly parent: string
}

/**
 * Prepares a writable snapshot on `parent`: the mounts that make it visible. One that exists counts when this owner
 * made it there.
 */
export const prepare =
  (
    containerd: Containerd,
    { snapshotter, key, parent }: Prepared,
    owner: string,
    how: How = {}
  ): TE.TaskEither<Failure, ReadonlyArray<SnapshotMount>> =>
  async () => {
    const outcome = await call<PrepareSnapshotRequest, PrepareSnapshotResponse>(
      containerd,
      `prepare snapshot ${key}`,
      (q, m, o, done) => containerd.snapshots.prepare(q, m, o, done),
      { snapshotter, key, parent, labels: { [OWNER]: owner } },
      how
    )()
    if (E.isRight(outcome)) return E.right(outcome.right.mounts)
    if (outcome.left._tag !== 'AlreadyExists') return outcome
    const info = await stat(containerd, { snapshotter, key })()
    const isOwn = E.isRight(info) && info.right?.labels[OWNER] === owner && info.right.parent === parent
    return isOwn ? mounts(containerd, { snapshotter, key })() : outcome
  }

/** The mounts that make a snapshot visible. */
export const mounts = (containerd: Containerd, snapshot: Snapshot): TE.TaskEither<Failure, ReadonlyArray<Mount>> =>
  TE.map((answer: { readonly mounts: ReadonlyArray<Mount> }) => answer.mounts)(
    call(containerd, `mount snapshot ${snapshot.key}`, (q, m, o, done) => containerd.snapshots.mounts(q, m, o, done), {
      ...snapshot
    })
  )

const KIB_4 = 4096

/**
 * What a snapshot takes on disk without its parents, in bytes: its files by their blocks, and 4 KiB for each of them.
 */
export const bytesOf = (containerd: Containerd, snapshot: Snapshot): TE.TaskEither<Failure, number> =>
  TE.map(
    ({ size, inodes }: { readonly size: bigint; readonly inodes: bigint }) => Number(size) + Number(inodes) * KIB_4
  )(
    call(containerd, `measure snapshot ${snapshot.key}`, (q, m, o, done) => containerd.snapshots.usage(q, m, o, done), {
      ...snapshot
    })
  )

/** Removes a snapshot, whoever made it. */
export const remove = (containerd: Containerd, snapshot: Snapshot): TE.TaskEither<Failure, void> =>
  orDone('NotFound')(
    call(containerd, `remove snapshot ${snapshot.key}`, (q, m, o, done) => containerd.snapshots.remove(q, m, o, done), {
      ...snapshot
    })
  )

/** Removes a snapshot of this owner; another owner's stays. */
export const removeOwn = (containerd: Containerd, snapshot: Snapshot, owner: string): TE.TaskEither<Failure, void> =>
  TE.chain((info: Info | undefined) =>
    info?.labels[OWNER] === owner ? remove(containerd, snapshot) : TE.right(undefined)
  )(stat(containerd, snapshot))
