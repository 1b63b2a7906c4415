import { pathText } from '../../core/domain/DocumentPath'
import { Cause, Explained } from '../../core/provenance/Cause'
import { explained } from '../../core/provenance/causes'
import { Loaded } from '../load/Loaded'
import { spot } from '../output/taskNotes'

/** Every part of a task's document with what caused it, a line each. */
export const causeLines = (loaded: Loaded): string => {
  const parts = explained(loaded.offline)
  const width = Math.min(60, Math.max(0, ...parts.map(({ pointer }) => pointer.length)))
  return parts.map((part) => `${part.pointer.padEnd(width)}  ${causeText(loaded, part)}\n`).join('')
}

/** The causes of one part, with the line where each stands. */
export const causeText = (loaded: Loaded, { causes }: Explained): string => {
  if (causes.every(({ isDefault }) => isDefault)) return defaults(causes)
  return causes.map((cause) => `${pathText(cause.at)}${placeText(loaded, cause)}`).join(', ')
}

const FEW = 3

/** Where many options could have decided and none did, it is the driver's own. */
const defaults = (causes: ReadonlyArray<Cause>): string => {
  const [first] = causes
  if (first === undefined || first.at.document === 'driver') return 'always so'
  return causes.length > FEW
    ? `default (${String(causes.length)} options decide it)`
    : `default of ${causes.map(({ at }) => pathText(at)).join(', ')}`
}

/** ` (file:line)` of a cause that stands in a file. */
const placeText = (loaded: Loaded, { at }: Cause): string =>
  at.document === 'image' || at.document === 'driver' ? '' : ` (${spot(loaded.placeOf(at))})`
