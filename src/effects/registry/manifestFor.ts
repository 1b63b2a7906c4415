import * as E from 'fp-ts/Either'

import { Failure } from '../../core/domain/Failure'
import { Descriptor } from '../../core/image/Descriptor'
import * as Manifest from '../../core/image/Manifest'
import { Platform } from '../../core/image/Platform'
import { ARCHITECTURE } from '../host/architecture'
import { Document } from '../ports/Document'
import { documentIn } from '../ports/documentIn'
import { Found, manifestBelow, Read } from '../ports/manifestBelow'
import { mustBe } from '../ports/must'
import { failureOf, Thrown } from '../ports/Thrown'
import { Registry } from './Registry'

/**
 * What a name stands for at its registry, and the manifest of one platform; without an index both are the same
 * document. `way` are the indexes that lead to the manifest, the outermost first, each with what was chosen of it.
 */
export interface Chosen {
  readonly top: Document
  readonly isIndex: boolean
  readonly way: ReadonlyArray<{ readonly index: Document; readonly chosen: Descriptor }>
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
  const { manifest: chosen, way } = Manifest.isIndex(top.descriptor.mediaType)
    ? await ofIndex(registry, top, platform, doing)
    : { manifest: top.descriptor, way: [] }
  const { bytes } = way.length > 0 ? await registry.manifest(chosen.digest) : top
  sized(doing, chosen, bytes)
  const manifest = mustBe(doing, E.chain(Manifest.decode)(documentIn(bytes)))
  return { top, isIndex: way.length > 0, way, chosen, bytes, manifest }
}

const ofIndex = async (
  registry: Registry, top: Document, platform: string, doing: string
): Promise<Found<Document>> => {
  const read = async (index: Descriptor): Promise<Read<Document>> => {
    const { bytes } = await registry.manifest(index.digest)
    sized(doing, index, bytes)
    return { document: mustBe(doing, documentIn(bytes)), kept: { descriptor: index, bytes } }
  }
  try {
    return await manifestBelow({
      top: { document: mustBe(doing, documentIn(top.bytes)), kept: top },
      platform: Platform(platform, ARCHITECTURE), read, doing
    })
  } catch (thrown) {
    // The registry has the image, and none for this platform: no later try finds one.
    const failure = failureOf(thrown, doing)
    throw new Thrown(failure._tag === 'NotFound' && failure.doing === doing ? { ...failure, _tag: 'Invalid' } : failure)
  }
}

const sized = (doing: string, { digest, size }: Descriptor, bytes: Buffer): void => {
  if (bytes.length === size) return
  const detail = `its manifest ${digest} has ${String(bytes.length)} bytes, its index says ${String(size)}`
  throw new Thrown(Failure('Invalid', doing, detail))
}
