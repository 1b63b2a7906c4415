import * as E from 'fp-ts/Either'

/** The value of an outcome that has to be one; a refusal ends the test with its own words. */
export const right = <A>(outcome: E.Either<unknown, A>): A => {
  if (E.isLeft(outcome)) throw new Error(JSON.stringify(outcome.left))
  return outcome.right
}
