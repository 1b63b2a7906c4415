/** An option to write, as an attribute or as a block. */
export interface Option {
  readonly name: string
  readonly value: unknown
  readonly block?: true
}

/**
 * One change of a job. `task` counts the tasks of the source from 0, `at` is the address of an item. `Replace` takes
 * the item out, and leaves it behind as a comment when `comment` is not empty.
 */
export type Edit =
  | { readonly op: 'SetDriver'; readonly task: number; readonly to: string }
  | { readonly op: 'Rename'; readonly at: string; readonly to: string }
  | { readonly op: 'Replace'; readonly at: string; readonly with: ReadonlyArray<Option>; readonly comment: string }
  | { readonly op: 'Insert'; readonly at: string; readonly with: ReadonlyArray<Option> }

export const Rename = (at: string, to: string): Edit => ({ op: 'Rename', at, to })

export const Replace = (at: string, options: ReadonlyArray<Option>, comment: string): Edit => ({
  op: 'Replace',
  at,
  with: options,
  comment
})

export const Insert = (at: string, options: ReadonlyArray<Option>): Edit => ({ op: 'Insert', at, with: options })
