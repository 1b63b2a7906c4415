import * as E from 'fp-ts/Either'

import { PluginConfig } from '../core/decode/PluginConfig'
import { Failure } from '../core/domain/Failure'
import { SeenImages } from '../core/gc/SeenImages'
import { attempt } from '../effects/ports/attempt'
import { Ports } from '../effects/ports/Ports'

/**
 * All images and who uses them, with the file system below them where that is asked for. One that cannot be seen is not
 * full.
 */
export const lookAtImages = async (
  ports: Ports, config: Pick<PluginConfig, 'address' | 'namespace' | 'snapshotter'>, withDisk: boolean
): Promise<E.Either<Failure, SeenImages>> => {
  const { address, namespace, snapshotter } = config
  const reads = ports.reads({ address, namespace })
  const seen = await attempt('look at the images', reads.images(snapshotter))
  if (E.isLeft(seen) || !withDisk) return seen
  const disk = await attempt("look at the file system of containerd's root", reads.disk())
  if (E.isRight(disk)) return E.right({ ...seen.right, disk: disk.right })
  ports.log('warn', 'nobody can tell how full the disk is', { detail: disk.left.detail })
  return seen
}
