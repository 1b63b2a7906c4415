/** A blob by what it is: media type, digest, size in bytes; and where else it lies, for one that no registry may have. */
export interface Descriptor {
  readonly mediaType: string
  readonly digest: string
  readonly size: number
  readonly urls?: ReadonlyArray<string> | undefined
  /** What the image says of it, as it says it: an object of texts where it is right. */
  readonly annotations?: unknown
}
