import * as E from 'fp-ts/Either'
import * as TE from 'fp-ts/TaskEither'

import { Failure } from '../../core/domain/Failure'
import { NODE, OWNER, USED } from '../../core/domain/labels'
import { isPulled } from '../../core/gc/pulled'
import { SeenImage, SeenImages, SeenUser } from '../../core/gc/SeenImages'
import { Container } from '../../generated/containerd/containers'
import { Image } from '../../generated/containerd/images'
import { call } from '../containerd/call'
import { Containerd } from '../containerd/Containerd'
import * as snapshots from '../containerd/snapshots'
import { must } from '../ports/must'
import { failureOf } from '../ports/Thrown'
import { SeenDocuments,seenDocuments } from './seenDocuments'

const DOING = 'look at the images'

/** All images of a namespace and all containers in it, whoever made them. Sizes are those on this snapshotter. */
export const seenImages = (containerd: Containerd, snapshotter = ''): TE.TaskEither<Failure, SeenImages> =>
  async () => {
    try {
      const { images } = must(await call(containerd, DOING, ['images', 'list'], { filters: [] })())
      const { containers } = must(await call(containerd, DOING, ['containers', 'list'], { filters: [] })())
      const place = { containerd, parents: new Map<string, string>(), snapshotter }
      const users: Array<SeenUser> = []
      for (const one of containers) users.push(await seenUser(place, one))
      const seen: Array<SeenImage> = []
      for (const one of images) seen.push(await seenImage(place, one))
      return E.right({ images: seen, users })
    } catch (thrown) {
      return E.left(failureOf(thrown, DOING))
    }
  }

interface Place {
  readonly containerd: Containerd
  /** What snapshots were made on, by snapshotter and key. */
  readonly parents: Map<string, string>
  readonly snapshotter: string
}

const seenUser = async (place: Place, { id, image, labels, snapshotter, snapshotKey }: Container): Promise<SeenUser> =>
  ({ container: id, owner: labels[OWNER] ?? '', image, layers: await layersBelow(place, snapshotter, snapshotKey) })

/** What a snapshot stands on, and that on. One that is not there stands on nothing. */
const layersBelow = async (
  { containerd, parents }: Place, snapshotter: string, key: string
): Promise<ReadonlyArray<string>> => {
  const layers: Array<string> = []
  for (let at = snapshotter === '' ? '' : key; at !== '';) {
    const known = parents.get(`${snapshotter} ${at}`) ?? await parentOf(containerd, { snapshotter, key: at })
    parents.set(`${snapshotter} ${at}`, known)
    if (known !== '') layers.push(known)
    at = known
  }
  return layers
}

const parentOf = async (containerd: Containerd, snapshot: snapshots.Snapshot): Promise<string> => {
  const found = await snapshots.stat(containerd, snapshot)()
  // Of a snapshotter that this containerd does not have nothing is used.
  return E.isLeft(found) && found.left._tag === 'Invalid' ? '' : must(found)?.parent ?? ''
}

const seenImage = async (place: Place, { name, labels, target }: Image): Promise<SeenImage> => {
  const { digest = '', mediaType = '', size = 0n } = target ?? {}
  const documents = await seenDocuments(place.containerd, { digest, mediaType, size: Number(size) })
  const usedAtMs = Date.parse(labels[USED] ?? '')
  return {
    name, digest,
    roots: documents.chains.flatMap((chain) => chain.slice(-1)),
    bytes: await bytesOf(place, documents),
    isPulled: isPulled(name, digest, labels),
    node: labels[NODE] ?? '',
    // What is not known is noted at the next look.
    usedAtMs: Number.isNaN(usedAtMs) ? Number.MAX_SAFE_INTEGER : usedAtMs
  }
}

const bytesOf = async ({ containerd, snapshotter }: Place, { chains, blobs }: SeenDocuments): Promise<number> => {
  let bytes = [...blobs.values()].reduce((sum, size) => sum + size, 0)
  if (snapshotter === '') return bytes
  for (const key of new Set(chains.flat())) {
    const taken = await snapshots.bytesOf(containerd, { snapshotter, key })()
    if (E.isRight(taken)) bytes += taken.right
  }
  return bytes
}
