import * as E from 'fp-ts/Either'
import * as TE from 'fp-ts/TaskEither'

import { Failure } from '../../core/domain/Failure'
import { chainIds } from '../../core/image/chainIds'
import { Containerd } from '../containerd/Containerd'
import * as content from '../containerd/content'
import * as snapshots from '../containerd/snapshots'
import { within } from '../ports/Clock'
import { stoppedBy, whyStopped } from '../ports/stoppedBy'
import { systemClock } from '../ports/systemClock'
import { tooBig, withinLayers } from './bounds'
import { Stored } from './Stored'
import { stored } from './StoredImage'
import { unpackLayer } from './unpackLayer'
import { Unpack, Work } from './Work'

/**
 * Turns the layers of an image into snapshots, bottom first, under a lease. What is there already is not done again
 * where it is proven to be this image's. Stops, with nothing half done, when it takes too long or grows above
 * `maxBytes`.
 */
export const unpackImage = (containerd: Containerd, what: Unpack): TE.TaskEither<Failure, void> => async () => {
  const doing = `unpack ${what.name}`
  const image = await stored(containerd, what.name, what.platform)()
  if (E.isLeft(image)) return image
  const few = withinLayers(image.right.manifest, what)
  if (E.isLeft(few)) return E.left(Failure('Invalid', doing, few.left))
  const time = within(systemClock, what.timeoutMs, what.signal)
  const stop = stoppedBy(time.signal)
  try {
    const outcome = await unpackLayers({ containerd, what, stop: stop.signal }, image.right)
    return E.isRight(outcome) || !time.signal.aborted ? outcome : E.left(whyStopped(time.signal, doing, what.timeoutMs))
  } finally {
    stop.abort()
    time.end()
  }
}

/** What of an image is unpacked. */
export type Layers = Pick<Stored, 'manifest' | 'diffIds'>

/** Unpacks layer by layer; `here` is waited for before each, and may throw. */
export const unpackLayers = async (
  work: Work, image: Layers, here: (digest: string) => Promise<void> = () => Promise.resolve()
): Promise<E.Either<Failure, void>> => {
  const {
    containerd,
    what: { snapshotter, maxBytes }
  } = work
  const chain = chainIds(image.diffIds)
  let left = maxBytes < 0 ? Infinity : maxBytes
  for (const [index, layer] of image.manifest.layers.entries()) {
    const one = {
      layer,
      diffId: image.diffIds[index] ?? '',
      snapshotter,
      chainId: chain[index] ?? '',
      parent: chain[index - 1] ?? ''
    }
    await here(layer.digest)
    const made = await unpackLayer(work, one, left)()
    if (E.isLeft(made)) return made
    const taken = await snapshots.bytesOf(containerd, { snapshotter, key: one.chainId })()
    if (E.isLeft(taken)) return taken
    left -= taken.right
    if (left < 0) return E.left(Failure('Invalid', `unpack ${work.what.name}`, tooBig(maxBytes)))
  }
  return content.label(containerd, image.manifest.config.digest, {
    [`containerd.io/gc.ref.snapshot.${snapshotter}`]: chain.at(-1) ?? ''
  })()
}
