import { Change, Verdict, worst } from '../core/diff/Change'
import { isRecord } from '../core/domain/isRecord'
import { toJson } from '../core/domain/Json'
import { changesOf } from '../core/judge/changesOf'
import { orNull } from './plain'

/**
 * What differs between two documents of `compile`, or two bare specs, each with what it does to the walls around the
 * container. Empty when they are equal.
 */
export const diff = (before?: unknown, after?: unknown): ReadonlyArray<Change> =>
  changesOf(toJson(orNull(before)), toJson(orNull(after)))

/** The verdict on several changes: that of the worst; neutral when there are none. */
export const classify = (changes: ReadonlyArray<Change> = []): Verdict =>
  worst((Array.isArray(changes) ? changes : []).filter(isChange).map(({ verdict }) => verdict))

const isChange = (one: unknown): one is Change => isRecord(one)
