import * as E from 'fp-ts/Either'
import * as TE from 'fp-ts/TaskEither'

import { Failure } from '../../core/domain/Failure'
import { Mount } from '../../generated/containerd/containerd'
import { PrepareSnapshotRequest, PrepareSnapshotResponse } from '../../generated/containerd/snapshots'
import { call, orDone } from '../containerd/call'
import { Containerd } from '../containerd/Containerd'
import * as content from '../containerd/content'
import * as snapshots from '../containerd/snapshots'
import { chainIds } from './chainIds'
import { Stored,stored } from './stored'

/** Which image to unpack, for which platform (the host's when left out), where to, and the lease that holds it meanwhile. */
export interface Unpack {
  readonly name: string
  readonly platform?: string
  readonly snapshotter: string
  readonly lease: string
  /** Ends the work between two layers. */
  readonly signal?: AbortSignal
}

/** Turns the layers of an image into snapshots, bottom first, under a lease. What is there already is not done again. */
export const unpackImage =
  (containerd: Containerd, { name, platform, snapshotter, lease, signal }: Unpack): TE.TaskEither<Failure, void> =>
  async () => {
    const image = await stored(containerd, name, platform)()
    if (E.isLeft(image)) return image
    const { manifest, diffIds } = image.right
    const chain = chainIds(diffIds)
    for (const [index, layer] of manifest.layers.entries()) {
      if (signal?.aborted === true) return E.left(Failure('Cancelled', `unpack image ${name}`, 'was stopped between two layers'))
      const made = await unpackLayer(containerd, snapshotter, lease, {
        layer, diffId: diffIds[index] ?? '', chainId: chain[index] ?? '', parent: chain[index - 1] ?? ''
      })()
      if (E.isLeft(made)) return made
    }
    return keepTop(containerd, snapshotter, image.right, chain.at(-1) ?? '')()
  }

const keepTop = (containerd: Containerd, snapshotter: string, { manifest }: Stored, top: string): TE.TaskEither<Failure, void> =>
  content.label(containerd, manifest.config.digest, { [`containerd.io/gc.ref.snapshot.${snapshotter}`]: top })

interface Layer {
  readonly layer: content.Descriptor
  readonly diffId: string
  readonly chainId: string
  readonly parent: string
}

const unpackLayer =
  (containerd: Containerd, snapshotter: string, lease: string, one: Layer, mayRetry = true): TE.TaskEither<Failure, void> =>
  async () => {
    const found = await snapshots.stat(containerd, { snapshotter, key: one.chainId })()
    if (E.isLeft(found) || found.right !== undefined) return E.map((): void => undefined)(found)
    const key = `extract-${lease} ${one.chainId}`
    const labels = { 'containerd.io/snapshot.ref': one.chainId }
    const prepared = await call<PrepareSnapshotRequest, PrepareSnapshotResponse>(containerd, `prepare layer ${one.chainId}`,
      (q, m, o, done) => containerd.snapshots.prepare(q, m, o, done), { snapshotter, key, parent: one.parent, labels }, { lease })()
    if (E.isLeft(prepared)) {
      return prepared.left._tag === 'AlreadyExists' && mayRetry ? againOf(containerd, snapshotter, lease, one, key)() : prepared
    }
    const applied = await apply(containerd, one, prepared.right.mounts, lease)()
    if (E.isLeft(applied)) {
      await snapshots.remove(containerd, { snapshotter, key })()
      return applied
    }
    return orDone('AlreadyExists')(call(containerd, `commit layer ${one.chainId}`,
      (q, m, o, done) => containerd.snapshots.commit(q, m, o, done), { snapshotter, name: one.chainId, key, labels }, { lease }))()
  }

// The key is there because an earlier try of this lease was cut off, or the layer is because another task was quicker.
const againOf = (containerd: Containerd, snapshotter: string, lease: string, one: Layer, key: string): TE.TaskEither<Failure, void> =>
  TE.chain(() => unpackLayer(containerd, snapshotter, lease, one, false))(snapshots.remove(containerd, { snapshotter, key }))

const APPLY_MS = 600_000

const apply = (containerd: Containerd, { layer, diffId }: Layer, mounts: ReadonlyArray<Mount>, lease: string): TE.TaskEither<Failure, void> =>
  TE.chain(({ applied }: { readonly applied?: { readonly digest: string } | undefined }) =>
    applied?.digest === diffId
      ? TE.right(undefined)
      : TE.left(Failure('Invalid', `unpack layer ${layer.digest}`, `its content is ${applied?.digest ?? 'nothing'}, the image's config says ${diffId}`))
  )(call(containerd, `unpack layer ${layer.digest}`, (q, m, o, done) => containerd.diff.apply(q, m, o, done), {
    diff: { mediaType: layer.mediaType, digest: layer.digest, size: BigInt(layer.size), annotations: {} },
    mounts: [...mounts]
  }, { lease, deadlineMs: APPLY_MS }))
