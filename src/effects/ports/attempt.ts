import * as E from 'fp-ts/Either'

import { Failure } from '../../core/domain/Failure'
import { failureOf } from './Thrown'

/** What a port answers. One that throws has a bug: that is a failure like another, so that whoever asked can go on. */
export const attempt = async <A>(
  doing: string, act: () => Promise<E.Either<Failure, A>>
): Promise<E.Either<Failure, A>> => {
  try {
    return await act()
  } catch (thrown) {
    return E.left(failureOf(thrown, doing))
  }
}
