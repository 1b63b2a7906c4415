import * as E from 'fp-ts/Either'

import { Failure } from '../../core/domain/Failure'
import { Thrown } from './Thrown'

/** What was answered; throws `Thrown` where it was a failure. */
export const must = <A>(outcome: E.Either<Failure, A>): A => {
  if (E.isLeft(outcome)) throw new Thrown(outcome.left)
  return outcome.right
}

/** What has to be so; throws `Thrown`, `Invalid`, with the reason why it is not. */
export const mustBe = <A>(doing: string, outcome: E.Either<string, A>): A => {
  if (E.isLeft(outcome)) throw new Thrown(Failure('Invalid', doing, outcome.left))
  return outcome.right
}
