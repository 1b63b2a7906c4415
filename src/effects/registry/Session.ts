import { Failure } from '../../core/domain/Failure'
import { Logins } from '../ports/Machine'
import { Thrown } from '../ports/Thrown'
import { Credential } from './Credential'
import { credentialFor } from './credentialFor'
import { authorize, challengeIn } from './login'
import { Place } from './Place'
import { refusal } from './refusal'
import { Answer, Ask, drop, Headers, request } from './request'
import { Patience, retried } from './retried'

/** For which repository a place is asked, with which logins, and how patiently. */
export interface About {
  readonly registry: string
  readonly repository: string
  readonly logins: Logins
  readonly patience: Patience
  readonly silenceMs: number
}

/** Requests of one repository at one place: what a login has brought is used again until it is refused. */
export interface Session {
  readonly place: Place
  /**
   * A successful answer below `<base><repository>/`. Throws `Thrown` with the registry's own words otherwise, a 404
   * under the name of what is missing.
   */
  readonly ask: (path: string, how: Pick<Ask, 'method' | 'headers'>, missing: string) => Promise<Answer>
}

interface State {
  /** What is shown to the place now; undefined before it was asked for. */
  shown?: Promise<Shown | undefined>
  credential?: Promise<Credential | undefined>
  /** A login that was refused is not tried again where it may be left out. */
  isAnonymous: boolean
}

interface Shown {
  readonly header: string
  readonly by: Credential | undefined
}

export const Session = (place: Place, about: About): Session => {
  const state: State = { isAnonymous: false }
  const at = { place, about, state }
  return { place, ask: (path, how, missing) => granted(at, path, how, missing) }
}

interface At {
  readonly place: Place
  readonly about: About
  readonly state: State
}

type How = Pick<Ask, 'method' | 'headers'>

const UNAUTHORIZED = 401
const FORBIDDEN = 403
const METHOD_NOT_ALLOWED = 405

const granted = async (at: At, path: string, how: How, missing: string): Promise<Answer> => {
  const { place, about: { patience, logins }, state } = at
  const { answer, shown } = await answered(at, path, how)
  if (answer.status >= 200 && answer.status < 300) return answer
  if (answer.status === METHOD_NOT_ALLOWED && how.method === 'HEAD') {
    drop(answer)
    return granted(at, path, { ...how, method: 'GET' }, missing)
  }
  const isOwn = answer.url.origin === place.home.origin
  const isRefused = isOwn && [UNAUTHORIZED, FORBIDDEN].includes(answer.status)
  if (isRefused && logins.isOptional === true && !state.isAnonymous && (await state.credential) !== undefined) {
    drop(answer)
    state.isAnonymous = true
    delete state.shown
    return granted(at, path, how, missing)
  }
  const by = shown?.by ?? (isRefused && !state.isAnonymous ? await state.credential : undefined)
  const secrets = [...(shown === undefined ? [] : [shown.header.replace(/^\w+ /, '')]), ...secretsOf(by)]
  throw new Thrown(
    await refusal(answer, {
      isOwn, missing, secrets, doing: patience.doing, place: place.name, username: by?.username
    })
  )
}

const secretsOf = (by: Credential | undefined): ReadonlyArray<string> =>
  by === undefined ? [] : [(by._tag === 'Password' ? by.password : by.token).reveal()]

interface Answered {
  readonly answer: Answer
  readonly shown: Shown | undefined
}

/** Asks, and asks again with a login where the place wants one, or wants a new one: tokens end. */
const answered = async (at: At, path: string, how: How): Promise<Answered> => {
  const { place, state } = at
  const before = state.shown
  const answer = await send(at, path, how, await before)
  // Whoever else asks for a login does not get it: the way may lead through places that the registry does not speak
  // for.
  if (answer.status !== UNAUTHORIZED || answer.url.origin !== place.home.origin)
    return { answer, shown: await before }
  // Another request may have brought a new one meanwhile.
  if (state.shown === before) state.shown = renewed(at, answer.headers['www-authenticate'], await before)
  const shown = await state.shown
  if (shown === undefined) return { answer, shown }
  drop(answer)
  return { answer: await send(at, path, how, shown), shown }
}

const send = (
  { place, about: { repository, patience, registry, silenceMs } }: At, path: string, how: How, shown: Shown | undefined
): Promise<Answer> => {
  const url = new URL(`${repository}/${path}`, place.base)
  // A mirror of several registries has to know which one is meant.
  if (!place.isRegistry) url.searchParams.set('ns', registry)
  const own: Headers = { ...place.header, ...(shown === undefined ? {} : { Authorization: shown.header }) }
  const ask = { ...how, own, signal: patience.signal, silenceMs }
  return retried(patience, () => request(place.home, url, ask))
}

/** What the place is shown from now on; undefined where nothing would help. */
const renewed = async (at: At, header: string | undefined, before: Shown | undefined): Promise<Shown | undefined> => {
  const { place, about: { repository, patience, silenceMs }, state } = at
  const challenge = challengeIn(header)
  if (challenge === undefined) return undefined
  const credential = state.isAnonymous ? undefined : await (state.credential ??= credentialOf(at))
  const given = await authorize(challenge, { home: place.home, repository, credential, patience, silenceMs })
  return given === undefined || given === before?.header ? undefined : { header: given, by: credential }
}

const credentialOf = async ({ place, about }: At): Promise<Credential | undefined> => {
  try {
    return await credentialFor(about.logins, place, about.registry, about.patience.signal)
  } catch (thrown) {
    if (about.logins.isOptional === true && thrown instanceof Thrown) return undefined
    throw thrown
  }
}

/** A failure under the name of what is being done, with what was done for it in its words. */
export const underName = ({ doing, detail, ...rest }: Failure, name: string): Failure =>
  ({ ...rest, doing: name, detail: doing === name ? detail : `${doing}: ${detail}` })
