import { isJsonList, Json, member } from '../../domain/Json'
import { ChangeKind, Judged, neutral, tightens, unknown, weakens } from '../Change'

/** A change at a place, before it is judged. `before` and `after` are absent where there was or is nothing. */
export interface Case {
  readonly place: string
  readonly key: string
  readonly kind: ChangeKind
  readonly before: Json | undefined
  readonly after: Json | undefined
  /** Both documents whole. */
  readonly sides: { readonly before: Json; readonly after: Json }
}

/** What a change means for the walls around the container. */
export type Rule = (change: Case) => Judged

export type Rules = Readonly<Record<string, Rule>>

export const always = (judged: Judged): Rule => () => judged

/** What is there opens a door: more of it weakens, less tightens. Another one in its place opens another door. */
export const opens = (what: string): Rule => ({ kind }) =>
  kind === 'removed' ? tightens(`${what} is gone`) : kind === 'added' ? weakens(`${what} is new`) : kind === 'changed' ? weakens(`${what} is another`) : neutral('only the order')

/** What is there closes a door. */
export const closes = (what: string): Rule => ({ kind }) =>
  kind === 'removed' ? weakens(`${what} is gone`) : kind === 'added' ? tightens(`${what} is new`) : kind === 'reordered' ? neutral('only the order') : unknown(`${what} is another`)

const amount = (value: Json | undefined): number => {
  const number = typeof value === 'number' || typeof value === 'bigint' ? Number(value) : Infinity
  return number < 0 ? Infinity : number
}

/** An upper limit of what the container may use. Absent, or below zero, is none. */
export const limit = (what: string): Rule => ({ before, after }) =>
  amount(after) > amount(before)
    ? weakens(`it may use more ${what}`)
    : amount(after) < amount(before) ? tightens(`it may use less ${what}`) : neutral(`the limit of ${what} is the same`)

/** A switch that is safer when it is on. Absent is off. */
export const guard = (on: string, off: string): Rule => ({ before, after }) =>
  (before === true) === (after === true) ? neutral('off as before') : after === true ? tightens(on) : weakens(off)

/** A text, or `""` for none. */
export const text = (value: Json | undefined): string => (typeof value === 'string' ? value : '')

/** The texts of a list in a record. */
export const texts = (value: Json | undefined, name: string): ReadonlyArray<string> => {
  const list = member(value, name)
  return isJsonList(list) ? list.filter((item): item is string => typeof item === 'string') : []
}
