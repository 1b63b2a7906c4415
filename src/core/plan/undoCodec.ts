import * as t from 'io-ts'

import { Undo } from './Step'

const lease = t.readonly(t.type({ _tag: t.literal('DropLease'), lease: t.string }))
const snapshot = t.readonly(t.type({ _tag: t.literal('RemoveSnapshot'), snapshotter: t.string, key: t.string }))
const container = t.readonly(
  t.type({ _tag: t.union([t.literal('DeleteContainer'), t.literal('DeleteTask'), t.literal('KillTask')]), container: t.string })
)
const file = t.readonly(t.type({ _tag: t.union([t.literal('RemoveFile'), t.literal('UnpinSource')]), path: t.string }))
const keep = t.readonly(t.type({ _tag: t.literal('Keep'), because: t.string }))

/** The undos that a start plan leaves behind, as `driver_state` stores them. */
export const undos: t.Type<ReadonlyArray<Undo>, unknown> = t.readonlyArray(t.union([lease, snapshot, container, file, keep]))
