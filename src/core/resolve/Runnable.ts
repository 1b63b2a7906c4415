import * as E from 'fp-ts/Either'

import { isNonEmpty, Issues } from '../domain/Issue'
import { notExecutedYet } from './notExecutedYet'
import { Request } from './Request'

declare const checked: unique symbol

/** A request that this version can run as it is written. Only `runnable` makes one: whoever runs a task has asked. */
export type Runnable = Request & { readonly [checked]: true }

/** The request as one to run; Left says what of it is compiled and not executed by this version. */
export const runnable = (request: Request): E.Either<Issues, Runnable> => {
  const later = notExecutedYet(request)
  return isNonEmpty(later) ? E.left(later) : E.right(request as Runnable)
}
