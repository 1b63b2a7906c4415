import * as E from 'fp-ts/Either'
import { pipe } from 'fp-ts/function'
import * as TE from 'fp-ts/TaskEither'

import { Failure } from '../../core/domain/Failure'
import { Mount } from '../../generated/containerd/containerd'
import { call } from '../containerd/call'
import { Containerd } from '../containerd/Containerd'
import * as snapshots from '../containerd/snapshots'
import { stoppedBy } from '../ports/stoppedBy'
import { systemClock } from '../ports/systemClock'
import { tooBig } from './bounds'
import { doingOf, Layer, Work } from './Work'

/** Unpacks into a snapshot that is being made, and ends it as soon as that is seen to be too big. */
export const applyWithin = async (
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
 * Looks at the size now and then until `stop`, which it aborts when there is too much: then this is true. A look walks
 * all files, so looking takes a twentieth of the time.
 */
const outgrows = async (
  containerd: Containerd,
  snapshot: snapshots.Snapshot,
  maxBytes: number,
  stop: AbortController
): Promise<boolean> => {
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

const apply = (
  work: Work, { layer, diffId }: Layer, mounts: ReadonlyArray<Mount>, signal: AbortSignal
): TE.TaskEither<Failure, void> => {
  const { containerd, what: { lease } } = work
  const doing = doingOf(work, { layer })
  const diff = { mediaType: layer.mediaType, digest: layer.digest, size: BigInt(layer.size), annotations: {} }
  return pipe(
    call(containerd, doing, ['diff', 'apply'], { diff, mounts: [...mounts] }, { lease, deadlineMs: 0, signal }),
    TE.chain(({ applied }) => contentIs(diffId, applied?.digest ?? 'nothing', doing))
  )
}

const contentIs = (diffId: string, found: string, doing: string): TE.TaskEither<Failure, void> =>
  found === diffId
    ? TE.right(undefined)
    : TE.left(Failure('Invalid', doing, `its content is ${found}, the image's config says ${diffId}`))
