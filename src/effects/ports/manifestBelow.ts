import * as E from 'fp-ts/Either'

import { Failure } from '../../core/domain/Failure'
import { Descriptor } from '../../core/image/Descriptor'
import * as Manifest from '../../core/image/Manifest'
import { Platform } from '../../core/image/Platform'
import { Thrown } from './Thrown'

/** An index with its bytes as they were read, or whatever whoever read it wants to keep of it. */
export interface Read<A> {
  readonly document: unknown
  readonly kept: A
}

/** Where a manifest was found: every index on the way to it, the outermost first, with what it was chosen from it. */
export interface Found<A> {
  readonly manifest: Descriptor
  readonly way: ReadonlyArray<{ readonly index: A; readonly chosen: Descriptor }>
}

/** An index and where its documents come from; `read` answers undefined for one that is not there. */
export interface Below<A> {
  readonly top: Read<A>
  readonly platform: Platform
  readonly read: (index: Descriptor) => Promise<Read<A> | undefined>
  readonly doing: string
}

// Docker and BuildKit write one index in another; nobody nests deeper on purpose.
const MOST_INDEXES = 16

/**
 * The manifest for a platform in an index, or in an index in it, and so on: the first that fits, 16 indexes at most.
 * Throws `Thrown`: `Invalid` for what is no index, `NotFound` where none fits, with all that is offered.
 */
export const manifestBelow = async <A>({ top, platform, read, doing }: Below<A>): Promise<Found<A>> => {
  const seen = new Set<string>()
  const offered: Array<Platform | undefined> = []
  const search = async ({ document, kept }: Read<A>): Promise<Found<A> | undefined> => {
    const offers = Manifest.offersFor(document, platform)
    if (E.isLeft(offers)) throw new Thrown(Failure('Invalid', doing, offers.left))
    offered.push(...offers.right.offered)
    for (const chosen of offers.right.fitting) {
      const step = { index: kept, chosen }
      if (!Manifest.isIndex(chosen.mediaType)) return { manifest: chosen, way: [step] }
      if (seen.has(chosen.digest)) continue
      seen.add(chosen.digest)
      if (seen.size >= MOST_INDEXES) throw new Thrown(Failure('Invalid', doing, TOO_MANY))
      const inner = await read(chosen)
      const below = inner === undefined ? undefined : await search(inner)
      if (below !== undefined) return { ...below, way: [step, ...below.way] }
    }
    return undefined
  }
  const found = await search(top)
  if (found === undefined) throw new Thrown(Failure('NotFound', doing, Manifest.noneFor(platform, offered)))
  return found
}

const TOO_MANY = `leads through more than ${String(MOST_INDEXES)} indexes`
