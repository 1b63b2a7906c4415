import { Descriptor } from '../../core/image/Descriptor'
import * as Manifest from '../../core/image/Manifest'
import { Ahead, Bounds } from '../../core/plan/fetching'
import { Containerd } from '../containerd/Containerd'
import * as content from '../containerd/content'
import { must } from '../ports/must'
import { stoppedBy } from '../ports/stoppedBy'
import { failureOf, Thrown } from '../ports/Thrown'
import { Registry } from '../registry/Registry'
import { Arrivals } from './Arrivals'
import { atOnce } from './atOnce'
import { shownLazily } from './shownLazily'
import { unpackLayers } from './unpack'

/** Blobs on their way from a registry into containerd. */
export interface Fetching {
  readonly containerd: Containerd
  readonly registry: Registry
  readonly stop: AbortController
  readonly what: Bounds & {
    readonly name: string
    readonly platform?: string
    readonly lease: string
    readonly ahead: Ahead
  }
  /** The manifest that is fetched. */
  readonly manifestDigest: string
  /** Hears of every byte of a blob that came, or was here already. */
  readonly tell: (bytes: number) => void
}

/**
 * Fetches layers, the lowest first and a few at once, and unpacks meanwhile those that are here, so that little is left
 * to do when the last one has come. What cannot be unpacked is left for whoever unpacks the whole: he tells why.
 */
export const fetchLayers = async (
  work: Fetching, manifest: Manifest.Manifest, diffIds: ReadonlyArray<string>
): Promise<void> => {
  const { what, stop } = work
  const shown = await shownLazily(work, { manifest, diffIds })
  const [here, missing] = parted(manifest.layers, shown)
  const unpacking = stoppedBy(stop.signal)
  const arrivals = Arrivals(unpacking.signal)
  const unpacked = what.ahead.snapshotter === ''
    ? Promise.resolve()
    : unpackAhead(work, { manifest, diffIds }, { arrivals, stop: unpacking.signal })
  for (const { digest, size } of here) {
    arrivals.arrived(digest)
    work.tell(size)
  }
  try {
    await atOnce(what.parallel, missing, stop, async (blob) => {
      await fetchBlob(work, blob)
      arrivals.arrived(blob.digest)
    })
  } catch (thrown) {
    unpacking.abort()
    await unpacked
    throw thrown
  }
  await unpacked
}

const unpackAhead = async (
  { containerd, what }: Fetching, layers: Parameters<typeof unpackLayers>[1],
  { arrivals, stop }: { readonly arrivals: Arrivals; readonly stop: AbortSignal }
): Promise<void> => {
  const { name, lease, timeoutMs, maxLayers, ahead } = what
  try {
    await unpackLayers({ containerd, stop, what: { name, lease, timeoutMs, maxLayers, ...ahead } }, layers, arrivals.of)
  } catch (thrown) {
    if (!stop.aborted) throw new Thrown(failureOf(thrown, `unpack ${name}`))
  }
}

/** The blobs that need not come, because all that is made of them is shown, and the others; each once. */
const parted = (
  layers: ReadonlyArray<Descriptor>, shown: number
): readonly [ReadonlyArray<Descriptor>, ReadonlyArray<Descriptor>] => {
  const missing = once(layers.slice(shown))
  const wanted = new Set(missing.map(({ digest }) => digest))
  return [once(layers.slice(0, shown)).filter(({ digest }) => !wanted.has(digest)), missing]
}

/** Each blob once. */
const once = (blobs: ReadonlyArray<Descriptor>): ReadonlyArray<Descriptor> =>
  [...new Map(blobs.map((blob) => [blob.digest, blob])).values()]

/** Brings a blob; one that is here is held by the lease, and asked of nobody. */
export const fetchBlob = async (work: Fetching, blob: Descriptor): Promise<void> => {
  const { containerd, registry, what, stop, tell } = work
  const come = { bytes: 0 }
  const open = async (): Promise<AsyncIterable<Uint8Array>> => heard(await registry.blob(blob), (bytes) => {
    come.bytes += bytes
    tell(bytes)
  })
  must(await content.write(containerd, blob, open, what.lease, {}, stop.signal)())
  if (come.bytes < blob.size) tell(blob.size - come.bytes)
}

async function* heard(data: AsyncIterable<Uint8Array>, hear: (bytes: number) => void): AsyncGenerator<Uint8Array> {
  for await (const chunk of data) {
    hear(chunk.length)
    yield chunk
  }
}

/** Tells of all blobs of an image together, and never less than was told before. */
export const told = (
  { config, layers }: Manifest.Manifest, tell: (come: { readonly bytes: number; readonly ofBytes: number }) => void
): Fetching['tell'] => {
  const ofBytes = once([config, ...layers]).reduce((sum, { size }) => sum + size, 0)
  let bytes = 0
  return (more) => {
    bytes += more
    tell({ bytes, ofBytes })
  }
}
