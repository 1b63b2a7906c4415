import { Around } from './Around'
import { Tag, Verdict } from './Verdict'

/**
 * What a judgement may look at beside the value: the options at its side, those of the whole `config`, and what is
 * around the task.
 */
export interface Scope {
  readonly beside: Readonly<Record<string, unknown>>
  readonly config: Readonly<Record<string, unknown>>
  readonly around: Around
  /** The names that the whole `config` gives, known or not. */
  readonly names: ReadonlySet<string>
}

/** Decides on a value that is known; of a block, the values of its items by name. */
export type Judge = (value: unknown, scope: Scope) => Verdict

/** One option of the docker or podman driver: what usually becomes of it, its names here, and what people read about it. */
export interface Row {
  readonly usual: Tag
  readonly here: ReadonlyArray<string>
  readonly says: string
  /** When the value decides. Of a value that is not known the row says that it must be looked at. */
  readonly judge?: Judge
  /** The options inside, by name. */
  readonly rows?: Rows
  /** One row for whatever name stands inside. */
  readonly each?: (name: string) => Row
}

export type Rows = Readonly<Record<string, Row>>

/** The row of an option; none for a name that is no option. */
export const rowIn = (rows: Rows, name: string): Row | undefined => (Object.hasOwn(rows, name) ? rows[name] : undefined)

type More = Pick<Row, 'judge' | 'rows' | 'each'>

/** Kept under its name with its meaning. */
export const equal = (name: string, says = 'Equal.', more: More = {}): Row => ({
  usual: 'Equal',
  here: [name],
  says,
  ...more
})

/** Kept with its meaning under another name. */
export const renamed = (to: string, says = 'Equal.', more: More = {}): Row => ({
  usual: 'Renamed',
  here: [to],
  says,
  ...more
})

/** Written in other words. */
export const converted = (here: ReadonlyArray<string>, says: string, more: More = {}): Row => ({
  usual: 'Converted',
  here,
  says,
  ...more
})

/** Kept, and not the same. */
export const differs = (name: string, says: string, more: More = {}): Row => ({
  usual: 'Differs',
  here: [name],
  says,
  ...more
})

/** Taken out, because nothing here does it. `says` also tells what to do. */
export const missing = (says: string, more: More = {}): Row => ({ usual: 'Missing', here: [], says, ...more })
