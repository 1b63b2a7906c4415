import { Act } from './Step'

/** A mount that makes a snapshot visible, as the snapshotter names it. */
export interface SnapshotMount {
  readonly type: string
  readonly source: string
  readonly target: string
  readonly options: ReadonlyArray<string>
}

/** What a step answered, for those after it that need it. */
export type Output =
  | { readonly _tag: 'Nothing' }
  | { readonly _tag: 'Mounts'; readonly mounts: ReadonlyArray<SnapshotMount> }

/** What the steps of a plan answered so far, by the ids of the steps. */
export type Outputs = Readonly<Record<string, Output>>

export const nothing: Output = { _tag: 'Nothing' }

/** The mounts of a task's root file system, when an earlier step of the same plan prepared it. */
export const mountsFor = ({ key }: Act<'CreateTask'>, outputs: Outputs): ReadonlyArray<SnapshotMount> | undefined => {
  const output = outputs[`PrepareSnapshot:${key}`]
  return output?._tag === 'Mounts' ? output.mounts : undefined
}
