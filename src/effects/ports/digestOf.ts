import { createHash } from 'node:crypto'

/** The digest of bytes, or of a text in UTF-8, as descriptors have it. */
export const digestOf = (bytes: Uint8Array | string): string =>
  `sha256:${createHash('sha256').update(bytes).digest('hex')}`
