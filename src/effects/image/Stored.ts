import * as Manifest from '../../core/image/Manifest'

/** An image whose documents containerd has: what its name stands for, the manifest of this platform, the config. */
export interface Stored {
  readonly digest: string
  readonly manifest: Manifest.Manifest
  readonly config: unknown
  readonly diffIds: ReadonlyArray<string>
}

/** An image, and the digests of the documents that say so. */
export interface Documents {
  readonly image: Stored
  readonly digests: ReadonlyArray<string>
}
