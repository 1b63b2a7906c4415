import * as E from 'fp-ts/Either'

import { Failure } from '../core/domain/Failure'
import { failureOf } from './Thrown'

/** The name of the error that a system call gave (errno(3)); "" for anything else that was thrown. */
export const codeOf = (thrown: unknown): string =>
  typeof thrown === 'object' && thrown !== null && 'code' in thrown ? String(thrown.code) : ''

/** Takes an error with one of these codes as no error. */
export const unless = (...codes: ReadonlyArray<string>) => (thrown: unknown): void => {
  if (!codes.includes(codeOf(thrown))) throw thrown
}

/** What was thrown becomes a Failure; missing rights are `Denied`. */
export const attempt = async (doing: string, act: () => Promise<void>): Promise<E.Either<Failure, void>> => {
  try {
    await act()
    return E.right(undefined)
  } catch (thrown) {
    const failure = failureOf(thrown, doing)
    return E.left(['EACCES', 'EPERM', 'EROFS'].includes(codeOf(thrown)) ? { ...failure, _tag: 'Denied' } : failure)
  }
}
