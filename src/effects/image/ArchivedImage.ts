import * as E from 'fp-ts/Either'

import { Failure } from '../../core/domain/Failure'
import { dockerImage, ociImages } from '../../core/image/ArchiveIndex'
import { Descriptor } from '../../core/image/Descriptor'
import * as Manifest from '../../core/image/Manifest'
import { Platform } from '../../core/image/Platform'
import { ARCHITECTURE } from '../host/architecture'
import { Document } from '../ports/Document'
import { documentIn } from '../ports/documentIn'
import { manifestBelow, Read } from '../ports/manifestBelow'
import { mustBe } from '../ports/must'
import { Thrown } from '../ports/Thrown'
import { Archive } from './Archive'
import { blobDigest, File, Files, filesIn, found, isCompressed, read } from './archiveFiles'
import { configOf, manifestOf, TAR } from './made'
import { Documents } from './storeDocuments'

/** An image in an archive: its documents, and where in the archive its layers are, by their digests. */
export interface ArchivedImage extends Documents {
  readonly top: Descriptor
  readonly config: Document
  readonly layers: ReadonlyMap<string, string>
}

/** Which image of an archive, and how whoever reads it is called. */
export interface Asked {
  readonly transport: string
  readonly named: string
  readonly platform: string
  readonly doing: string
}

/** Looks through an archive for an image. Throws `Thrown`: `Invalid`, in words that name what is missing. */
export const imageIn = async (archive: Archive, asked: Asked): Promise<ArchivedImage> => {
  const files = await filesIn(archive)
  const { transport, doing } = asked
  const isDocker = files.has('manifest.json') && (transport === 'docker-archive' || transport === 'archive')
  if (isDocker) return ofDocker(files, asked)
  if (transport !== 'docker-archive' && files.has('index.json')) return ofLayout(files, asked)
  const wanted = { 'docker-archive': 'no manifest.json of `docker save`', archive: NEITHER }[transport]
  throw new Thrown(Failure('Invalid', doing, `has ${wanted ?? 'no index.json of an OCI layout'}`))
}

const NEITHER = 'neither a manifest.json of `docker save` nor an index.json of an OCI layout'

const ofDocker = (files: Files, { named, doing }: Asked): ArchivedImage => {
  const index = mustBe(doing, documentIn(read(files, 'manifest.json', doing)))
  const image = mustBe(doing, dockerImage(index, named))
  const config = configOf(read(files, image.config, doing))
  const diffIds = mustBe(doing, Manifest.agreedDiffIds(image, mustBe(doing, documentIn(config.bytes))))
  const layers = image.layers.map((path, at) => layerOf(...found(files, path, doing), diffIds[at] ?? ''))
  const of = { config: config.descriptor, layers: layers.map(({ descriptor }) => descriptor) }
  const manifest = manifestOf(of)
  const places = new Map(layers.map(({ descriptor: { digest }, path }) => [digest, path]))
  return { top: manifest.descriptor, config, manifest, way: [], layers: places }
}

/** A layer of `docker save`: what it is without compression its config says, and containerd verifies. */
const layerOf = (
  path: string, { size, head, digest }: File, diffId: string
): { readonly path: string; readonly descriptor: Descriptor } => {
  if (!isCompressed(head)) return { path, descriptor: { mediaType: TAR, digest: diffId, size } }
  const kind = head[0] === 0x1f ? 'gzip' : 'zstd'
  return { path, descriptor: { mediaType: `${TAR}+${kind}`, digest: digest ?? blobDigest(path) ?? '', size } }
}

const ofLayout = async (files: Files, { named, platform, doing }: Asked): Promise<ArchivedImage> => {
  const index = mustBe(doing, documentIn(read(files, 'index.json', doing)))
  const entries = mustBe(doing, ociImages(index, named))
  const { manifest: chosen, way, top } = await chosenOf(files, entries, platform, doing)
  const bytes = read(files, pathOf(chosen), doing)
  const of = mustBe(doing, E.chain(Manifest.decode)(documentIn(bytes)))
  const config = { descriptor: of.config, bytes: read(files, pathOf(of.config), doing) }
  const layers = new Map(of.layers.map((one) => [one.digest, found(files, pathOf(one), doing)[0]]))
  return { top, config, manifest: { descriptor: chosen, bytes, of }, way, layers }
}

interface Chosen extends Pick<ArchivedImage, 'way' | 'top'> {
  readonly manifest: Descriptor
}

/** One entry is the image, be it a manifest or an index; of several, the one for the platform. */
const chosenOf = async (
  files: Files, entries: ReadonlyArray<Descriptor>, platform: string, doing: string
): Promise<Chosen> => {
  const [only] = entries
  if (only !== undefined && entries.length === 1 && !Manifest.isIndex(only.mediaType))
    return { manifest: only, way: [], top: only }
  const readIndex = (descriptor: Descriptor): Promise<Read<Document>> => {
    const bytes = read(files, pathOf(descriptor), doing)
    return Promise.resolve({ document: mustBe(doing, documentIn(bytes)), kept: { descriptor, bytes } })
  }
  const outermost = { document: { manifests: entries }, kept: { descriptor: NO_INDEX, bytes: Buffer.alloc(0) } }
  const wanted = Platform(platform, ARCHITECTURE)
  const { manifest, way } = await manifestBelow({ top: outermost, platform: wanted, read: readIndex, doing })
  // The list of the layout itself is no part of the image.
  const [, ...rest] = way
  return { manifest, way: rest, top: rest[0]?.index.descriptor ?? manifest }
}

const NO_INDEX: Descriptor = { mediaType: '', digest: '', size: 0 }

const pathOf = ({ digest }: Descriptor): string => `blobs/${digest.replace(':', '/')}`
