import * as E from 'fp-ts/Either'

import { Failure, FailureTag } from '../../../src/core/domain/Failure'
import { nothing, Output } from '../../../src/core/plan/Output'
import { Do } from '../../../src/core/plan/Step'

/** How an act ended. */
export type Outcome = E.Either<Failure, Output>

export type Act<Tag extends Do['_tag']> = Extract<Do, { readonly _tag: Tag }>

export const done: Outcome = E.right(nothing)

export const wrong = (tag: FailureTag, what: string, detail: string): Outcome => E.left(Failure(tag, what, detail))
