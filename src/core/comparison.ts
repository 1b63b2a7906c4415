import { Change, neutral, Subject, unknown } from './diff/Change'
import { DocumentPath, isIn, placeIn, readPath } from './domain/DocumentPath'
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
  /** What a task that is new would be if it asked for its image alone. */
  readonly usual?: Json | undefined
  /** The names of a task that was renamed. */
  readonly names?: readonly [string, string] | undefined
}

/**
 * Compares two documents. Where one is a bare spec, only the spec of the other is looked at. A task that is new is
 * compared with the usual one of its image; one that is gone is one change. `driver` is the one that runs it on the
 * other side. `spreads` are values of both environments that stand in other places too.
 */
export const compared = (
  before: Json | undefined,
  after: Json | undefined,
  shown: Shown,
  { driver, spreads, usual, names }: Surroundings = {}
): Compared => {
  const [a, b] = sameKind(before ?? null, after ?? null)
  const [old, current] = redactBoth(a, b, shown, spreads)
  if (before === undefined)
    return {
      before: null,
      after: current,
      changes: [whole('added', current, driver), ...brought(usual, after, shown, spreads)]
    }
  if (after === undefined) return { before: old, after: null, changes: [whole('removed', old, driver)] }
  return { before: old, after: current, changes: withoutTwice([...renamed(names), ...changesOf(old, current)]) }
}

/** What a new task has that not every task has. That it has less is no news. */
const brought = (
  usual: Json | undefined,
  after: Json | undefined,
  shown: Shown,
  spreads: readonly [Spread, Spread] | undefined
): ReadonlyArray<Change> => {
  if (usual === undefined || after === undefined) return []
  const [a, b] = redactBoth(usual, after, shown, spreads)
  return changesOf(a, b).filter(({ verdict }) => verdict === 'weakens' || verdict === 'unknown')
}

const renamed = (names: readonly [string, string] | undefined): ReadonlyArray<Change> =>
  names === undefined || names[0] === names[1]
    ? []
    : [{
        pointer: '',
        key: '/name',
        kind: 'changed',
        before: names[0],
        after: names[1],
        subject: 'program',
        verdict: 'neutral',
        reason: 'the task has another name, and is compared as the same one'
      }]

/** What is refused was left out too: it is told once, with the reason. */
const withoutTwice = (changes: ReadonlyArray<Change>): ReadonlyArray<Change> => {
  const told = changes.flatMap((change) => placeSaid(change, '/issues/', 'at') ?? []).map(named)
  return changes.filter((change) => {
    const option = placeSaid(change, '/left/', 'option')
    return option === undefined || !told.some((one) => isIn(named(option), one))
  })
}

const placeSaid = ({ key, before, after }: Change, part: string, name: string): DocumentPath | undefined => {
  const text = key.startsWith(part) ? member(after ?? before ?? null, name) : undefined
  return typeof text === 'string' ? readPath(text) : undefined
}

/** What is left out has no numbers: another item may be the first then. */
const named = ({ document, path }: DocumentPath): DocumentPath =>
  placeIn(document, ...path.filter((step) => typeof step === 'string'))

const sameKind = (before: Json, after: Json): readonly [Json, Json] => {
  const bare = isBare(before) !== isBare(after)
  const specOf = (document: Json): Json => (isBare(document) ? document : (member(document, 'spec') ?? document))
  return bare ? [specOf(before), specOf(after)] : [before, after]
}

const whole = (kind: 'added' | 'removed', document: Json, driver: string | undefined): Change => {
  const isOther = driver !== undefined
  const subject: Subject = kind === 'removed' && !isOther ? 'program' : 'isolation'
  const place = { pointer: '', key: '', subject }
  if (kind === 'added')
    return {
      ...place,
      ...unknown(isOther ? `the driver ${driver} ran the task before` : newcomer(document)),
      subject,
      kind,
      after: document
    }
  return {
    ...place,
    ...(isOther ? unknown(`the driver ${driver} runs the task now`) : neutral('the task is gone')),
    subject,
    kind,
    before: document
  }
}

const newcomer = (document: Json): string => {
  const driver = member(document, 'driver')
  return typeof driver === 'string'
    ? `a task of the driver ${driver} that was not there before`
    : 'a task that was not there before'
}
