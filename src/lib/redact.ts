import { Json, toJson } from '../core/domain/Json'
import * as share from '../core/share/redact'
import { Spread } from '../core/share/Spread'

/**
 * A document of `compile`, or a bare spec, that may be shared: values of environment variables are `(redacted)`, but
 * for names in `shown` (with `*`), and so is a password. `spread` of a job's task says which of these values stand
 * elsewhere too.
 */
export const redact = (document: unknown, shown: ReadonlyArray<string> = [], spread: Spread = {}): Json =>
  share.redact(toJson(document), shown, spread)

/**
 * Two documents that may be shared and compared: a hidden value that differs says so, `(redacted, before)` and
 * `(redacted, after)`.
 */
export const redactBoth = (
  before: unknown,
  after: unknown,
  shown: ReadonlyArray<string> = [],
  spreads: readonly [Spread, Spread] = [{}, {}]
): readonly [Json, Json] => share.redactBoth(toJson(before), toJson(after), shown, spreads)
