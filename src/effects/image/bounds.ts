import * as E from 'fp-ts/Either'

import { Manifest } from '../../core/image/Manifest'
import { Bounds } from '../../core/plan/fetching'

/** Left says why an image is more than the operator puts up with, before any layer of it is touched. */
export const withinLayers = ({ layers }: Manifest, { maxLayers }: Pick<Bounds, 'maxLayers'>): E.Either<string, void> =>
  layers.length > maxLayers
    ? E.left(
        `it has ${String(layers.length)} layers, and the plugin option \`images.max_layers\` allows ${String(maxLayers)}`
      )
    : E.right(undefined)

/** The same for the bytes that would be fetched; a layer that is listed twice comes once. */
export const withinBytes = ({ layers }: Manifest, { maxBytes }: Pick<Bounds, 'maxBytes'>): E.Either<string, void> => {
  const total = [...new Map(layers.map(({ digest, size }) => [digest, size])).values()].reduce(
    (sum, size) => sum + size,
    0
  )
  return maxBytes >= 0 && total > maxBytes
    ? E.left(
        `its layers have ${String(total)} bytes, and the plugin option \`images.max_size\` allows ${String(maxBytes)}`
      )
    : E.right(undefined)
}

/** What is told of an image that grew too big while it was unpacked. */
export const tooBig = (maxBytes: number): string =>
  `it takes more than ${String(maxBytes)} bytes on disk, which is what the plugin option \`images.max_unpacked_size\` allows`
