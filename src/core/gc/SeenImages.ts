/** An image by one of its names, as containerd has it. */
export interface SeenImage {
  readonly name: string
  readonly digest: string
  /** The chain ids of what it becomes when it is unpacked: one for each platform of which something is here. */
  readonly roots: ReadonlyArray<string>
  /** What its blobs and snapshots take, in bytes, be they shared with other images or not. */
  readonly bytes: number
  /** Whether this driver made it what it is, and for which agent; `""` for none. */
  readonly isPulled: boolean
  readonly node: string
  /** When it was last seen in use, or was pulled, in milliseconds since 1970. */
  readonly usedAtMs: number
}

/** A container of anybody's: the image that it names, and the chain ids of the layers that its root stands on. */
export interface SeenUser {
  readonly container: string
  /** Nomad's task id; `""` where another program made it. */
  readonly owner: string
  readonly image: string
  readonly layers: ReadonlyArray<string>
}

/** The file system that holds containerd's root, in bytes, as df(1) counts: what is kept for root is no part of it. */
export interface Disk {
  readonly usedBytes: number
  readonly totalBytes: number
}

/** The images of a namespace and who uses them; `disk` is undefined where nobody asked. */
export interface SeenImages {
  readonly images: ReadonlyArray<SeenImage>
  readonly users: ReadonlyArray<SeenUser>
  readonly disk?: Disk
}
