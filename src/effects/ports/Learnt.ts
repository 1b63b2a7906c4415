/** What was learnt of a thing a moment ago: it is not asked again. */
export interface Learnt {
  readonly note: (fact: string, nowMs: number) => void
  /** Whether it was noted, a second ago at most: later it has to be asked anew. */
  readonly knows: (fact: string, nowMs: number) => boolean
}

const MOMENT_MS = 1000

export const Learnt = (): Learnt => {
  const facts = new Map<string, number>()
  return {
    note: (fact, nowMs) => { facts.set(fact, nowMs) },
    knows: (fact, nowMs) => {
      const agoMs = nowMs - (facts.get(fact) ?? NaN)
      return agoMs >= 0 && agoMs <= MOMENT_MS
    }
  }
}

/** That a container is this owner's. */
export const isOwn = (container: string, owner: string): string => `own ${owner} ${container}`

/** That the task of a container has ended or is gone: it does not run again. */
export const hasEnded = (container: string): string => `ended ${container}`
