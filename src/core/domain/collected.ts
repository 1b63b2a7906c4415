import * as E from 'fp-ts/Either'

import { isNonEmpty, Issue, Issues } from './Issue'

/** A value, or what is wrong with it: one issue or several. */
export type Outcome<A> = E.Either<Issue | ReadonlyArray<Issue>, A>

type Outcomes = Readonly<Record<string, Outcome<unknown>>>

/** What the outcomes of a record hold when nothing is wrong. */
export type Values<R extends Outcomes> = { readonly [K in keyof R]: R[K] extends Outcome<infer A> ? A : never }

/** The issues of some outcomes, in their order. */
export const issuesIn = (outcomes: ReadonlyArray<Outcome<unknown>>): ReadonlyArray<Issue> =>
  outcomes.flatMap((outcome): ReadonlyArray<Issue> => {
    if (E.isRight(outcome)) return []
    return 'reason' in outcome.left ? [outcome.left] : outcome.left
  })

/** A value, unless there are issues. */
export const unless = <A>(issues: ReadonlyArray<Issue>, value: A): E.Either<Issues, A> =>
  isNonEmpty(issues) ? E.left(issues) : E.right(value)

/** All values of a record of outcomes, or all issues of it: nothing that is wrong hides anything else. */
export const collected = <R extends Outcomes>(outcomes: R): E.Either<Issues, Values<R>> => {
  const values = Object.entries(outcomes).map(([key, one]) => [key, E.isRight(one) ? one.right : undefined])
  // Without issues every value is there, under its own key.
  return unless(issuesIn(Object.values(outcomes)), Object.fromEntries(values) as Values<R>)
}

/** All values of a list of outcomes, or all issues of it. */
export const collectedList = <A>(outcomes: ReadonlyArray<Outcome<A>>): E.Either<Issues, ReadonlyArray<A>> =>
  unless(issuesIn(outcomes), outcomes.flatMap((one) => (E.isRight(one) ? [one.right] : [])))
