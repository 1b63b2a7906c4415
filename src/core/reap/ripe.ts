import { Orphan } from './orphans'

/** Since when things have been orphans, by their ids, in milliseconds of whoever looks. */
export type Sightings = Readonly<Record<string, number>>

/** The same after another look: what is no orphan any more is forgotten, and begins anew when it becomes one again. */
export const sighted = (orphans: ReadonlyArray<Orphan>, before: Sightings, nowMs: number): Sightings =>
  Object.fromEntries(orphans.map(({ id }) => [id, Object.hasOwn(before, id) ? before[id] ?? nowMs : nowMs]))

/** Those that have been orphans for the time that a task is given to be found again. */
export const ripe = (
  orphans: ReadonlyArray<Orphan>, since: Sightings, nowMs: number, graceMs: number
): ReadonlyArray<Orphan> => orphans.filter(({ id }) => nowMs - (since[id] ?? nowMs) >= graceMs)
