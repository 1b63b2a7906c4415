/** What lies at a path. `refused`: whoever asks may not know. */
export type Looked =
  | { readonly kind: 'file'; readonly bytes: number }
  | { readonly kind: 'directory' | 'link' | 'other' | 'absent' | 'refused' }

/** A name in a directory. */
export interface Entry {
  readonly name: string
  readonly kind: 'file' | 'directory' | 'link' | 'other'
}

/** An answer that was not given, in words for people. */
export interface Refused {
  readonly path: string
  readonly why: string
}

/**
 * What the functions of one job that ask for files (`file`, `filebase64`, `fileexists`, `fileset`) get to see. Paths
 * are absolute. `undefined` and `refused` are answers that were not given; `refusals` says why.
 */
export interface Reach {
  /** The directory from which relative paths start. */
  readonly dir: string
  readonly look: (path: string, isFollowed: boolean) => Looked
  readonly read: (path: string) => Uint8Array | undefined
  readonly entries: (path: string) => ReadonlyArray<Entry> | undefined
  readonly refusals: () => ReadonlyArray<Refused>
}
