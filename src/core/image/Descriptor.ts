/** A blob by what it is: media type, digest, size in bytes. */
export interface Descriptor {
  readonly mediaType: string
  readonly digest: string
  readonly size: number
}
