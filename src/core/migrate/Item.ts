/**
 * What is known of an option's value: it stands there, an expression gave it, or nobody can say before the job runs.
 */
export type Value =
  | { readonly _tag: 'Literal'; readonly value: unknown }
  | { readonly _tag: 'Evaluated'; readonly value: unknown }
  | { readonly _tag: 'Unknown' }

/**
 * One name of a `config` block as it is written. `at` is its address in the source; `inner` holds a list of items for
 * each block or object.
 */
export interface Item {
  readonly at: string
  readonly name: string
  readonly form: 'attribute' | 'block' | 'entry'
  readonly value: Value
  readonly inner: ReadonlyArray<ReadonlyArray<Item>>
}

export type Items = ReadonlyArray<Item>

export const UNKNOWN: Value = { _tag: 'Unknown' }

export const Literal = (value: unknown): Value => ({ _tag: 'Literal', value })

export const Evaluated = (value: unknown): Value => ({ _tag: 'Evaluated', value })

/** Gives attributes that are expressions the values that the job's parser found for them. */
export const withValues = (items: Items, config: Readonly<Record<string, unknown>>): Items =>
  items.map((item) =>
    item.form === 'attribute' && item.value._tag === 'Unknown' && Object.hasOwn(config, item.name)
      ? { ...item, value: Evaluated(config[item.name]) }
      : item)
