import { compared } from '../../core/comparison'
import { IgnoreRule, unignored } from '../../core/diff/Ignore'
import { inTask } from '../../core/domain/DocumentPath'
import { Json } from '../../core/domain/Json'
import { Comparison, FilePlace } from '../../core/format/Outcome'
import { Shown } from '../../core/share/redact'
import { Spread } from '../../core/share/Spread'
import { Half } from './Half'
import { halfOf, Pair } from './pairs'
import { placedChanges } from './placedChanges'
import { usualOf } from './variants'

/** How documents are compared. */
export interface Terms {
  readonly shown: Shown
  readonly ignore: ReadonlyArray<IgnoreRule>
}

/** A pair with what people call it and its two sides. */
export interface Named extends Pair {
  readonly name: string
  readonly labels: readonly [string, string]
  /** The driver that runs the task on the side that is not there. */
  readonly driver?: string
}

/**
 * What differs between the halves of a pair; undefined when nothing does that no rule covers. `used` are the rules that
 * covered something.
 */
export const comparisonOf = (
  { name, task, labels, driver, before, after, names }: Named,
  { shown, ignore }: Terms
): { readonly comparison: Comparison | undefined; readonly used: ReadonlyArray<IgnoreRule> } => {
  const result = compared(before?.document, after?.document, shown, {
    driver,
    names,
    usual: before === undefined ? usualDocument(after) : undefined,
    spreads: [spreadOf(before), spreadOf(after)]
  })
  const { changes, used } = unignored(ignore, task, result.changes)
  if (changes.length === 0) return { comparison: undefined, used }
  const place = placeOf(after) ?? placeOf(before)
  const comparison = {
    name,
    before: { label: labels[0], document: result.before },
    after: { label: labels[1], document: result.after },
    changes: placedChanges(before?.loaded, after?.loaded, changes),
    ...(place === undefined ? {} : { place })
  }
  return { comparison, used }
}

/** What a new task is judged against. */
const usualDocument = (half: Half | undefined): Json | undefined => {
  const usual = usualOf(half?.loaded)
  return usual === undefined ? undefined : halfOf(usual).document
}

const spreadOf = (half: Half | undefined): Spread => half?.spread ?? half?.loaded?.offline.spread ?? {}

const placeOf = (half: Half | undefined): FilePlace | undefined => half?.loaded?.placeOf(inTask())
