import { Disk, SeenImages } from '../../../src/core/gc/SeenImages'
import { verdicts } from '../../../src/core/gc/verdicts'
import { collect } from './collect'
import { Act, done, Outcome } from './Outcome'
import { keyOf, State } from './State'

/** All images, and the containers with the layers below them. */
export const seenImages = (state: State): SeenImages => ({
  images: [...state.images].map(([name, { digest, chainId, bytes, pulled }]) => ({
    name, digest, roots: [chainId], bytes, isPulled: pulled !== undefined, node: pulled?.node ?? '', usedAtMs: pulled?.usedAtMs ?? 0
  })),
  users: [...state.containers].map(([container, { owner, snapshotter, key, asked }]) =>
    ({ container, owner, image: asked?.image ?? '', layers: layersBelow(state, snapshotter, key) }))
})

const layersBelow = (state: State, snapshotter: string, key: string): ReadonlyArray<string> => {
  const parent = state.snapshots.get(keyOf({ snapshotter, key }))?.parent ?? ''
  return parent === '' ? [] : [parent, ...layersBelow(state, snapshotter, parent)]
}

/** Half of it is in use, or all. */
export const diskOf = ({ isFull }: State): Disk => ({ usedBytes: isFull ? 100 : 50, totalBytes: 100 })

export const noteUse = (state: State, { image, digest, atMs }: Act<'NoteUse'>): Outcome => {
  const found = state.images.get(image)
  if (found?.pulled !== undefined && found.digest === digest)
    state.images.set(image, { ...found, pulled: { ...found.pulled, usedAtMs: atMs } })
  return done
}

/** With the collection, what the image alone kept is gone at once. */
export const collectImage = (state: State, { image, digest, node }: Act<'CollectImage'>): Outcome => {
  const found = state.images.get(image)
  const asker = { node, starting: [], lastUses: {}, nowMs: 0 }
  const users = verdicts(seenImages(state), asker, { keep: [], delayMs: 0 }).find((one) => one.image.name === image)?.users ?? []
  if (found?.pulled?.node !== node || found.digest !== digest || users.length > 0) return done
  state.images.delete(image)
  collect(state)
  return done
}
