import * as E from 'fp-ts/Either'

import { Change } from '../../core/diff/Change'
import { DocumentPath, inTask, pathText, Step } from '../../core/domain/DocumentPath'
import { isRecord } from '../../core/domain/isRecord'
import { isEqual, toJson } from '../../core/domain/Json'
import { FilePlace, PlacedChange } from '../../core/format/Outcome'
import { documentOf, translateOffline } from '../../core/offline'
import { causesIn } from '../../core/provenance/causes'
import { JobDocuments } from '../../core/resolve/Request'
import { Loaded } from '../load/Loaded'
import { optionSaid, writtenAs } from './writtenOption'

/** A side of a comparison as it was loaded; a finished document has no tasks behind it. */
type Behind = Loaded | undefined

/**
 * Changes with the options that caused them and where these stand: those of the new side that say something else than
 * on the old one; else those of the old side, where they stand now or stood; else what decides the place at all.
 */
export const placedChanges = (
  before: Behind,
  after: Behind,
  changes: ReadonlyArray<Change>
): ReadonlyArray<PlacedChange> => {
  if (changes.length === 0 || (before ?? after) === undefined) return changes
  const isSame = sameOn(before, after)
  const other = (ats: ReadonlyArray<DocumentPath>): ReadonlyArray<DocumentPath> => ats.filter((at) => !isSame(at))
  const current = finder(after)
  const now = changes.map(current)
  const old = now.some((ats) => other(ats).length === 0) ? finder(before) : NOTHING
  return changes.map((change, index) => {
    const [own, then] = [now[index] ?? [], old(change)]
    const sides: ReadonlyArray<Origin> = [
      [after, other(own)],
      [before, other(then)],
      [after, own],
      [before, change.kind === 'removed' ? then : []]
    ]
    return { ...change, ...placeOf(change, sides.find(([, some]) => some.length > 0), before, after) }
  })
}

/** Options that caused a change, and the side that has them. */
type Origin = readonly [side: Behind, ats: ReadonlyArray<DocumentPath>]

const placeOf = (
  change: Change,
  origin: Origin | undefined,
  before: Behind,
  after: Behind
): Pick<PlacedChange, 'cause' | 'place'> => {
  if (origin === undefined) return elsewhere(change, before, after)
  const [side, ats] = origin
  const isThereNow = ats.every((at) => valueAt(after?.offline.documents, at) !== undefined)
  const home = side === before && after !== undefined && isThereNow ? after : side
  if (home === undefined) return elsewhere(change, before, after)
  const written = ats.map((at) => writtenAs(at, change.key))
  return { cause: [...new Set(written.map(pathText))].join(', '), place: home.placeOf(written[0] ?? inTask()) }
}

/** Where a change is told that no option caused: at its task. */
const elsewhere = ({ kind }: Change, before: Behind, after: Behind): { readonly place?: FilePlace } => {
  const side = kind === 'removed' ? (before ?? after) : (after ?? before)
  return side === undefined ? {} : { place: side.placeOf(inTask()) }
}

/** The options that caused a change on one side. */
type Finder = (change: Change) => ReadonlyArray<DocumentPath>

const NOTHING: Finder = () => []

const finder = (behind: Behind): Finder => {
  if (behind === undefined) return NOTHING
  const translated = translateOffline(behind.offline)
  const causes = causesIn(behind.offline, documentOf(translated))
  const issues = E.isLeft(translated.outcome) ? translated.outcome.left : []
  return (change) => {
    const said = optionSaid(change, issues)
    if (said !== undefined || change.key === '') return said ?? []
    return causes(change.key).flatMap(({ at, isDefault }) => (isDefault || at.document === 'image' ? [] : [at]))
  }
}

/** Whether an option says the same on both sides. */
const sameOn = (before: Behind, after: Behind) => (at: DocumentPath): boolean => {
  if (before === undefined || after === undefined) return false
  const [was, is] = [before, after].map(({ offline }) => valueAt(offline.documents, at))
  return was !== undefined && is !== undefined && isEqual(toJson(was), toJson(is))
}

/** What stands at a place of the documents; undefined where nothing does. */
const valueAt = (documents: JobDocuments | undefined, { document, path }: DocumentPath): unknown =>
  [document, ...path].reduce<unknown>(memberOf, documents)

const memberOf = (value: unknown, step: Step): unknown => {
  if (Array.isArray(value)) return typeof step === 'number' ? (value as ReadonlyArray<unknown>)[step] : undefined
  const name = String(step)
  return isRecord(value) && Object.hasOwn(value, name) ? value[name] : undefined
}
