import * as t from 'io-ts'

import { attachment } from '../domain/Cni'
import { codecOf, Fields, Tagged, TextOf } from './Row'

/** What is known of one kind of undo: what it says, and which of that it is about. */
const undo = <F extends Fields>(fields: F, target: TextOf<F>): { readonly fields: F; readonly target: TextOf<F> } =>
  ({ fields, target })

/** Every way in which an act is taken back. */
export const UNDOS = {
  DropLease: undo({ lease: t.string }, 'lease'),
  RemoveSnapshot: undo({ snapshotter: t.string, key: t.string }, 'key'),
  DeleteContainer: undo({ container: t.string }, 'container'),
  SetAside: undo({ container: t.string }, 'container'),
  DeleteTask: undo({ container: t.string }, 'container'),
  KillTask: undo({ container: t.string }, 'container'),
  RemoveNamespace: undo({ path: t.string }, 'path'),
  LeaveNetwork: undo(attachment, 'container'),
  RemoveFile: undo({ path: t.string }, 'path'),
  UnpinSource: undo({ path: t.string }, 'path'),
  KillExec: undo({ container: t.string, exec: t.string }, 'exec'),
  DeleteExec: undo({ container: t.string, exec: t.string }, 'exec'),
  RemoveStreams: undo({ path: t.string }, 'path'),
  RemoveImage: undo({ image: t.string }, 'image'),
  Keep: undo({ because: t.string }, 'because')
}

/**
 * How an act is taken back. Every undo succeeds when its target is already gone, and leaves alone what another owner
 * made.
 */
export type Undo = Tagged<typeof UNDOS>

/** The undos that a start plan leaves behind, as `driver_state` stores them. */
export const undos: t.Type<ReadonlyArray<Undo>, unknown> = t.readonlyArray(codecOf(UNDOS))
