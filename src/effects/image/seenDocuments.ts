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

// As many indexes as whoever pulls looks through (manifestBelow), in whatever way they lie in one another.
const MOST_INDEXES = 16

/**
 * The documents of an image that are here, of every platform. What is not here, or is no document, is nothing: nobody
 * runs it. Each is looked at once, however often it is named. Throws `Thrown` where containerd does not answer.
 */
export const seenDocuments = async (containerd: Containerd, top: Descriptor): Promise<SeenDocuments> => {
  const named = new Map([[top.digest, top]])
  const chains = new Map<string, ReadonlyArray<string>>()
  const blobs = new Map<string, number>()
  const indexes = new Set<string>()
  // What an index names is looked at after it: a map goes on over what is added to it.
  for (const one of named.values()) {
    const document = await read(containerd, one.digest)
    if (document === undefined) continue
    blobs.set(one.digest, one.size)
    if (Manifest.isIndex(one.mediaType)) {
      indexes.add(one.digest)
      const entries = indexes.size > MOST_INDEXES ? E.right([]) : Manifest.entriesOf(document)
      for (const entry of E.isLeft(entries) ? [] : entries.right) {
        if (!named.has(entry.digest)) named.set(entry.digest, entry)
      }
    } else {
      const seen = await ofManifest(containerd, document)
      for (const chain of seen.chains) chains.set(chain.at(-1) ?? '', chain)
      for (const [digest, size] of seen.blobs) blobs.set(digest, size)
    }
  }
  return { chains: [...chains.values()], blobs }
}

const ofManifest = async (containerd: Containerd, document: unknown): Promise<SeenDocuments> => {
  const manifest = Manifest.decode(document)
  if (E.isLeft(manifest)) return NONE
  const { config, layers } = manifest.right
  const diffIds = Manifest.agreedDiffIds(manifest.right, await read(containerd, config.digest))
  const here = await Promise.all([config, ...layers].map(async ({ digest, size }) =>
    must(await content.info(containerd, digest)()) === undefined ? [] : [[digest, size] as const]))
  return { chains: E.isLeft(diffIds) ? [] : [chainIds(diffIds.right)], blobs: new Map(here.flat()) }
}

const read = async (containerd: Containerd, digest: string): Promise<unknown> => {
  const document = await content.readJson(containerd, digest)()
  if (E.isRight(document)) return document.right
  return ['NotFound', 'Invalid'].includes(document.left._tag) ? undefined : must(document)
}
