import { Descriptor } from '../../core/image/Descriptor'
import * as Manifest from '../../core/image/Manifest'
import { Containerd } from '../containerd/Containerd'
import * as content from '../containerd/content'
import { Document } from '../ports/Document'
import { must } from '../ports/must'

/** Under which lease documents are written, and what ends that. */
interface Into {
  readonly containerd: Containerd
  readonly lease: string
  readonly signal: AbortSignal
}

/** The manifest of an image, and the indexes that lead to it, the outermost first, each with what was chosen of it. */
export interface Documents {
  readonly manifest: Document & { readonly of: Manifest.Manifest }
  readonly way: ReadonlyArray<{ readonly index: Document; readonly chosen: Descriptor }>
}

/** Writes them, the innermost first: each keeps what it leads to from the garbage collector. Throws `Thrown`. */
export const storeDocuments = async (into: Into, { manifest, way }: Documents): Promise<void> => {
  await storeDocument(into, manifest, keeps(manifest.of))
  for (const { index, chosen } of way.toReversed()) {
    await storeDocument(into, index)
    // The index may be here already, on account of another platform: what it keeps is added to.
    must(await content.label(into.containerd, index.descriptor.digest, keepsOne(chosen))())
  }
}

export const storeDocument = async (
  { containerd, lease, signal }: Into, { descriptor, bytes }: Document, labels: Readonly<Record<string, string>> = {}
): Promise<void> => {
  must(await content.write(containerd, descriptor, () => Promise.resolve([bytes]), lease, labels, signal)())
}

const SHA256 = 'sha256:'.length
const SHORT = 16

/** What an index keeps of its manifests, by their digests: other clients number theirs. */
const keepsOne = ({ digest }: Descriptor): Readonly<Record<string, string>> =>
  ({ [`containerd.io/gc.ref.content.m.${digest.slice(SHA256, SHA256 + SHORT)}`]: digest })

/** What a manifest keeps: its config and its layers. */
export const keeps = ({ config, layers }: Manifest.Manifest): Readonly<Record<string, string>> => ({
  'containerd.io/gc.ref.content.config': config.digest,
  ...Object.fromEntries(layers.map(({ digest }, index) => [`containerd.io/gc.ref.content.l.${String(index)}`, digest]))
})
