import * as Manifest from '../../core/image/Manifest'
import { Document, documentOf } from '../ports/Document'

/** Media types of what is made here (image-spec, media-types.md). */
export const TAR = 'application/vnd.oci.image.layer.v1.tar'
const CONFIG = 'application/vnd.oci.image.config.v1+json'
const MANIFEST = 'application/vnd.oci.image.manifest.v1+json'

/** The config of an image, in these bytes. */
export const configOf = (bytes: Buffer): Document => documentOf(CONFIG, bytes)

/** The manifest of an image that has none. */
export const manifestOf = (of: Manifest.Manifest): Document & { readonly of: Manifest.Manifest } => {
  const text = JSON.stringify({ schemaVersion: 2, mediaType: MANIFEST, ...of })
  return { ...documentOf(MANIFEST, Buffer.from(text)), of }
}
