import { Json } from '../domain/Json'

/**
 * What a change does to the walls around the container. `weakens`: it may do or reach something that it could not;
 * `tightens`: the reverse; `neutral`: the walls stay; `unknown`: this program cannot tell.
 */
export type Verdict = 'weakens' | 'tightens' | 'neutral' | 'unknown'

/** A verdict and its one-line reason. */
export interface Judged {
  readonly verdict: Verdict
  readonly reason: string
}

export const weakens = (reason: string): Judged => ({ verdict: 'weakens', reason })
export const tightens = (reason: string): Judged => ({ verdict: 'tightens', reason })
export const neutral = (reason: string): Judged => ({ verdict: 'neutral', reason })
export const unknown = (reason: string): Judged => ({ verdict: 'unknown', reason })

export type ChangeKind = 'added' | 'removed' | 'changed' | 'reordered'

/** What a change from one value to another is called; undefined stands for nothing. */
export const kindOf = (before: unknown, after: unknown): ChangeKind => {
  if (before === undefined) return 'added'
  return after === undefined ? 'removed' : 'changed'
}

/** One difference between two documents. */
export interface Change extends Judged {
  /** JSON pointer (RFC 6901) into the second document; into the first for what was removed. */
  readonly pointer: string
  /**
   * The same with names where the pointer has numbers: `/spec/mounts/~1data`, `/spec/process/env/PATH`. Ignore rules
   * match it.
   */
  readonly key: string
  readonly kind: ChangeKind
  readonly before?: Json
  readonly after?: Json
}

const ORDER: ReadonlyArray<Verdict> = ['tightens', 'neutral', 'unknown', 'weakens']

/** The verdict on several changes: that of the worst. Without any, neutral. */
export const worst = (verdicts: ReadonlyArray<Verdict>): Verdict =>
  verdicts.reduce<Verdict>((a, b) => (ORDER.indexOf(b) > ORDER.indexOf(a) ? b : a), verdicts[0] ?? 'neutral')

/** The judgement on something of which several things changed: the worst of them, with every reason that led to it. */
export const worstOf = (judged: ReadonlyArray<Judged>, otherwise: Judged): Judged => {
  const verdict = worst(judged.map((one) => one.verdict))
  const reasons = judged.filter((one) => one.verdict === verdict).map(({ reason }) => reason)
  return judged.length === 0 ? otherwise : { verdict, reason: [...new Set(reasons)].join('; ') }
}
