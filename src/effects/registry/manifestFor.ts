import * as E from 'fp-ts/Either'

import { Failure } from '../../core/domain/Failure'
import { Descriptor } from '../../core/image/Descriptor'
import * as Manifest from '../../core/image/Manifest'
import { Platform } from '../../core/image/Platform'
import { ARCHITECTURE } from '../host/architecture'
import { documentIn } from '../ports/documentIn'
import { Thrown } from '../ports/Thrown'
import { Registry } from './Registry'

/**
 * What a name stands for at its registry, and the manifest of one platform; without an index both are the same
 * document.
 */
export interface Chosen {
  readonly top: { readonly descriptor: Descriptor; readonly bytes: Buffer }
  readonly isIndex: boolean
  readonly chosen: Descriptor
  readonly bytes: Buffer
  readonly manifest: Manifest.Manifest
}

/**
 * Asks for a tag or digest and, of an index, for the manifest that runs on `platform` (`""` is this machine's). Throws
 * `Thrown`.
 */
export const manifestFor = async (
  registry: Registry,
  tagOrDigest: string,
  platform: string,
  doing: string
): Promise<Chosen> => {
  const top = await registry.manifest(tagOrDigest)
  const isIndex = Manifest.isIndex(top.descriptor.mediaType)
  const chosen = isIndex
    ? must(
        doing,
        E.chain((document: unknown) => Manifest.choose(document, Platform(platform, ARCHITECTURE)))(
          documentIn(top.bytes)
        )
      )
    : top.descriptor
  const { bytes } = isIndex ? await registry.manifest(chosen.digest) : top
  if (bytes.length !== chosen.size)
    throw new Thrown(
      Failure(
        'Invalid',
        doing,
        `its manifest ${chosen.digest} has ${String(bytes.length)} bytes, its index says ${String(chosen.size)}`
      )
    )
  return { top, isIndex, chosen, bytes, manifest: must(doing, E.chain(Manifest.decode)(documentIn(bytes))) }
}

/** What has to be, or a failure with the reason why it is not. */
export const must = <A>(doing: string, outcome: E.Either<string, A>): A => {
  if (E.isLeft(outcome)) throw new Thrown(Failure('Invalid', doing, outcome.left))
  return outcome.right
}
