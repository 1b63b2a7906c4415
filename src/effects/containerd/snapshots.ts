import { ServiceError } from '@grpc/grpc-js'
import * as E from 'fp-ts/Either'
import { pipe } from 'fp-ts/function'
import * as TE from 'fp-ts/TaskEither'

import { Failure } from '../../core/domain/Failure'
import { OWNER } from '../../core/domain/labels'
import { Mark } from '../../core/domain/mark'
import { SnapshotMount } from '../../core/plan/Output'
import { Mount } from '../../generated/containerd/containerd'
import { Info, ListSnapshotsResponse } from '../../generated/containerd/snapshots'
import { call, How, orAbsent, orDone } from './call'
import { Containerd } from './Containerd'
import { labelFilter } from './labelFilter'
import { toFailure } from './toFailure'

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
  pipe(
    orAbsent(call(containerd, `look for snapshot ${key}`, ['snapshots', 'stat'], { snapshotter, key })),
    TE.map((answer) => answer?.info)
  )

/** A snapshot that is made on another. */
interface Prepared extends Snapshot {
  readonly parent: string
  readonly mark?: Mark
}

/**
 * Prepares a writable snapshot on `parent`: the mounts that make it visible. One that exists counts when this owner
 * made it there.
 */
export const prepare =
  (
    containerd: Containerd,
    { snapshotter, key, parent, mark = {} }: Prepared,
    owner: string,
    how: How = {}
  ): TE.TaskEither<Failure, ReadonlyArray<SnapshotMount>> =>
  async () => {
    const outcome = await call(containerd, `prepare snapshot ${key}`, ['snapshots', 'prepare'],
      { snapshotter, key, parent, labels: { ...mark, [OWNER]: owner } }, how)()
    if (E.isRight(outcome)) return E.right(outcome.right.mounts)
    if (outcome.left._tag !== 'AlreadyExists') return outcome
    const info = await stat(containerd, { snapshotter, key })()
    const isOwn = E.isRight(info) && info.right?.labels[OWNER] === owner && info.right.parent === parent
    return isOwn ? mounts(containerd, { snapshotter, key })() : outcome
  }

/** The mounts that make a snapshot visible. */
export const mounts = (containerd: Containerd, snapshot: Snapshot): TE.TaskEither<Failure, ReadonlyArray<Mount>> =>
  pipe(
    call(containerd, `mount snapshot ${snapshot.key}`, ['snapshots', 'mounts'], { ...snapshot }),
    TE.map((answer) => answer.mounts)
  )

const KIB_4 = 4096

/**
 * What a snapshot takes on disk without its parents, in bytes: its files by their blocks, and 4 KiB for each of them.
 */
export const bytesOf = (containerd: Containerd, snapshot: Snapshot): TE.TaskEither<Failure, number> =>
  pipe(
    call(containerd, `measure snapshot ${snapshot.key}`, ['snapshots', 'usage'], { ...snapshot }),
    TE.map(({ size, inodes }) => Number(size) + Number(inodes) * KIB_4)
  )

/** Removes a snapshot, whoever made it. */
export const remove = (containerd: Containerd, snapshot: Snapshot): TE.TaskEither<Failure, void> =>
  orDone('NotFound')(call(containerd, `remove snapshot ${snapshot.key}`, ['snapshots', 'remove'], { ...snapshot }))

/** Removes a snapshot of this owner; another owner's stays. */
export const removeOwn = (containerd: Containerd, snapshot: Snapshot, owner: string): TE.TaskEither<Failure, void> =>
  pipe(
    stat(containerd, snapshot),
    TE.chain((info) => info?.labels[OWNER] === owner ? remove(containerd, snapshot) : TE.right(undefined))
  )

const LIST_MS = 60_000

/**
 * The snapshots with this label, with this value where one is given. A snapshotter that this containerd does not have
 * has none.
 */
export const labelled = (
  containerd: Containerd, snapshotter: string, key: string, value: string | undefined
): TE.TaskEither<Failure, ReadonlyArray<Info>> => async () => {
  const found: Array<Info> = []
  const request = { snapshotter, filters: [labelFilter(key, value)] }
  try {
    const answers = containerd.snapshots.list(request, containerd.headers(), { deadline: Date.now() + LIST_MS })
    for await (const { info } of answers as AsyncIterable<ListSnapshotsResponse>) found.push(...info)
    return E.right(found)
  } catch (thrown) {
    const failure = toFailure(`look for snapshots with ${key}`, containerd.address, thrown as ServiceError)
    return ['NotFound', 'Invalid'].includes(failure._tag) ? E.right([]) : E.left(failure)
  }
}
