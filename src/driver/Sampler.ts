import * as E from 'fp-ts/Either'

import { Reading } from '../core/watch/Reading'
import { attempt } from '../effects/ports/attempt'
import { Clock } from '../effects/ports/Clock'
import { Gauge } from '../effects/ports/Reads'

/** What is measured, how often, and who is told. */
export interface Sampled {
  readonly gauge: Gauge
  readonly everyMs: number
  readonly tell: (before: Reading | undefined, now: Reading) => void
}

/** Measures as many as there are with one timer. */
export interface Sampler {
  /** Measures at once and then again and again; what is given back ends it. */
  readonly add: (sampled: Sampled) => () => void
}

interface Entry extends Sampled {
  dueMs: number
  before: Reading | undefined
  /** Whether the last reading has not come yet: none is asked for meanwhile. */
  isAsked: boolean
}

// Between so many readings whatever else waits has its turn.
const AT_ONCE = 50

/** Those of one interval are due at the same moments, so that what is sent of them leaves together. */
export const Sampler = (clock: Clock): Sampler => {
  const entries = new Set<Entry>()
  let woken = new AbortController()
  const run = async (): Promise<void> => {
    while (entries.size > 0) {
      await clock.sleep(untilDue(entries, clock.now()), woken.signal)
      woken = woken.signal.aborted ? new AbortController() : woken
      await measure(clock, entries)
    }
  }
  return {
    add: (sampled) => {
      const entry: Entry = { ...sampled, dueMs: clock.now(), before: undefined, isAsked: false }
      entries.add(entry)
      if (entries.size === 1) void run()
      else woken.abort()
      return () => {
        entries.delete(entry)
        entry.gauge.close()
        if (entries.size === 0) woken.abort()
      }
    }
  }
}

/** A clock that was set back must not make anybody wait: nothing is due later than in its own interval and a half. */
const untilDue = (entries: ReadonlySet<Entry>, nowMs: number): number => {
  let least = Infinity
  for (const { dueMs, everyMs } of entries) least = Math.min(least, dueMs - nowMs, everyMs)
  return Math.max(0, least)
}

const measure = async (clock: Clock, entries: ReadonlySet<Entry>): Promise<void> => {
  const nowMs = clock.now()
  let asked = 0
  for (const entry of [...entries]) {
    const isAhead = entry.dueMs - nowMs > 2 * entry.everyMs
    if ((entry.dueMs > nowMs && !isAhead) || !entries.has(entry)) continue
    entry.dueMs = nextAfter(nowMs, entry.everyMs)
    if (entry.isAsked) continue
    void ask(entry, entries, nowMs)
    asked += 1
    if (asked % AT_ONCE === 0) await clock.sleep(0)
  }
}

/** The next moment of an interval that is at least half of it away. */
const nextAfter = (nowMs: number, everyMs: number): number => Math.ceil(nowMs / everyMs + 0.5) * everyMs

/** Who does not answer holds up nobody else. */
const ask = async (entry: Entry, entries: ReadonlySet<Entry>, atMs: number): Promise<void> => {
  entry.isAsked = true
  const outcome = await attempt('measure a task', () => entry.gauge.read(atMs))
  entry.isAsked = false
  if (E.isLeft(outcome) || outcome.right === undefined || !entries.has(entry)) return
  entry.tell(entry.before, outcome.right)
  entry.before = outcome.right
}
