import * as E from 'fp-ts/Either'
import { pipe } from 'fp-ts/function'
import * as TE from 'fp-ts/TaskEither'

import { Failure } from '../../core/domain/Failure'
import { Descriptor } from '../../core/image/Descriptor'
import * as Manifest from '../../core/image/Manifest'
import { mismatch, Platform } from '../../core/image/Platform'
import { Descriptor as Target } from '../../generated/containerd/containerd'
import { Image } from '../../generated/containerd/images'
import { call, orAbsent } from '../containerd/call'
import { Containerd } from '../containerd/Containerd'
import * as content from '../containerd/content'
import { ARCHITECTURE } from '../host/architecture'
import { manifestBelow, Read } from '../ports/manifestBelow'
import { failureOf, Thrown } from '../ports/Thrown'

/** An image whose documents containerd has: what its name stands for, the manifest of this platform, the config. */
export interface Stored {
  readonly digest: string
  readonly manifest: Manifest.Manifest
  readonly config: unknown
  readonly diffIds: ReadonlyArray<string>
}

/** The record of an image; undefined where there is none of this name. */
export const imageNamed = (containerd: Containerd, name: string): TE.TaskEither<Failure, Image | undefined> =>
  pipe(
    orAbsent(call(containerd, `look for image ${name}`, ['images', 'get'], { name })),
    TE.map((answer) => answer?.image)
  )

/** The target of an image record; undefined when containerd has no image of this name. */
export const target = (containerd: Containerd, name: string): TE.TaskEither<Failure, Target | undefined> =>
  pipe(imageNamed(containerd, name), TE.map((image) => image?.target))

/**
 * Reads an image's documents from containerd's content store. NotFound when the image or one of them is not there, or
 * when it is there for another platform only: the registry may have it. A platform of `""` is this machine's.
 */
export const stored =
  (containerd: Containerd, name: string, platform = ''): TE.TaskEither<Failure, Stored> =>
  async () => {
    const doing = `read image ${name}`
    const found = await target(containerd, name)()
    if (E.isLeft(found)) return found
    if (found.right === undefined) return E.left(Failure('NotFound', doing, 'containerd has no image of this name'))
    const { digest } = found.right
    const top = await content.readJson(containerd, digest)()
    if (E.isLeft(top)) return top
    const manifest = await manifestIn(
      containerd,
      doing,
      found.right.mediaType,
      top.right,
      Platform(platform, ARCHITECTURE)
    )
    if (E.isLeft(manifest)) return manifest
    const config = await content.readJson(containerd, manifest.right.config.digest)()
    if (E.isLeft(config)) return config
    const other = Manifest.isIndex(found.right.mediaType) ? undefined : mismatch(platform, config.right)
    if (other !== undefined) return E.left(Failure('NotFound', doing, other))
    const diffIds = Manifest.diffIdsOf(config.right)
    if (E.isLeft(diffIds)) return E.left(Failure('Invalid', doing, `its config ${diffIds.left}`))
    return diffIds.right.length === manifest.right.layers.length && diffIds.right.length > 0
      ? E.right({ digest, manifest: manifest.right, config: config.right, diffIds: diffIds.right })
      : E.left(Failure('Invalid', doing, 'its manifest and its config do not agree on the layers, or it has none'))
  }

const manifestIn = async (
  containerd: Containerd, doing: string, mediaType: string, top: unknown, platform: Platform
): Promise<E.Either<Failure, Manifest.Manifest>> => {
  const wrong = E.mapLeft((reason: string) => Failure('Invalid', doing, reason))
  if (!Manifest.isIndex(mediaType)) return wrong(Manifest.decode(top))
  const chosen = await chosenIn(containerd, doing, top, platform)
  if (E.isLeft(chosen)) return chosen
  const document = await content.readJson(containerd, chosen.right.digest)()
  return E.isLeft(document) ? document : wrong(Manifest.decode(document.right))
}

/** The manifest for a platform in an index; of the indexes in it, those that are here are looked into. */
const chosenIn = async (
  containerd: Containerd, doing: string, top: unknown, platform: Platform
): Promise<E.Either<Failure, Descriptor>> => {
  const read = async ({ digest }: Descriptor): Promise<Read<undefined> | undefined> => {
    const document = await content.readJson(containerd, digest)()
    if (E.isRight(document)) return { document: document.right, kept: undefined }
    if (document.left._tag === 'NotFound') return undefined
    throw new Thrown(document.left)
  }
  try {
    const below = await manifestBelow({ top: { document: top, kept: undefined }, platform, read, doing })
    return E.right(below.manifest)
  } catch (thrown) {
    return E.left(failureOf(thrown, doing))
  }
}
