import { Json } from '../domain/Json'

/**
 * What a change does to the walls around the container. `weakens`: it may do or reach something that it could not;
 * `tightens`: the reverse; `neutral`: the walls stay; `unknown`: this program cannot tell.
 */
export type Verdict = 'weakens' | 'tightens' | 'neutral' | 'unknown'

/**
 * What a verdict speaks of. `isolation`: what the container is shut off from; `resources`: how much it may use;
 * `program`: what runs in it, with its own files.
 */
export type Subject = 'isolation' | 'resources' | 'program'

/** A verdict and its one-line reason. Without a subject it speaks of the isolation. */
export interface Judged {
  readonly verdict: Verdict
  readonly reason: string
  readonly subject?: Subject
}

const judged =
  (verdict: Verdict) =>
  (reason: string, subject?: Subject): Judged => ({ verdict, reason, ...(subject === undefined ? {} : { subject }) })

export const weakens = judged('weakens')
export const tightens = judged('tightens')
export const neutral = judged('neutral')
export const unknown = judged('unknown')

export type ChangeKind = 'added' | 'removed' | 'changed' | 'reordered'

/** What a change from one value to another is called; undefined stands for nothing. */
export const kindOf = (before: unknown, after: unknown): ChangeKind => {
  if (before === undefined) return 'added'
  return after === undefined ? 'removed' : 'changed'
}

/** One difference between two documents. */
export interface Change extends Judged {
  readonly subject: Subject
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

/** Subjects, the one to look at first in front. */
export const SUBJECTS: ReadonlyArray<Subject> = ['isolation', 'resources', 'program']

const ORDER: ReadonlyArray<Verdict> = ['tightens', 'neutral', 'unknown', 'weakens']

/** The verdict on several changes: that of the worst. Without any, neutral. */
export const worst = (verdicts: ReadonlyArray<Verdict>): Verdict =>
  verdicts.reduce<Verdict>((a, b) => (ORDER.indexOf(b) > ORDER.indexOf(a) ? b : a), verdicts[0] ?? 'neutral')

/** The worst verdict on each subject that is spoken of. */
export const worstBySubject = (
  changes: ReadonlyArray<Pick<Change, 'verdict' | 'subject'>>
): Readonly<Partial<Record<Subject, Verdict>>> =>
  Object.fromEntries(
    SUBJECTS.flatMap((subject) => {
      const verdicts = changes.filter((one) => one.subject === subject).map(({ verdict }) => verdict)
      return verdicts.length === 0 ? [] : [[subject, worst(verdicts)]]
    })
  )

/**
 * The judgement on something of which several things changed: the worst of them, with every reason that led to it. It
 * speaks of one subject only where all do.
 */
export const worstOf = (all: ReadonlyArray<Judged>, otherwise: Judged): Judged => {
  const verdict = worst(all.map((one) => one.verdict))
  const reasons = all.filter((one) => one.verdict === verdict).map(({ reason }) => reason)
  const subjects = new Set(all.map(({ subject }) => subject))
  const [subject] = subjects
  return all.length === 0
    ? otherwise
    : judged(verdict)([...new Set(reasons)].join('; '), subjects.size === 1 ? subject : undefined)
}
