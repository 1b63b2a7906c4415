import { Failure } from '../../core/domain/Failure'
import { REDACTED } from '../../core/domain/Secret'
import { said } from './answerText'
import { Answer, drop } from './request'
import { toldMs } from './retried'

/** Whose answer it is, to whom; `missing` is what a 404 says is not there. */
interface Asked {
  readonly isOwn: boolean
  readonly doing: string
  /** The registry or the mirror, as messages name it. */
  readonly place: string
  /** The user whose login was shown; undefined where none was. */
  readonly username: string | undefined
  readonly missing: string
  /** What was shown to it: a registry that says it again is not quoted. */
  readonly secrets: ReadonlyArray<string>
}

/**
 * Why an image cannot be had, from an answer that is no success. The words of the registry stand in it; those of
 * another place do not: what some server in the host's network answers is nothing for the author of a job.
 */
export const refusal = async (answer: Answer, asked: Asked): Promise<Failure> => {
  const { isOwn, doing, place, username, missing, secrets } = asked
  const { status, url } = answer
  const tag = isPassing(status) ? 'Unavailable' : 'Invalid'
  if (!isOwn) {
    drop(answer)
    return Failure(tag, doing, `${place} sends to ${url.host}, which answers ${String(status)}`)
  }
  const words = withoutSecrets(await said(answer), secrets)
  const own = words === '' ? '' : ` (the registry says: ${words})`
  if (status === 404) return Failure('NotFound', doing, `${place} has ${missing}${own}`)
  if (status === 401) return Failure('Denied', doing, `${denied(place, username)}${own}`)
  if (status === 403) {
    const whom = username === undefined ? ', asked without a login' : ` to ${username}`
    return Failure('Denied', doing, `${place} forbids it${whom}${own}`)
  }
  return Failure(tag, doing, `${place} answers ${String(status)}${late(answer)}${own}`)
}

const withoutSecrets = (words: string, secrets: ReadonlyArray<string>): string =>
  secrets.filter((one) => one !== '').reduce((text, one) => text.replaceAll(one, REDACTED), words)

/** When it wants to be asked again, where the pull has no time for that. */
const late = (answer: Answer): string => {
  const ms = isPassing(answer.status) ? toldMs(answer) : undefined
  return ms === undefined ? '' : ` and asks to be left alone for ${String(Math.ceil(ms / 1000))} s`
}

const REQUEST_TIMEOUT = 408
const TOO_MANY = 429
const SERVER_ERROR = 500

/** Whether a later try may do better: the registry is busy or broken, not unwilling. */
export const isPassing = (status: number): boolean =>
  status === REQUEST_TIMEOUT || status === TOO_MANY || status >= SERVER_ERROR

const denied = (place: string, username: string | undefined): string =>
  username === undefined
    ? `${place} asks for a login: set \`auth { username, password }\` in the task, or \`auth\` with this \`server_address\` in the plugin's config; an image that does not exist is answered alike`
    : `${place} refuses the login of ${username}`
