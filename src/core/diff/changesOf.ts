import { escaped, isEqual, isJsonList, isJsonRecord, Json, JsonRecord, member } from '../domain/Json'
import { isRising, matched } from './aligned'
import { Change, ChangeKind } from './Change'
import { filterEntries } from './filterEntries'
import { judge } from './judge/judge'
import { isOpen, Reading, readingOf } from './lists'

/** A place in two documents: where it is in the second (and by names), and which place it is to the tables. */
export interface Place {
  readonly pointer: string
  readonly key: string
  readonly place: string
}

/** Both documents whole: what a change means may depend on another part. */
export interface Sides {
  readonly before: Json
  readonly after: Json
}

type Side = Json | undefined

/**
 * What differs between two documents, what stands beside the spec first: a new image changes no byte of an OCI spec. Bare specs are compared
 * too. Empty only when the documents are equal.
 */
export const changesOf = (before: Json, after: Json): ReadonlyArray<Change> => {
  const root = isBare(before) && isBare(after) ? 'spec' : ''
  return compared({ before, after }, { pointer: '', key: '', place: root }, before, after)
}

/** Whether a document is a spec alone. */
export const isBare = (document: Json): boolean =>
  isJsonRecord(document) && !Object.hasOwn(document, 'spec') && (Object.hasOwn(document, 'ociVersion') || Object.hasOwn(document, 'process'))

const compared = (sides: Sides, here: Place, before: Side, after: Side): ReadonlyArray<Change> => {
  if (isEqual(before, after)) return []
  const inside = parts(sides, here, before, after)
  if (inside.length > 0) return inside
  const isOrder = isJsonList(before) && isJsonList(after) && readingOf(here.place)._tag !== 'Plain'
  return [isOrder ? reordered(sides, here, before, after) : change(sides, here, before, after)]
}

const parts = (sides: Sides, here: Place, before: Side, after: Side): ReadonlyArray<Change> => {
  if (here.place === 'spec/linux/seccomp' && (before === undefined || after === undefined)) return []
  if (here.place === 'spec/linux/seccomp/syscalls') return filterChanges(sides, here, before, after)
  const reading = readingOf(here.place)
  if (reading._tag !== 'Plain') return isListLike(before) && isListLike(after) ? ofLists(sides, here, reading, before ?? [], after ?? []) : []
  return isAnother(here.place, before, after) ? [] : ofRecords(sides, here, before, after)
}

/** A network or filter of another kind is one change, whatever its members are. */
const isAnother = (place: string, before: Side, after: Side): boolean =>
  (place === 'network' || place === 'seccomp') && member(before, '_tag') !== member(after, '_tag')

const isListLike = (side: Side): side is ReadonlyArray<Json> | undefined => side === undefined || isJsonList(side)
const isRecordLike = (side: Side): side is JsonRecord | undefined => side === undefined || isJsonRecord(side)

const ofRecords = (sides: Sides, here: Place, before: Side, after: Side): ReadonlyArray<Change> => {
  if (!isRecordLike(before) || !isRecordLike(after)) return []
  const [a, b] = [before ?? {}, after ?? {}]
  const names = [...new Set([...Object.keys(a), ...Object.keys(b)])].sort((x, y) => rank(x) - rank(y) || (x < y ? -1 : 1))
  return names.flatMap((name) => compared(sides, below(here, name, name, isOpen(here.place) ? '*' : name), own(a, name), own(b, name)))
}

const own = (record: JsonRecord, name: string): Side => (Object.hasOwn(record, name) ? record[name] : undefined)

const FIRST: ReadonlyArray<string> = ['issues', 'container', 'stop', 'fetch', 'network', 'io', 'seccomp', 'mounts', 'spec']

const rank = (name: string): number => FIRST.indexOf(name)

const below = ({ pointer, key, place }: Place, step: string, name: string, table?: string): Place => ({
  pointer: `${pointer}/${escaped(step)}`,
  key: `${key}/${escaped(name)}`,
  place: table === undefined ? place : place === '' ? table : `${place}/${table}`
})

const nameIn = (reading: Exclude<Reading, { readonly _tag: 'Plain' }>, item: Json): string =>
  reading._tag === 'Set' ? (typeof item === 'string' ? item : JSON.stringify(item, digits)) : reading.nameOf(item)

const digits = (_name: string, value: unknown): unknown => (typeof value === 'bigint' ? value.toString() : value)

/** A filter is a set of rules, one for each system call, however they are grouped. */
const filterChanges = (sides: Sides, here: Place, before: Side, after: Side): ReadonlyArray<Change> => {
  const [olds, news] = [filterEntries(before), filterEntries(after)]
  const place = (name: string): Place => ({ ...below(here, name, name, '*'), pointer: here.pointer })
  return [
    ...[...olds.values()].flatMap(({ text, name, rule }) => (news.has(text) ? [] : [change(sides, place(name), rule, undefined)])),
    ...[...news.values()].flatMap(({ text, name, rule }) => (olds.has(text) ? [] : [change(sides, place(name), undefined, rule)]))
  ]
}

type List = ReadonlyArray<Json>

const ofLists = (
  sides: Sides, here: Place, reading: Exclude<Reading, { readonly _tag: 'Plain' }>, before: List, after: List
): ReadonlyArray<Change> => {
  const [olds, news] = [before.map((item) => nameIn(reading, item)), after.map((item) => nameIn(reading, item))]
  const pairs = matched(olds, news)
  const [kept, met] = [new Set(pairs.map(([index]) => index)), new Set(pairs.map(([, index]) => index))]
  const item = (index: number, name: string | undefined): Place => below(here, String(index), name ?? '', '*')
  return [
    ...before.flatMap((value, index) => (kept.has(index) ? [] : [change(sides, item(index, olds[index]), value, undefined)])),
    ...pairs.flatMap(([old, index]) => ofItems(sides, item(index, news[index]), reading, before[old], after[index])),
    ...after.flatMap((value, index) => (met.has(index) ? [] : [change(sides, item(index, news[index]), undefined, value)])),
    ...(isRising(pairs) || reading._tag === 'Set' || (reading._tag === 'Atoms' && !reading.isOrdered) ? [] : [reordered(sides, here, before, after)])
  ]
}

const ofItems = (sides: Sides, here: Place, reading: Reading, before: Side, after: Side): ReadonlyArray<Change> => {
  if (isEqual(before, after)) return []
  return reading._tag === 'Keyed' ? ofRecords(sides, here, before, after) : [change(sides, here, before, after)]
}

const change = (sides: Sides, here: Place, before: Side, after: Side): Change => made(sides, here, kindOf(before, after), before, after)

const kindOf = (before: Side, after: Side): ChangeKind => (before === undefined ? 'added' : after === undefined ? 'removed' : 'changed')

const reordered = (sides: Sides, here: Place, before: List, after: List): Change => made(sides, here, 'reordered', before, after)

const made = (sides: Sides, { pointer, key, place }: Place, kind: ChangeKind, before: Side, after: Side): Change => ({
  pointer,
  key,
  kind,
  ...(before === undefined ? {} : { before }),
  ...(after === undefined ? {} : { after }),
  ...judge({ place, key, kind, before, after, sides })
})
