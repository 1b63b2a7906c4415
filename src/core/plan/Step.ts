/**
 * How far a pull or an unpack may go: time from the first step of its plan, layers, bytes of all layers as they are sent or as
 * they lie on disk (-1: any), and how many layers are in work at once.
 */
export interface Bounds {
  readonly timeoutMs: number
  readonly maxLayers: number
  readonly maxBytes: number
  readonly parallel: number
}

/** Something done to the machine. Data only: no handles, no closures, no secrets. */
export type Do =
  | { readonly _tag: 'HoldLease'; readonly lease: string; readonly expiresInSeconds: number }
  | { readonly _tag: 'ReleaseLease'; readonly lease: string }
  | { readonly _tag: 'CheckAccess'; readonly name: string; readonly timeoutMs: number }
  | ({ readonly _tag: 'PullImage'; readonly name: string; readonly platform: string; readonly lease: string } & Bounds)
  | ({
      readonly _tag: 'UnpackImage'
      readonly name: string
      readonly platform: string
      readonly lease: string
      readonly snapshotter: string
    } & Bounds)
  | { readonly _tag: 'MakeDirectory'; readonly path: string }
  | { readonly _tag: 'WriteFile'; readonly path: string; readonly digest: string }
  | {
      readonly _tag: 'PinSource'
      readonly path: string
      readonly source: string
      readonly kind: 'directory' | 'file'
      readonly recursive: boolean
    }
  | {
      readonly _tag: 'InspectMounts'
      readonly container: string
      readonly places: ReadonlyArray<string>
      readonly pins: Readonly<Record<string, string>>
    }
  | {
      readonly _tag: 'InspectPaths'
      readonly container: string
      readonly below: string
      readonly paths: ReadonlyArray<string>
      readonly streams: ReadonlyArray<string>
    }
  | {
      readonly _tag: 'PrepareSnapshot'
      readonly snapshotter: string
      readonly key: string
      readonly parent: string
      readonly lease: string
    }
  | {
      readonly _tag: 'CreateContainer'
      readonly container: string
      readonly image: string
      readonly runtime: string
      readonly seccomp: string
      readonly snapshotter: string
      readonly key: string
      readonly spec: string
      readonly lease: string
    }
  | {
      readonly _tag: 'CreateTask'
      readonly container: string
      readonly snapshotter: string
      readonly key: string
      readonly stdout: string
      readonly stderr: string
      readonly terminal: boolean
    }
  | { readonly _tag: 'StartTask'; readonly container: string }
  | { readonly _tag: 'SendSignal'; readonly container: string; readonly signal: number }
  | {
      readonly _tag: 'AwaitExit'
      readonly container: string
      readonly withinMs: number
      readonly thenSignal: number
    }

/** How an act is taken back. Every undo succeeds when its target is already gone, and leaves alone what another owner made. */
export type Undo =
  | { readonly _tag: 'DropLease'; readonly lease: string }
  | { readonly _tag: 'RemoveSnapshot'; readonly snapshotter: string; readonly key: string }
  | { readonly _tag: 'DeleteContainer'; readonly container: string }
  | { readonly _tag: 'DeleteTask'; readonly container: string }
  | { readonly _tag: 'KillTask'; readonly container: string }
  | { readonly _tag: 'RemoveFile'; readonly path: string }
  | { readonly _tag: 'UnpinSource'; readonly path: string }
  | { readonly _tag: 'Keep'; readonly because: string }

/** The undo of every act. Total: an act without one does not compile. */
export const undoOf = (act: Do): Undo => {
  switch (act._tag) {
    case 'HoldLease': return { _tag: 'DropLease', lease: act.lease }
    case 'ReleaseLease': return { _tag: 'Keep', because: 'a record holds what it held' }
    case 'CheckAccess': return { _tag: 'Keep', because: 'it only asks' }
    case 'PullImage':
    case 'UnpackImage': return { _tag: 'Keep', because: 'images are shared' }
    case 'MakeDirectory': return { _tag: 'Keep', because: 'volumes outlive their tasks' }
    case 'WriteFile': return { _tag: 'RemoveFile', path: act.path }
    case 'PinSource': return { _tag: 'UnpinSource', path: act.path }
    case 'InspectPaths':
    case 'InspectMounts': return { _tag: 'Keep', because: 'a look changes nothing' }
    case 'PrepareSnapshot': return { _tag: 'RemoveSnapshot', snapshotter: act.snapshotter, key: act.key }
    case 'CreateContainer': return { _tag: 'DeleteContainer', container: act.container }
    case 'CreateTask': return { _tag: 'DeleteTask', container: act.container }
    case 'StartTask': return { _tag: 'KillTask', container: act.container }
    case 'SendSignal':
    case 'AwaitExit': return { _tag: 'Keep', because: 'a signal cannot be taken back' }
  }
}

/** The one thing that an act or undo is about: with the tag it names a step. */
export const targetOf = (what: Do | Undo): string => {
  if ('path' in what) return what.path
  if ('container' in what) return what.container
  if ('name' in what) return what.name
  if ('key' in what) return what.key
  return 'lease' in what ? what.lease : what.because
}
