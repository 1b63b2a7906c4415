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
import { keepDocuments, knownDocuments } from './knownDocuments'
import { Documents, Stored } from './Stored'

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
    const key = `${found.right.digest} ${found.right.mediaType} ${platform}`
    const known = await knownDocuments(containerd, key)
    if (known !== undefined) return E.right(known)
    const read = await readDocuments(containerd, { doing, platform }, found.right)
    if (E.isRight(read)) keepDocuments(containerd, key, read.right)
    return E.map(({ image }: Documents) => image)(read)
  }

const readDocuments = async (
  containerd: Containerd,
  { doing, platform }: { readonly doing: string; readonly platform: string },
  { digest, mediaType }: Target
): Promise<E.Either<Failure, Documents>> => {
  const top = await content.readJson(containerd, digest)()
  if (E.isLeft(top)) return top
  const below = await manifestIn(containerd, { doing, mediaType, digest }, top.right, Platform(platform, ARCHITECTURE))
  if (E.isLeft(below)) return below
  const { manifest } = below.right
  const config = await content.readJson(containerd, manifest.config.digest)()
  if (E.isLeft(config)) return config
  const other = Manifest.isIndex(mediaType) ? undefined : mismatch(platform, config.right)
  if (other !== undefined) return E.left(Failure('NotFound', doing, other))
  const diffIds = Manifest.diffIdsOf(config.right)
  if (E.isLeft(diffIds)) return E.left(Failure('Invalid', doing, `its config ${diffIds.left}`))
  return diffIds.right.length === manifest.layers.length && diffIds.right.length > 0
    ? E.right({
        image: { digest, manifest, config: config.right, diffIds: diffIds.right },
        digests: [digest, below.right.digest, manifest.config.digest]
      })
    : E.left(Failure('Invalid', doing, 'its manifest and its config do not agree on the layers, or it has none'))
}

const manifestIn = async (
  containerd: Containerd,
  { doing, mediaType, digest }: { readonly doing: string; readonly mediaType: string; readonly digest: string },
  top: unknown,
  platform: Platform
): Promise<E.Either<Failure, { readonly manifest: Manifest.Manifest; readonly digest: string }>> => {
  const read = (of: string, document: unknown): ReturnType<typeof manifestIn> =>
    Promise.resolve(
      E.bimap(
        (reason: string) => Failure('Invalid', doing, reason),
        (manifest: Manifest.Manifest) => ({ manifest, digest: of })
      )(Manifest.decode(document))
    )
  if (!Manifest.isIndex(mediaType)) return read(digest, top)
  const chosen = await chosenIn(containerd, doing, top, platform)
  if (E.isLeft(chosen)) return chosen
  const document = await content.readJson(containerd, chosen.right.digest)()
  return E.isLeft(document) ? document : read(chosen.right.digest, document.right)
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
