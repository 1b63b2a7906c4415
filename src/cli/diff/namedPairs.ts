import * as E from 'fp-ts/Either'

import { DOCUMENT_VERSION } from '../../core/fullDocument'
import { Named } from '../comparison/comparisonOf'
import { Half } from '../comparison/Half'
import { halvesOf, Pair, pairsOf } from '../comparison/pairs'
import { Unreadable, unreadable } from '../load/Unreadable'
import { Side } from './sides'

/** What people call an input, and each of its sides. */
export interface Labelled {
  readonly name: string
  readonly labels: readonly [string, string]
}

/** What could not be read of an input on either side. */
export const faultsOf = (name: string, before: Side, after: Side): ReadonlyArray<Unreadable> =>
  before === undefined && after === undefined
    ? [unreadable(name, 'is in neither revision')]
    : distinct([before, after].flatMap((side) => (side !== undefined && E.isLeft(side) ? [side.left] : [])))

/** Whether there is nothing of this driver on a side that could be read. */
export const isWithoutTasks = (side: Side): boolean =>
  side === undefined || (E.isRight(side) && side.right._tag === 'Tasks' && side.right.tasks.length === 0)

const distinct = (all: ReadonlyArray<Unreadable>): ReadonlyArray<Unreadable> => [
  ...new Map(all.map((one) => [one.text, one])).values()
]

/** The tasks of an input on both sides, under the names that people know them by. */
export const namedPairs = ({ name, labels }: Labelled, before: Side, after: Side): ReadonlyArray<Named> => {
  if ([before, after].some((side) => side !== undefined && E.isLeft(side))) return []
  const pairs = pairsOf(halves(before), halves(after))
  return [...pairs, ...elsewhere(pairs, before, after)].map((pair) => ({
    ...pair,
    ...driverOf(pair.task, sideWithout(pair, before, after)),
    name: pair.task === '' ? name : `${name} ${pair.task}`,
    labels: pair.task === '' ? labels : [`${labels[0]} ${pair.task}`, `${labels[1]} ${pair.task}`]
  }))
}

/** Tasks that another driver runs now, where none or another one did: what they may do nobody here can tell. */
const elsewhere = (pairs: ReadonlyArray<Pair>, before: Side, after: Side): ReadonlyArray<Pair> => {
  const [old, current] = [driversOf(before), driversOf(after)]
  const told = new Set(pairs.filter((pair) => pair.after === undefined).map(({ task }) => task))
  return [...current].flatMap(([task, driver]): ReadonlyArray<Pair> =>
    told.has(task) || old.get(task) === driver
      ? []
      : [{ task, before: foreign(old.get(task)), after: foreign(driver) }]
  )
}

const foreign = (driver: string | undefined): Half | undefined =>
  driver === undefined ? undefined : { document: { version: DOCUMENT_VERSION, driver }, loaded: undefined }

const driversOf = (side: Side): ReadonlyMap<string, string> => {
  const drivers = side !== undefined && E.isRight(side) && side.right._tag === 'Tasks' ? side.right.elsewhere : {}
  return new Map(Object.entries(drivers))
}

/** The side that does not have a task of which the other one is there. */
const sideWithout = (pair: Pair, before: Side, after: Side): Side => {
  if (pair.before === undefined) return before
  return pair.after === undefined ? after : undefined
}

const driverOf = (task: string, side: Side): { readonly driver?: string } => {
  const drivers = side !== undefined && E.isRight(side) && side.right._tag === 'Tasks' ? side.right.elsewhere : {}
  const driver = Object.hasOwn(drivers, task) ? drivers[task] : undefined
  return driver === undefined ? {} : { driver }
}

const halves = (side: Side): ReadonlyMap<string, Half> =>
  side !== undefined && E.isRight(side) ? halvesOf(side.right) : new Map<string, Half>()
