import * as E from 'fp-ts/Either'
import * as TE from 'fp-ts/TaskEither'

import * as ImageReference from '../../core/decode/ImageReference'
import { Failure } from '../../core/domain/Failure'
import { Login } from '../Machine'
import { failureOf } from '../Thrown'
import { Registry } from './Registry'

/** Which image, as whom, and how long the registry has to answer. */
export interface Access {
  readonly name: string
  readonly timeoutMs: number
  readonly ends: AbortSignal | undefined
  readonly login: Login | undefined
}

/** Asks the registry whether this login may have this image. An image that is here is no answer: others may have fetched it. */
export const checkAccess = ({ name, timeoutMs, ends = AbortSignal.timeout(timeoutMs), login }: Access): TE.TaskEither<Failure, void> => async () => {
  const doing = `ask for image ${name}, which the plugin option \`images.require_login\` wants`
  const reference = ImageReference.parse(name)
  if (E.isLeft(reference)) return E.left(Failure('Invalid', doing, reference.left))
  const { digest, tag = 'latest' } = reference.right
  try {
    await Registry(reference.right, login, ends).access(digest ?? tag)
    return E.right(undefined)
  } catch (thrown) {
    return E.left(ends.aborted
      ? Failure('TimedOut', doing, `took longer than image_pull_timeout (${String(timeoutMs)} ms)`)
      : { ...failureOf(thrown, doing), doing })
  }
}
