import { Pressure } from './pressure'
import { Rule } from './verdicts'

/** The operator's options of `gc` that say which images go. */
export interface Options {
  readonly keep: ReadonlyArray<string>
  readonly image_delay: number
  readonly disk_high?: number | undefined
  readonly disk_low?: number | undefined
}

/** What the operator wants. */
export const ruleOf = ({ keep, image_delay: delayMs, disk_high: high, disk_low: low }: Options): Rule =>
  ({ keep, delayMs, ...pressureOf(high, low) })

/** How far below `disk_high` it goes where no `disk_low` is set. */
const USUAL_STEP = 5

/** Nothing where `disk_high` is not set. */
const pressureOf = (high: number | undefined, low: number | undefined): Partial<Pressure> =>
  high === undefined ? {} : { high, low: low ?? Math.max(0, high - USUAL_STEP) }
