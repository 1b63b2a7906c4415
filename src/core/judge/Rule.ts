import { ChangeKind, Judged, neutral, tightens, unknown, weakens, worstOf } from '../diff/Change'
import { isEqual, isJsonList, isJsonRecord, Json, member } from '../domain/Json'
import { Known } from './Known'

/** A change at a place, before it is judged. `before` and `after` are absent where there was or is nothing. */
export interface Case {
  readonly place: string
  readonly key: string
  readonly kind: ChangeKind
  readonly before: Json | undefined
  readonly after: Json | undefined
  /** What both documents say as a whole. */
  readonly sides: { readonly before: Known; readonly after: Known }
}

/** What a change means for the walls around the container. */
export type Rule = (change: Case) => Judged

export type Rules = Readonly<Record<string, Rule>>

export const always = (judged: Judged): Rule => () => judged

/** A list of which every item is judged by itself: nothing changed when both are lists and no item did. */
export const sameItems =
  (what: string): Rule =>
  ({ before, after }) =>
    [before, after].every((side) => side === undefined || isJsonList(side))
      ? neutral(`${what} are the same`)
      : unknown(`${what} are no list`)

/**
 * The rule of an item of which these members are known; another one that changes, or an item without members, cannot be
 * judged.
 */
export const within =
  (names: ReadonlyArray<string>, rule: Rule): Rule =>
  (change) => {
    const judged = rule(change)
    return isKnown(names, change.before, change.after)
      ? judged
      : worstOf([judged, unknown('it says what this program does not know')], judged)
  }

const isKnown = (names: ReadonlyArray<string>, before: Json | undefined, after: Json | undefined): boolean =>
  [before, after].every((side) => side === undefined || isJsonRecord(side))
  && [before, after].every((side) =>
    Object.keys(side ?? {}).every((name) => names.includes(name) || isEqual(member(before, name), member(after, name)))
  )

/** What is there opens a door: more of it weakens, less tightens. Another one in its place opens another door. */
export const opens =
  (what: string): Rule =>
  ({ kind }) => {
    if (kind === 'removed') return tightens(`${what} is gone`)
    if (kind === 'added') return weakens(`${what} is new`)
    return kind === 'changed' ? weakens(`${what} is another`) : neutral('only the order')
  }

/** What is there closes a door. */
export const closes =
  (what: string): Rule =>
  ({ kind }) => {
    if (kind === 'removed') return weakens(`${what} is gone`)
    if (kind === 'added') return tightens(`${what} is new`)
    return kind === 'reordered' ? neutral('only the order') : unknown(`${what} is another`)
  }

type Amount = number | bigint

const amount = (value: Json | undefined, isZeroNone: boolean): Amount | undefined => {
  if (value === undefined) return Infinity
  if (typeof value !== 'number' && typeof value !== 'bigint') return undefined
  return value < 0 || (isZeroNone && Number(value) === 0) ? Infinity : value
}

/** A limit that is none any more is a hole in a wall; a higher one is more of the same. */
const compared = (what: string, before: Amount | undefined, after: Amount | undefined): Judged => {
  if (before === undefined || after === undefined) return unknown('it is no number')
  if (after > before)
    return after === Infinity
      ? weakens(`the limit of ${what} is gone`)
      : weakens(`it may use more ${what}`, 'resources')
  if (before === after) return neutral(`the limit of ${what} is the same`, 'resources')
  return tightens(`it may use less ${what}`, before === Infinity ? 'isolation' : 'resources')
}

/** An upper limit of what the container may use. Absent, zero (as runc takes it) or below is none. */
export const limit =
  (what: string): Rule =>
  ({ before, after }) =>
    compared(what, amount(before, true), amount(after, true))

/** An upper limit that may be zero: nothing at all. */
export const limitFromZero =
  (what: string): Rule =>
  ({ before, after }) =>
    compared(what, amount(before, false), amount(after, false))

/** The rule of a member, for the whole item. */
export const ofMember = (name: string, rule: Rule): Rule => (change) =>
  isJsonRecord(change.before) || isJsonRecord(change.after)
    ? rule({ ...change, before: member(change.before, name), after: member(change.after, name) })
    : unknown('it says what this program does not know')

/** A switch that is safer when it is on. Absent is off. */
export const guard = (on: string, off: string): Rule => ({ before, after }) => {
  if ((before === true) === (after === true)) return neutral('off as before')
  return after === true ? tightens(on) : weakens(off)
}

/** A switch that is safer when it is off. Absent is off. */
export const risk = (on: string, off: string): Rule => ({ before, after }) => {
  if ((before === true) === (after === true)) return neutral('off as before')
  return after === true ? weakens(on) : tightens(off)
}

/** A text, or `""` for none. */
export const text = (value: Json | undefined): string => (typeof value === 'string' ? value : '')

/** The texts of a list in a record. */
export const texts = (value: Json | undefined, name: string): ReadonlyArray<string> => {
  const list = member(value, name)
  return isJsonList(list) ? list.filter((item): item is string => typeof item === 'string') : []
}
