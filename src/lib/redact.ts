import { isRecord } from '../core/domain/isRecord'
import { Json, toJson } from '../core/domain/Json'
import * as share from '../core/share/redact'
import { Spread } from '../core/share/Spread'
import { orNull } from './plain'

/**
 * A document of `compile`, or a bare spec, that may be shared: values of environment variables are `(redacted)`, but
 * for names in `shown` (with `*`), and so is a password. `spread` of a job's task says which of these values stand
 * elsewhere too.
 */
export const redact = (document?: unknown, shown: ReadonlyArray<string> = [], spread: Spread = {}): Json =>
  share.redact(toJson(orNull(document)), patterns(shown), namesIn(spread))

/**
 * Two documents that may be shared and compared: a hidden value that differs says so, `(redacted, before)` and
 * `(redacted, after)`.
 */
export const redactBoth = (
  before?: unknown,
  after?: unknown,
  shown: ReadonlyArray<string> = [],
  spreads: readonly [Spread, Spread] = [{}, {}]
): readonly [Json, Json] =>
  share.redactBoth(toJson(orNull(before)), toJson(orNull(after)), patterns(shown), bothOf(spreads))

const patterns = (shown: unknown): ReadonlyArray<string> =>
  Array.isArray(shown) ? shown.filter((one) => typeof one === 'string') : []

const namesIn = (spread: unknown): Spread => {
  const walkable = orNull(spread)
  return isRecord(walkable) ? Object.fromEntries(Object.entries(walkable).flatMap(textOf)) : {}
}

const textOf = ([name, value]: readonly [string, unknown]): ReadonlyArray<readonly [string, string]> =>
  typeof value === 'string' ? [[name, value]] : []

const bothOf = (spreads: unknown): readonly [Spread, Spread] => {
  const [before, after] = Array.isArray(spreads) ? (spreads as ReadonlyArray<unknown>) : []
  return [namesIn(before), namesIn(after)]
}
