import { Change, ChangeKind, Judged, kindOf } from '../diff/Change'
import { escaped, Json } from '../domain/Json'
import { judge } from './judge'
import { Known } from './Known'

/** A place in two documents: where it is in the second (and by names), and which place it is to the tables. */
export interface Place {
  readonly pointer: string
  readonly key: string
  readonly place: string
}

/** What has to be known of both documents: what a change means may depend on another part. */
export interface Sides {
  readonly before: Known
  readonly after: Known
}

/** What stands at a place on one side. */
export type Side = Json | undefined

/** A place in this one: its step in the second document, its name, and its name to the tables. */
export const below = ({ pointer, key, place }: Place, step: string, name: string, table: string): Place => ({
  pointer: `${pointer}/${escaped(step)}`,
  key: `${key}/${escaped(name)}`,
  place: place === '' ? escaped(table) : `${place}/${escaped(table)}`
})

/** Another value at a place, with what that means. */
export const change = (sides: Sides, here: Place, before: Side, after: Side): Change =>
  made(sides, here, kindOf(before, after), before, after)

/** The same items at a place, in another order. */
export const reordered = (sides: Sides, here: Place, before: Side, after: Side): Change =>
  made(sides, here, 'reordered', before, after)

const made = (sides: Sides, { pointer, key, place }: Place, kind: ChangeKind, before: Side, after: Side): Change => ({
  pointer,
  key,
  kind,
  ...(before === undefined ? {} : { before }),
  ...(after === undefined ? {} : { after }),
  ...withSubject(judge({ place, key, kind, before, after, sides }))
})

const withSubject = (judged: Judged): Pick<Change, keyof Judged> => {
  const { verdict, reason, subject = 'isolation' } = judged
  return { verdict, reason, subject }
}
