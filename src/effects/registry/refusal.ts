import { Failure } from '../../core/domain/Failure'
import { ImageReference } from '../../core/image/ImageReference'
import { Login } from '../ports/Machine'
import { said } from './answerText'
import { Answer } from './request'

/** Whose answer it is, to whom; `missing` is what a 404 says is not there. */
interface Asked {
  readonly isOwn: boolean
  readonly reference: ImageReference
  readonly login: Login | undefined
  readonly missing: string
}

/**
 * Why an image cannot be had, from an answer that is no success. The words of the registry stand in it; those of
 * another place do not: what some server in the host's network answers is nothing for the author of a job.
 */
export const refusal = async (answer: Answer, { isOwn, reference, login, missing }: Asked): Promise<Failure> => {
  const { status, url, body } = answer
  const doing = `pull ${reference.name}`
  if (!isOwn) {
    body.destroy()
    return Failure(
      isPassing(status) ? 'Unavailable' : 'Invalid',
      doing,
      `registry ${reference.registry} sends to ${url.host}, which answers ${String(status)}`
    )
  }
  const words = await said(answer)
  const own = words === '' ? '' : ` (the registry says: ${words})`
  if (status === 404) return Failure('NotFound', doing, `registry ${reference.registry} has ${missing}${own}`)
  if (status === 401) return Failure('Denied', doing, `${denied(reference, login)}${own}`)
  if (status === 403)
    return Failure(
      'Denied',
      doing,
      `registry ${reference.registry} forbids it${login === undefined ? ', asked without a login' : ` to ${login.username}`}${own}`
    )
  return Failure(
    isPassing(status) ? 'Unavailable' : 'Invalid',
    doing,
    `registry ${reference.registry} answers ${String(status)}${own}`
  )
}

const REQUEST_TIMEOUT = 408
const TOO_MANY = 429
const SERVER_ERROR = 500

/** Whether a later try may do better: the registry is busy or broken, not unwilling. */
const isPassing = (status: number): boolean =>
  status === REQUEST_TIMEOUT || status === TOO_MANY || status >= SERVER_ERROR

const denied = ({ registry }: ImageReference, login: Login | undefined): string =>
  login === undefined
    ? `registry ${registry} asks for a login: set \`auth { username, password }\` in the task, or \`auth\` with this \`server_address\` in the plugin's config; an image that does not exist is answered alike`
    : `registry ${registry} refuses the login of ${login.username}`
