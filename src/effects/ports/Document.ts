import { Descriptor } from '../../core/image/Descriptor'
import { digestOf } from './digestOf'

/** A document of an image, or a blob that is small enough: what it is, and its bytes. */
export interface Document {
  readonly descriptor: Descriptor
  readonly bytes: Buffer
}

/** Bytes as a document of this media type. */
export const documentOf = (mediaType: string, bytes: Buffer): Document =>
  ({ descriptor: { mediaType, digest: digestOf(bytes), size: bytes.length }, bytes })
