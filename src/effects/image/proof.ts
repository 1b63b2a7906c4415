import * as E from 'fp-ts/Either'
import * as TE from 'fp-ts/TaskEither'

import { Failure } from '../../core/domain/Failure'
import { chainIds } from '../../core/image/chainIds'
import { Descriptor } from '../../core/image/Descriptor'
import { Info as Blob } from '../../generated/containerd/content'
import { Info } from '../../generated/containerd/snapshots'
import { Containerd } from '../containerd/Containerd'
import * as content from '../containerd/content'
import * as snapshots from '../containerd/snapshots'
import { Stored } from './Stored'

/**
 * The digest of a layer's content without its compression: containerd's clients note it when they have unpacked the
 * layer.
 */
export const UNCOMPRESSED = 'containerd.io/uncompressed'

/**
 * Snapshotters whose snapshots are filled from blobs and nothing else: none of them vouches for a layer whose blob is
 * not here.
 */
export const FROM_BLOBS = ['overlayfs', 'native', 'btrfs', 'zfs', 'devmapper', 'blockfile', 'erofs']

/** A layer as an image claims it: the blob, and what its content is said to be. */
export interface Claim {
  readonly layer: Descriptor
  readonly diffId: string
  readonly snapshotter: string
  readonly chainId: string
}

/**
 * The blob that a lazy snapshotter shows as a layer, which its client told it (containerd, pkg/snapshotters).
 */
export const LAYER_DIGEST = 'containerd.io/snapshot/cri.layer-digest'

/** The blob that a snapshot shows which nobody has unpacked; undefined for one that somebody has. */
export const shownBlob = (snapshotter: string, snapshot: Info | undefined): string | undefined =>
  FROM_BLOBS.includes(snapshotter) ? undefined : snapshot?.labels[LAYER_DIGEST]

/**
 * Whether a snapshot that is here is this image's own. A chain id is only what an image's config says: it is believed
 * where the blob of the manifest is here and is known to have that content, or where a lazy snapshotter noted this very
 * blob. One that it made of another blob is that image's: nobody has seen its content.
 */
export const isProven = (
  containerd: Containerd,
  { layer, diffId, snapshotter }: Claim,
  snapshot: Info | undefined
): TE.TaskEither<Failure, boolean> => {
  const shown = shownBlob(snapshotter, snapshot)
  if (shown !== undefined) return TE.right(shown === layer.digest)
  return vouches(snapshotter, snapshot, layer.digest)
    ? TE.right(true)
    : TE.map(
        (blob: Blob | undefined) =>
          blob !== undefined && (layer.digest === diffId || blob.labels[UNCOMPRESSED] === diffId)
      )(content.info(containerd, layer.digest))
}

const vouches = (snapshotter: string, snapshot: Info | undefined, digest: string): boolean =>
  snapshot !== undefined
  && !FROM_BLOBS.includes(snapshotter)
  && Object.entries(snapshot.labels).some(
    ([name, value]) => name.startsWith('containerd.io/snapshot/') && value === digest
  )

/** Whether every layer of an image that is here and unpacked is proven. */
export const isAllProven =
  (containerd: Containerd, { manifest, diffIds }: Stored, snapshotter: string): TE.TaskEither<Failure, boolean> =>
  async () => {
    const chain = chainIds(diffIds)
    const answers = await Promise.all(
      manifest.layers.map(async (layer, index): Promise<E.Either<Failure, boolean>> => {
        const claim = { layer, diffId: diffIds[index] ?? '', snapshotter, chainId: chain[index] ?? '' }
        const snapshot = FROM_BLOBS.includes(snapshotter)
          ? E.right(undefined)
          : await snapshots.stat(containerd, { snapshotter, key: claim.chainId })()
        return E.isLeft(snapshot) ? snapshot : isProven(containerd, claim, snapshot.right)()
      })
    )
    const failed = answers.find(E.isLeft)
    return failed ?? E.right(answers.every((one) => E.isRight(one) && one.right))
  }
