import * as E from 'fp-ts/Either'

import { Failure } from '../../core/domain/Failure'
import { codeOf, failureOf } from '../ports/Thrown'

/** Takes an error with one of these codes as no error. */
export const unless = (...codes: ReadonlyArray<string>) => (thrown: unknown): void => {
  if (!codes.includes(codeOf(thrown))) throw thrown
}

/** What the host refused becomes a Failure; missing rights are `Denied`. */
export const systemCall = async (doing: string, act: () => Promise<void>): Promise<E.Either<Failure, void>> => {
  try {
    await act()
    return E.right(undefined)
  } catch (thrown) {
    const failure = failureOf(thrown, doing)
    return E.left(['EACCES', 'EPERM', 'EROFS'].includes(codeOf(thrown)) ? { ...failure, _tag: 'Denied' } : failure)
  }
}
