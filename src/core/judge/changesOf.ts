import { isRising, matched } from '../diff/alignment'
import { Change } from '../diff/Change'
import { differingEntries } from '../diff/filterEntries'
import { isOpen, Reading, readingOf } from '../diff/lists'
import { withTrueSources } from '../diff/trueSources'
import { compact } from '../domain/canonical'
import { isEqual, isJsonList, isJsonRecord, Json, JsonRecord, member } from '../domain/Json'
import { occurrences } from '../domain/occurrences'
import { known } from './Known'
import { isToldAlready, toldNames, userOfImage } from './oneCause'
import { below, change, Place, reordered, Side, Sides } from './place'
import { isNothing, isWhole } from './wholes'

/**
 * What differs between two documents, what stands beside the spec first: a new image changes no byte of an OCI spec.
 * Bare specs are compared too, and pinned mounts by what they show. Empty only when the documents say the same.
 */
export const changesOf = (before: Json, after: Json): ReadonlyArray<Change> => {
  if (isEqual(before, after)) return []
  return changesIn(withTrueSources(before), withTrueSources(after))
}

const changesIn = (before: Json, after: Json): ReadonlyArray<Change> => {
  const root = isBare(before) && isBare(after) ? 'spec' : ''
  const sides = { before: known(before), after: known(after) }
  const changes = compared(sides, { pointer: '', key: '', place: root }, before, after)
  return [...changes, ...userOfImage(sides)]
}

/** Whether a document is a spec alone. */
export const isBare = (document: Json): boolean =>
  isJsonRecord(document)
  && !Object.hasOwn(document, 'spec')
  && (Object.hasOwn(document, 'ociVersion') || Object.hasOwn(document, 'process'))

const compared = (sides: Sides, here: Place, before: Side, after: Side): ReadonlyArray<Change> => {
  if (isEqual(before, after) || isToldAlready(sides, here.place, before, after)) return []
  const inside = parts(sides, here, before, after)
  if (inside.length > 0) return inside
  const isOrder = isJsonList(before) && isJsonList(after) && readingOf(here.place)._tag !== 'Plain'
  return [isOrder ? reordered(sides, here, before, after) : change(sides, here, before, after)]
}

const parts = (sides: Sides, here: Place, before: Side, after: Side): ReadonlyArray<Change> => {
  if (isWhole(here.place, before, after)) return []
  if (here.place === 'spec/linux/seccomp/syscalls' && isListLike(before) && isListLike(after))
    return filterChanges(sides, here, before, after)
  const reading = readingOf(here.place)
  if (reading._tag !== 'Plain')
    return isListLike(before) && isListLike(after) ? ofLists(sides, here, reading, before ?? [], after ?? []) : []
  if (here.place === '' && hasSpec(before) !== hasSpec(after)) return ofRefused(sides, here, before, after)
  return isAnother(here.place, before, after) ? [] : ofRecords(sides, here, before, after)
}

const hasSpec = (side: Side): boolean => member(side, 'spec') !== undefined

/** Of one of the two tasks nothing compiles: the parts of its container are not compared with nothing. */
const ofRefused = (sides: Sides, here: Place, before: Side, after: Side): ReadonlyArray<Change> =>
  namesOf(before, after)
    .filter((name) => name === 'spec' || SAID.includes(name))
    .flatMap((name) => {
      const [place, a, b] = [below(here, name, name, name), member(before, name), member(after, name)]
      return name === 'spec' ? [change(sides, place, a, b)] : compared(sides, place, a, b)
    })

const SAID = ['issues', 'left', 'job']

/** A network or filter of another kind is one change, whatever its members are. */
const isAnother = (place: string, before: Side, after: Side): boolean =>
  (place === 'network' || place === 'seccomp') && member(before, '_tag') !== member(after, '_tag')

const isListLike = (side: Side): side is List | null | undefined => isNothing(side) || isJsonList(side)
const isRecordLike = (side: Side): side is JsonRecord | null | undefined => isNothing(side) || isJsonRecord(side)

const ofRecords = (sides: Sides, here: Place, before: Side, after: Side): ReadonlyArray<Change> => {
  if (!isRecordLike(before) || !isRecordLike(after)) return []
  const [a, b] = [before ?? undefined, after ?? undefined]
  return toldNames(here.place, namesOf(before, after)).flatMap((name) =>
    compared(sides, below(here, name, name, isOpen(here.place) ? '*' : name), member(a, name), member(b, name)))
}

/** The names whose values differ, what stands beside the spec first. */
const namesOf = (before: Side, after: Side): ReadonlyArray<string> =>
  [...new Set([before, after].flatMap((side) => (isJsonRecord(side) ? Object.keys(side) : [])))]
    .filter((name) => !isEqual(member(before, name), member(after, name)))
    .sort((x, y) => rank(x) - rank(y) || (x < y ? -1 : 1))

const FIRST: ReadonlyArray<string> = [
  'issues',
  'left',
  'container',
  'stop',
  'fetch',
  'network',
  'io',
  'seccomp',
  'mounts',
  'user',
  'job',
  'spec'
]

const rank = (name: string): number => FIRST.indexOf(name)

const nameIn = (reading: Exclude<Reading, { readonly _tag: 'Plain' }>, item: Json): string => {
  if (reading._tag === 'Set') return typeof item === 'string' ? item : compact(item)
  return reading.nameOf(item)
}

/** A filter is a set of rules, one for each system call, however they are grouped. */
const filterChanges = (sides: Sides, here: Place, before: Side, after: Side): ReadonlyArray<Change> => {
  const [olds, news] = differingEntries(before, after)
  const place = (name: string): Place => ({ ...below(here, name, name, '*'), pointer: here.pointer })
  return [
    ...[...olds.values()].flatMap(({ text, name, rule }) =>
      news.has(text) ? [] : [change(sides, place(name), rule, undefined)]
    ),
    ...[...news.values()].flatMap(({ text, name, rule }) =>
      olds.has(text) ? [] : [change(sides, place(name), undefined, rule)]
    )
  ]
}

type List = ReadonlyArray<Json>

const ofLists = (
  sides: Sides,
  here: Place,
  reading: Exclude<Reading, { readonly _tag: 'Plain' }>,
  before: List,
  after: List
): ReadonlyArray<Change> => {
  const [olds, news] = [before.map((item) => nameIn(reading, item)), after.map((item) => nameIn(reading, item))]
  const pairs = reading._tag === 'Set' ? [] : matched(olds, news)
  const kept = reading._tag === 'Set' ? found(olds, news) : new Set(pairs.map(([index]) => index))
  const met = reading._tag === 'Set' ? found(news, olds) : new Set(pairs.map(([, index]) => index))
  const [was, is] = [unique(olds), unique(news)]
  const item = (index: number, name: string | undefined): Place => below(here, String(index), name ?? '', '*')
  return [
    ...before.flatMap((value, index) =>
      kept.has(index) ? [] : [change(sides, item(index, was[index]), value, undefined)]
    ),
    ...pairs.flatMap(([old, index]) =>
      isEqual(before[old], after[index])
        ? []
        : ofItems(sides, item(index, is[index]), reading, before[old], after[index])
    ),
    ...after.flatMap((value, index) =>
      met.has(index) ? [] : [change(sides, item(index, is[index]), undefined, value)]
    ),
    ...(reading._tag === 'Atoms' && reading.isOrdered && !isRising(pairs)
      ? [reordered(sides, here, before, after)]
      : [])
  ]
}

/** Where names stand that the other list has too. */
const found = (names: ReadonlyArray<string>, others: ReadonlyArray<string>): ReadonlySet<number> => {
  const known = new Set(others)
  return new Set(names.flatMap((name, index) => (known.has(name) ? [index] : [])))
}

/** Names as keys: the second `a` is `a#2`, so that who ignores the first does not ignore it. */
const unique = (names: ReadonlyArray<string>): ReadonlyArray<string> =>
  occurrences(names).map((count, index) => `${names[index] ?? ''}${count === 0 ? '' : `#${String(count + 1)}`}`)

const ofItems = (sides: Sides, here: Place, reading: Reading, before: Side, after: Side): ReadonlyArray<Change> =>
  reading._tag === 'Keyed' ? ofRecords(sides, here, before, after) : [change(sides, here, before, after)]
