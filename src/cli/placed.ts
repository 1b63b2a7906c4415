import * as E from 'fp-ts/Either'

import { Change } from '../core/diff/Change'
import { Json, member } from '../core/domain/Json'
import { FilePlace, PlacedChange } from '../core/format/Outcome'
import { documentOf, translateOffline } from '../core/offline'
import { Cause } from '../core/provenance/Cause'
import { causesIn } from '../core/provenance/explained'
import { Loaded } from './load/Loaded'

/** A side of a comparison as it was loaded; a finished document has no tasks behind it. */
type Behind = Loaded | undefined

/** Changes with the options that caused them and where these stand: on the new side; where no option of it did, those of the old one, which are not there any more. */
export const placed = (before: Behind, after: Behind, changes: ReadonlyArray<Change>): ReadonlyArray<PlacedChange> => {
  if (changes.length === 0 || (before ?? after) === undefined) return changes
  const current = finder(after)
  const found = changes.map(current)
  const old = found.some(({ cause }) => cause === undefined) ? finder(before) : NOTHING
  return changes.map((change, index) => {
    const now = found[index] ?? {}
    const then = now.cause === undefined ? old(change) : now
    return { ...change, ...(then.cause !== undefined || change.kind === 'removed' ? then : now) }
  })
}

const NOTHING: Finder = () => ({})

interface Found {
  readonly cause?: string
  readonly place?: FilePlace
}

type Finder = (change: Change) => Found

const finder = (behind: Behind): Finder => {
  if (behind === undefined) return () => ({})
  const translated = translateOffline(behind.offline)
  if (E.isLeft(translated.outcome)) return (change) => ofIssue(behind, change.after ?? change.before)
  const causes = causesIn(behind.offline, documentOf(translated))
  return ({ key }) => (key === '' ? { place: behind.placeOf('task') } : ofCauses(behind, causes(key)))
}

const ofIssue = (behind: Loaded, issue: Json | undefined): Found => {
  const at = member(issue, 'at')
  return { place: behind.placeOf(typeof at === 'string' ? at : 'task'), ...(typeof at === 'string' ? { cause: at } : {}) }
}

const ofCauses = (behind: Loaded, causes: ReadonlyArray<Cause>): Found => {
  const given = causes.filter(({ isDefault, origin }) => !isDefault && origin !== 'image')
  const [first] = given
  return first === undefined
    ? { place: behind.placeOf('task') }
    : { cause: given.map(({ at }) => at).join(', '), place: behind.placeOf(first.at) }
}
