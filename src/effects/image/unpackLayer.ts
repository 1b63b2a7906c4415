import * as E from 'fp-ts/Either'
import * as TE from 'fp-ts/TaskEither'

import { Failure } from '../../core/domain/Failure'
import { Bounds } from '../../core/plan/acts'
import { Mount } from '../../generated/containerd/containerd'
import { PrepareSnapshotRequest, PrepareSnapshotResponse } from '../../generated/containerd/snapshots'
import { call } from '../containerd/call'
import { Containerd } from '../containerd/Containerd'
import * as content from '../containerd/content'
import * as leases from '../containerd/leases'
import * as snapshots from '../containerd/snapshots'
import { stoppedBy } from '../ports/stoppedBy'
import { systemClock } from '../ports/systemClock'
import { failureOf } from '../ports/Thrown'
import { tooBig } from './bounds'
import { Claim, isProven, UNCOMPRESSED } from './proof'
import { inTurn } from './Turns'

/** Which image to unpack, for which platform (the host's when left out), where to, the lease that holds it, and how far it may go. */
export interface Unpack extends Bounds {
  readonly name: string
  readonly platform?: string
  readonly snapshotter: string
  readonly lease: string
  /** Ends the unpacking; it never takes longer than `timeoutMs`. */
  readonly signal?: AbortSignal
}

/** An unpacking that is going on, and what ends it. */
export interface Work {
  readonly containerd: Containerd
  readonly what: Unpack
  readonly stop: AbortSignal
}

/** A layer as its image claims it, and the chain id of all below it. */
export interface Layer extends Claim {
  readonly parent: string
}

/**
 * Makes the snapshot of one layer, which may take `maxBytes` on disk. One that is there is taken where it is proven to be this
 * image's; else the layer is unpacked all the same, beside it, to see whether its content is what the config says.
 */
export const unpackLayer = (work: Work, one: Layer, maxBytes: number): TE.TaskEither<Failure, void> => async () => {
  const { containerd, what: { snapshotter, lease, parallel } } = work
  const held = await leases.keepSnapshot(containerd, lease, { snapshotter, key: one.chainId })()
  if (E.isLeft(held)) return held
  const found = await snapshots.stat(containerd, { snapshotter, key: one.chainId })()
  if (E.isLeft(found)) return found
  const proven = found.right === undefined ? E.right(false) : await isProven(containerd, one, found.right)()
  if (E.isLeft(proven) || proven.right) return E.map((): void => undefined)(proven)
  try {
    return await inTurn(containerd, parallel, work.stop, () => unpackNow(work, one, found.right !== undefined, maxBytes))
  } catch (thrown) {
    return E.left(failureOf(thrown, doingOf(work, one)))
  }
}

const doingOf = ({ what }: Work, { layer }: Layer): string => `unpack ${what.name}, layer ${layer.digest}`

const unpackNow = async (work: Work, one: Layer, isHere: boolean, maxBytes: number, mayRetry = true): Promise<E.Either<Failure, void>> => {
  const { containerd, what: { snapshotter, lease } } = work
  const snapshot = { snapshotter, key: `${isHere ? 'verify' : 'extract'}-${lease} ${one.chainId}` }
  const labels = isHere ? {} : { 'containerd.io/snapshot.ref': one.chainId }
  const prepared = await call<PrepareSnapshotRequest, PrepareSnapshotResponse>(containerd, `prepare layer ${one.chainId}`,
    (q, m, o, done) => containerd.snapshots.prepare(q, m, o, done), { ...snapshot, parent: one.parent, labels }, { lease })()
  if (E.isLeft(prepared)) {
    // An earlier try of this lease was cut off, or another task was quicker: then its snapshot is looked at.
    if (prepared.left._tag !== 'AlreadyExists' || !mayRetry) return prepared
    const cleared = await snapshots.remove(containerd, snapshot)()
    const found = await snapshots.stat(containerd, { snapshotter, key: one.chainId })()
    return E.isLeft(cleared) ? cleared : E.isLeft(found) ? found : unpackNow(work, one, found.right !== undefined, maxBytes, false)
  }
  const outcome = await applyWithin(work, one, snapshot, prepared.right.mounts, maxBytes)
  const committed = E.isLeft(outcome) || isHere ? undefined : await commit(work, one, snapshot.key, labels)()
  if (committed?._tag !== 'Right') await snapshots.remove(containerd, snapshot)()
  if (E.isLeft(outcome)) return outcome
  if (committed?._tag === 'Left' && committed.left._tag !== 'AlreadyExists') return committed
  return content.label(containerd, one.layer.digest, { [UNCOMPRESSED]: one.diffId })()
}

const commit = ({ containerd, what: { snapshotter, lease } }: Work, { chainId }: Layer, key: string, labels: Readonly<Record<string, string>>): TE.TaskEither<Failure, unknown> =>
  call(containerd, `commit layer ${chainId}`, (q, m, o, done) => containerd.snapshots.commit(q, m, o, done), { snapshotter, name: chainId, key, labels: { ...labels } }, { lease })

/** Unpacks into a snapshot that is being made, and ends it as soon as that is seen to be too big. */
const applyWithin = async (
  work: Work, one: Layer, snapshot: snapshots.Snapshot, mounts: ReadonlyArray<Mount>, maxBytes: number
): Promise<E.Either<Failure, void>> => {
  const stop = stoppedBy(work.stop)
  const applying = apply(work, one, mounts, stop.signal)()
  const grown = maxBytes === Infinity ? Promise.resolve(false) : outgrows(work.containerd, snapshot, maxBytes, stop)
  const outcome = await applying
  stop.abort()
  if (await grown) return E.left(Failure('Invalid', doingOf(work, one), tooBig(work.what.maxBytes)))
  return outcome
}

const FIRST_LOOK_MS = 100
const SHARE = 20

/**
 * Looks at the size now and then until `stop`, which it aborts when there is too much: then this is true. A look walks all
 * files, so looking takes a twentieth of the time.
 */
const outgrows = async (containerd: Containerd, snapshot: snapshots.Snapshot, maxBytes: number, stop: AbortController): Promise<boolean> => {
  const isOver = (): boolean => stop.signal.aborted
  for (let waitMs = FIRST_LOOK_MS; ;) {
    await systemClock.sleep(waitMs, stop.signal)
    if (isOver()) return false
    const start = Date.now()
    const taken = await snapshots.bytesOf(containerd, snapshot)()
    if (isOver()) return false
    if (E.isRight(taken) && taken.right > maxBytes) {
      stop.abort()
      return true
    }
    waitMs = Math.max(FIRST_LOOK_MS, (Date.now() - start) * SHARE)
  }
}

const apply = (work: Work, one: Layer, mounts: ReadonlyArray<Mount>, signal: AbortSignal): TE.TaskEither<Failure, void> => {
  const { containerd, what: { lease } } = work
  const { layer, diffId } = one
  const diff = { mediaType: layer.mediaType, digest: layer.digest, size: BigInt(layer.size), annotations: {} }
  return TE.chain(({ applied }: { readonly applied?: { readonly digest: string } | undefined }) =>
    applied?.digest === diffId
      ? TE.right(undefined)
      : TE.left(Failure('Invalid', doingOf(work, one), `its content is ${applied?.digest ?? 'nothing'}, the image's config says ${diffId}`))
  )(call(containerd, doingOf(work, one), (q, m, o, done) => containerd.diff.apply(q, m, o, done), { diff, mounts: [...mounts] }, { lease, deadlineMs: 0, signal }))
}
