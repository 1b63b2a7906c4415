import { Change } from '../../core/diff/Change'
import { isRecord } from '../../core/domain/isRecord'
import { isEqual, toJson } from '../../core/domain/Json'
import { FilePlace, PlacedChange } from '../../core/format/Outcome'
import { documentOf, translateOffline } from '../../core/offline'
import { causesIn } from '../../core/provenance/causes'
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
  const other = (ats: ReadonlyArray<string>): ReadonlyArray<string> => ats.filter((at) => !isSame(at))
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
type Origin = readonly [side: Behind, ats: ReadonlyArray<string>]

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
  const written = [...new Set(ats.map((at) => writtenAs(at, change.key)))]
  return { cause: written.join(', '), place: home.placeOf(written[0] ?? 'task') }
}

/** Where a change is told that no option caused: at its task. */
const elsewhere = ({ kind }: Change, before: Behind, after: Behind): { readonly place?: FilePlace } => {
  const side = kind === 'removed' ? (before ?? after) : (after ?? before)
  return side === undefined ? {} : { place: side.placeOf('task') }
}

/** The paths of the options that caused a change on one side. */
type Finder = (change: Change) => ReadonlyArray<string>

const NOTHING: Finder = () => []

const finder = (behind: Behind): Finder => {
  if (behind === undefined) return NOTHING
  const causes = causesIn(behind.offline, documentOf(translateOffline(behind.offline)))
  return (change) => {
    const said = optionSaid(change)
    if (said !== undefined || change.key === '') return said ?? []
    return causes(change.key).flatMap(({ at, isDefault, origin }) => (isDefault || origin === 'image' ? [] : [at]))
  }
}

/** Whether an option says the same on both sides. */
const sameOn = (before: Behind, after: Behind) => (at: string): boolean => {
  if (before === undefined || after === undefined) return false
  const [was, is] = [before, after].map(({ offline }) => valueAt(offline.documents, at))
  return was !== undefined && is !== undefined && isEqual(toJson(was), toJson(is))
}

/** What stands at a path such as `task.mounts[0].target`; a name may have dots itself. */
const valueAt = (value: unknown, path: string): unknown => {
  if (path === '') return value
  const rest = path.replace(/^\./, '')
  const [whole, index] = /^\[(\d+)\]/.exec(rest) ?? []
  if (whole !== undefined)
    return Array.isArray(value)
      ? valueAt((value as ReadonlyArray<unknown>)[Number(index)], rest.slice(whole.length))
      : undefined
  const name = isRecord(value)
    ? Object.keys(value)
        .filter((key) => rest === key || (rest.startsWith(key) && /^[.[]/.test(rest.slice(key.length))))
        .sort((a, b) => b.length - a.length)[0]
    : undefined
  return name === undefined || !isRecord(value) ? undefined : valueAt(value[name], rest.slice(name.length))
}
