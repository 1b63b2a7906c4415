/** A step of a plan: its tag and what it is about. */
export type StepId = string

/** A mount that makes a snapshot visible, as the snapshotter names it. */
export interface SnapshotMount {
  readonly type: string
  readonly source: string
  readonly target: string
  readonly options: ReadonlyArray<string>
}

/** What a step answered, for those after it that need it. Words fill the gaps of a generated file, by their names. */
export type Output =
  | { readonly _tag: 'Nothing' }
  | { readonly _tag: 'Mounts'; readonly mounts: ReadonlyArray<SnapshotMount> }
  | { readonly _tag: 'Words'; readonly words: Readonly<Record<string, string>> }

/** What the steps of a plan answered so far. */
export type Outputs = Readonly<Record<StepId, Output>>

export const nothing: Output = { _tag: 'Nothing' }

/** The mounts that a step answered; undefined when it answered none. */
export const mountsFrom = (from: StepId, outputs: Outputs): ReadonlyArray<SnapshotMount> | undefined => {
  const output = outputs[from]
  return output?._tag === 'Mounts' ? output.mounts : undefined
}
