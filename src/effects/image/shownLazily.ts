import * as E from 'fp-ts/Either'

import { isLonger } from '../../core/domain/bytes'
import { isRecord } from '../../core/domain/isRecord'
import { chainIds } from '../../core/image/chainIds'
import { Descriptor } from '../../core/image/Descriptor'
import { call } from '../containerd/call'
import { Containerd } from '../containerd/Containerd'
import * as leases from '../containerd/leases'
import * as snapshots from '../containerd/snapshots'
import { must } from '../ports/must'
import { FROM_BLOBS, LAYER_DIGEST, shownBlob } from './proof'
import type { Layers } from './unpack'

/** Which image, and where its layers are to be shown. */
export interface Showing {
  readonly containerd: Containerd
  readonly what: { readonly name: string; readonly lease: string; readonly ahead: { readonly snapshotter: string } }
  readonly manifestDigest: string
}

/**
 * How many layers, from the lowest, a snapshotter shows that fetches what is read of them itself (stargz, nydus, soci):
 * they are not downloaded. It is asked as containerd's own client asks: a snapshot is prepared with labels that say
 * where its content lies, and one that is there already by that needs none. Snapshotters of containerd are not asked.
 */
export const shownLazily = async (showing: Showing, { manifest: { layers }, diffIds }: Layers): Promise<number> => {
  const { containerd, what: { lease, ahead: { snapshotter } } } = showing
  if (snapshotter === '' || FROM_BLOBS.includes(snapshotter)) return 0
  const chain = chainIds(diffIds)
  for (const [index, layer] of layers.entries()) {
    const chainId = chain[index] ?? ''
    const snapshot = { snapshotter, key: chainId }
    must(await leases.keepSnapshot(containerd, lease, snapshot)())
    const isShown = async (): Promise<boolean> =>
      shownBlob(snapshotter, must(await snapshots.stat(containerd, snapshot)())) === layer.digest
    if (await isShown()) continue
    const labels = labelsOf(showing, layers.slice(index))
    await tryToShow(showing, { chainId, parent: chain[index - 1] ?? '', labels })
    if (!(await isShown())) return index
  }
  return layers.length
}

interface Wanted {
  readonly chainId: string
  readonly parent: string
  readonly labels: Readonly<Record<string, string>>
}

/** Whoever answers with a place to unpack into shows nothing: the place is given back. */
const tryToShow = async (
  { containerd, what: { lease, ahead: { snapshotter } } }: Showing, { chainId, parent, labels }: Wanted
): Promise<void> => {
  const key = `extract-${lease} ${chainId}`
  const request = { snapshotter, key, parent, labels: { ...labels, 'containerd.io/snapshot.ref': chainId } }
  const prepared = await call(containerd, `prepare layer ${chainId}`, ['snapshots', 'prepare'], request, { lease })()
  if (E.isRight(prepared)) must(await snapshots.remove(containerd, { snapshotter, key })())
}

const OF_SNAPSHOTTERS = 'containerd.io/snapshot/'

/** containerd takes no label of which name and value together are longer (pkg/labels). */
const MOST_BYTES = 4096

/**
 * What a lazy snapshotter is told of the first of these layers, as CRI and nerdctl tell it (containerd,
 * pkg/snapshotters): image, manifest, blob, the blobs from here on; and what the image says to snapshotters itself.
 */
export const labelsOf = (
  { what: { name }, manifestDigest }: Pick<Showing, 'manifestDigest'> & { readonly what: { readonly name: string } },
  layers: ReadonlyArray<Descriptor>
): Readonly<Record<string, string>> => ({
  ...ofImage(layers[0]?.annotations),
  [`${OF_SNAPSHOTTERS}cri.image-ref`]: name,
  [`${OF_SNAPSHOTTERS}cri.manifest-digest`]: manifestDigest,
  [LAYER_DIGEST]: layers[0]?.digest ?? '',
  [IMAGE_LAYERS]: layers.reduce((text, { digest }) => longer(text, digest), '')
})

const IMAGE_LAYERS = `${OF_SNAPSHOTTERS}cri.image-layers`

const longer = (text: string, digest: string): string => {
  const more = text === '' ? digest : `${text},${digest}`
  return isLonger(`${IMAGE_LAYERS}${more}`, MOST_BYTES) ? text : more
}

// What begins with `remote/` says from where it comes, which is for the client to say.
const isForSnapshotters = (name: string): boolean =>
  name.startsWith(OF_SNAPSHOTTERS) && !name.startsWith(`${OF_SNAPSHOTTERS}remote/`)

const ofImage = (annotations: unknown): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(isRecord(annotations) ? annotations : {}).flatMap(([name, value]): ReadonlyArray<[string, string]> =>
      isForSnapshotters(name) && typeof value === 'string' && !isLonger(`${name}${value}`, MOST_BYTES)
        ? [[name, value]]
        : [])
  )
