import { Change, neutral, unknown } from './diff/Change'
import { Json, member } from './domain/Json'
import { changesOf, isBare } from './judge/changesOf'
import { redactBoth, Shown } from './share/redact'
import { Spread } from './share/Spread'

/** Two documents as they may be shared, and what differs between them. A side that is not there is null. */
export interface Compared {
  readonly before: Json
  readonly after: Json
  readonly changes: ReadonlyArray<Change>
}

interface Surroundings {
  readonly driver?: string | undefined
  readonly spreads?: readonly [Spread, Spread] | undefined
}

/**
 * Compares two documents. Where one is a bare spec, only the spec of the other is looked at. A task that is on one side
 * only is one change;
 * `driver` is the one that runs it on the other side. `spreads` are values of both environments that stand in other
 * places too.
 */
export const compared = (
  before: Json | undefined,
  after: Json | undefined,
  shown: Shown,
  { driver, spreads }: Surroundings = {}
): Compared => {
  const [a, b] = sameKind(before ?? null, after ?? null)
  const [old, current] = redactBoth(a, b, shown, spreads)
  if (before === undefined) return { before: null, after: current, changes: [whole('added', current, driver)] }
  if (after === undefined) return { before: old, after: null, changes: [whole('removed', old, driver)] }
  return { before: old, after: current, changes: changesOf(old, current) }
}

const sameKind = (before: Json, after: Json): readonly [Json, Json] => {
  const bare = isBare(before) !== isBare(after)
  const specOf = (document: Json): Json => (isBare(document) ? document : (member(document, 'spec') ?? document))
  return bare ? [specOf(before), specOf(after)] : [before, after]
}

const whole = (kind: 'added' | 'removed', document: Json, driver: string | undefined): Change => ({
  pointer: '',
  key: '',
  kind,
  ...(kind === 'added'
    ? {
        after: document,
        ...unknown(
          driver === undefined ? 'a task that was not there before' : `the driver ${driver} ran the task before`
        )
      }
    : {
        before: document,
        ...(driver === undefined ? neutral('the task is gone') : unknown(`the driver ${driver} runs the task now`))
      })
})
