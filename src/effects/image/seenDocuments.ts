import * as E from 'fp-ts/Either'

import { chainIds } from '../../core/image/chainIds'
import { Descriptor } from '../../core/image/Descriptor'
import * as Manifest from '../../core/image/Manifest'
import { Containerd } from '../containerd/Containerd'
import * as content from '../containerd/content'
import { must } from '../ports/must'

/** What an image becomes on this host: the chain ids of its layers, bottom first, and what its blobs take. */
export interface SeenDocuments {
  readonly chains: ReadonlyArray<ReadonlyArray<string>>
  readonly blobs: ReadonlyMap<string, number>
}

const NONE: SeenDocuments = { chains: [], blobs: new Map() }

// As deep as whoever pulls looks (manifestBelow).
const DEEPEST = 4

/**
 * The documents of an image that are here, of every platform. What is not here, or is no document, is nothing: nobody
 * runs it. Throws `Thrown` where containerd does not answer.
 */
export const seenDocuments = async (
  containerd: Containerd, top: Descriptor, depth = 0
): Promise<SeenDocuments> => {
  const document = await read(containerd, top.digest)
  if (document === undefined || depth > DEEPEST) return NONE
  const own = new Map([[top.digest, top.size]])
  if (!Manifest.isIndex(top.mediaType)) return ofManifest(containerd, document, own)
  const entries = Manifest.entriesOf(document)
  const below: Array<SeenDocuments> = []
  for (const entry of E.isLeft(entries) ? [] : entries.right)
    below.push(await seenDocuments(containerd, entry, depth + 1))
  return {
    chains: below.flatMap(({ chains }) => chains),
    blobs: new Map([...own, ...below.flatMap(({ blobs }) => [...blobs])])
  }
}

const ofManifest = async (
  containerd: Containerd, document: unknown, own: ReadonlyMap<string, number>
): Promise<SeenDocuments> => {
  const manifest = Manifest.decode(document)
  if (E.isLeft(manifest)) return { ...NONE, blobs: own }
  const { config, layers } = manifest.right
  const diffIds = Manifest.agreedDiffIds(manifest.right, await read(containerd, config.digest))
  const here = await Promise.all([config, ...layers].map(async ({ digest, size }) =>
    must(await content.info(containerd, digest)()) === undefined ? [] : [[digest, size] as const]))
  return { chains: E.isLeft(diffIds) ? [] : [chainIds(diffIds.right)], blobs: new Map([...own, ...here.flat()]) }
}

const read = async (containerd: Containerd, digest: string): Promise<unknown> => {
  const document = await content.readJson(containerd, digest)()
  if (E.isRight(document)) return document.right
  return ['NotFound', 'Invalid'].includes(document.left._tag) ? undefined : must(document)
}
