/**
 * What only the host or the image can tell. The core asks in data; `answer` in effects reads, and nothing else. A
 * device that
 * is a directory is answered with every device below it; a block device by itself, and no directory. A `platform` of
 * `""` is the
 * host's; `places` are clean paths in the container, and the image's own working directory is always among those that
 * are answered.
 * `path` of AskNetwork is CNI_PATH.
 * `likely` is what the sample takes a path for, offline. No link is followed in a path below `below`: a task may have
 * made it; with
 * `""` every link is.
 */
export type Question =
  | { readonly _tag: 'AskHost' }
  | {
      readonly _tag: 'AskImage'
      readonly name: string
      /** The name under which containerd has it, where that is another: of an image that the task brought along. */
      readonly record?: string
      readonly snapshotter: string
      readonly platform: string
      readonly places: ReadonlyArray<string>
    }
  | { readonly _tag: 'AskPath'; readonly path: string; readonly likely: 'directory' | 'file'; readonly below: string }
  | { readonly _tag: 'AskDevice'; readonly path: string }
  | { readonly _tag: 'AskBlockDevice'; readonly path: string }
  | { readonly _tag: 'AskFile'; readonly path: string }
  | { readonly _tag: 'AskCdi' }
  | { readonly _tag: 'AskNetwork'; readonly path: string }
  | { readonly _tag: 'AskConflist'; readonly name: string; readonly directory: string }
