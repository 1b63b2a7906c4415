import * as E from 'fp-ts/Either'
import * as TE from 'fp-ts/TaskEither'

import { Failure } from '../../core/domain/Failure'
import * as ImageReference from '../../core/image/ImageReference'
import { within } from '../ports/Clock'
import { Logins } from '../ports/Machine'
import { whyStopped } from '../ports/stoppedBy'
import { systemClock } from '../ports/systemClock'
import { failureOf } from '../ports/Thrown'
import { Registry } from './Registry'

/** Which image, as whom, and how long the registry has to answer. */
export interface Access {
  readonly name: string
  readonly hosts: string
  readonly silenceMs: number
  readonly timeoutMs: number
  readonly signal: AbortSignal
  readonly logins: Logins
}

/**
 * Asks the registry whether this login may have this image. An image that is here is no answer: others may have fetched
 * it.
 */
export const checkAccess =
  ({ name, hosts, silenceMs, timeoutMs, signal, logins }: Access): TE.TaskEither<Failure, void> =>
  async () => {
    const doing = `ask for image ${name}, which the plugin option \`images.require_login\` wants`
    const reference = ImageReference.parse(name)
    if (E.isLeft(reference)) return E.left(Failure('Invalid', doing, reference.left))
    const { digest, tag = 'latest' } = reference.right
    const time = within(systemClock, timeoutMs, signal)
    try {
      const untilMs = Date.now() + timeoutMs
      const registry = Registry(reference.right, { logins, hosts, silenceMs, signal: time.signal, untilMs })
      await registry.access(digest ?? tag)
      return E.right(undefined)
    } catch (thrown) {
      return E.left(
        time.signal.aborted ? whyStopped(time.signal, doing, timeoutMs) : { ...failureOf(thrown, doing), doing }
      )
    } finally {
      time.end()
    }
  }
