import * as E from 'fp-ts/Either'
import * as TE from 'fp-ts/TaskEither'

import { Failure } from '../../core/domain/Failure'
import { PrepareSnapshotRequest, PrepareSnapshotResponse } from '../../generated/containerd/snapshots'
import { call } from '../containerd/call'
import * as content from '../containerd/content'
import * as leases from '../containerd/leases'
import * as snapshots from '../containerd/snapshots'
import { failureOf } from '../ports/Thrown'
import { applyWithin } from './applyLayer'
import { isProven, shownBlob, UNCOMPRESSED } from './proof'
import { inTurn } from './Turns'
import { doingOf, Layer, Work } from './Work'

/**
 * Makes the snapshot of one layer, which may take `maxBytes` on disk. One that is there is taken where it is proven to
 * be this image's; else the layer is unpacked all the same, beside it, to see whether its content is what the config
 * says.
 */
export const unpackLayer =
  (work: Work, one: Layer, maxBytes: number): TE.TaskEither<Failure, void> =>
  async () => {
    const {
      containerd,
      what: { snapshotter, lease, parallel }
    } = work
    const held = await leases.keepSnapshot(containerd, lease, { snapshotter, key: one.chainId })()
    if (E.isLeft(held)) return held
    const found = await snapshots.stat(containerd, { snapshotter, key: one.chainId })()
    if (E.isLeft(found)) return found
    const proven = found.right === undefined ? E.right(false) : await isProven(containerd, one, found.right)()
    if (E.isLeft(proven) || proven.right) return E.map((): void => undefined)(proven)
    const shown = shownBlob(snapshotter, found.right)
    if (shown !== undefined)
      return E.left(Failure('Invalid', doingOf(work, one), `${snapshotter} shows it from another blob, ${shown}`))
    try {
      return await inTurn(containerd, parallel, work.stop, () =>
        unpackNow(work, one, found.right !== undefined, maxBytes)
      )
    } catch (thrown) {
      return E.left(failureOf(thrown, doingOf(work, one)))
    }
  }

const unpackNow = async (
  work: Work,
  one: Layer,
  isHere: boolean,
  maxBytes: number,
  mayRetry = true
): Promise<E.Either<Failure, void>> => {
  const {
    containerd,
    what: { snapshotter, lease }
  } = work
  const snapshot = { snapshotter, key: `${isHere ? 'verify' : 'extract'}-${lease} ${one.chainId}` }
  const labels = isHere ? {} : { 'containerd.io/snapshot.ref': one.chainId }
  const prepared = await prepare(work, one, { ...snapshot, parent: one.parent, labels })()
  if (E.isLeft(prepared)) {
    // An earlier try of this lease was cut off, or another task was quicker: then its snapshot is looked at.
    if (prepared.left._tag !== 'AlreadyExists' || !mayRetry) return prepared
    const cleared = await snapshots.remove(containerd, snapshot)()
    const found = await snapshots.stat(containerd, { snapshotter, key: one.chainId })()
    if (E.isLeft(cleared)) return cleared
    return E.isLeft(found) ? found : unpackNow(work, one, found.right !== undefined, maxBytes, false)
  }
  const outcome = await applyWithin(work, one, snapshot, prepared.right.mounts, maxBytes)
  const committed = E.isLeft(outcome) || isHere ? undefined : await commit(work, one, snapshot.key, labels)()
  if (committed?._tag !== 'Right') await snapshots.remove(containerd, snapshot)()
  if (E.isLeft(outcome)) return outcome
  if (committed?._tag === 'Left' && committed.left._tag !== 'AlreadyExists') return committed
  return content.label(containerd, one.layer.digest, { [UNCOMPRESSED]: one.diffId })()
}

const prepare = (
  { containerd, what: { lease } }: Work, { chainId }: Layer, request: PrepareSnapshotRequest
): TE.TaskEither<Failure, PrepareSnapshotResponse> =>
  call(containerd, `prepare layer ${chainId}`, ['snapshots', 'prepare'], request, { lease })

const commit = (
  { containerd, what: { snapshotter, lease } }: Work,
  { chainId }: Layer,
  key: string,
  labels: Readonly<Record<string, string>>
): TE.TaskEither<Failure, unknown> =>
  call(containerd, `commit layer ${chainId}`, ['snapshots', 'commit'],
    { snapshotter, name: chainId, key, labels: { ...labels } }, { lease })
