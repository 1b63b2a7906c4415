import { ACTS } from './acts'
import { StepId } from './Output'
import { Tagged } from './Row'
import { Undo, UNDOS } from './Undo'

/** Something done to the machine. Data only: no handles, no closures, no secrets. */
export type Do = Tagged<typeof ACTS>

/** The acts of one tag, or of a few. */
export type Act<Tag extends Do['_tag']> = Extract<Do, { readonly _tag: Tag }>

/** A row of the table, seen from an act that is of this row. */
interface RowOf {
  readonly symbol: string
  readonly text?: (act: Do) => string
  readonly from?: (act: Do) => ReadonlyArray<StepId>
  readonly undo: (act: Do) => Undo
}

const rowOf = ({ _tag }: Do): RowOf => ACTS[_tag] as RowOf

/** The undo of every act. Total: an act without one does not compile. */
export const undoOf = (act: Do): Undo => rowOf(act).undo(act)

/**
 * Whether an act makes something (`+`), takes something away (`-`), only looks (`?`) or tells a task something (`!`).
 */
export const symbolOf = (act: Do): string => rowOf(act).symbol

/** The earlier steps of its plan whose outputs an act needs. */
export const neededBy = (act: Do): ReadonlyArray<StepId> => rowOf(act).from?.(act) ?? []

/** What people read of an act. */
export const textOf = (act: Do): string => rowOf(act).text?.(act) ?? targetOf(act)

const ROWS: Readonly<Record<string, { readonly target: string }>> = { ...ACTS, ...UNDOS }

/** The one thing that an act or undo is about: with the tag it names a step. */
export const targetOf = (what: Do | Undo): string => {
  const { target = '' } = ROWS[what._tag] ?? {}
  return (what as Readonly<Record<string, unknown>>)[target] as string
}
