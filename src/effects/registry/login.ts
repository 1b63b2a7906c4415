import * as E from 'fp-ts/Either'
import * as t from 'io-ts'

import { Failure } from '../../core/domain/Failure'
import { documentIn } from '../ports/documentIn'
import { Thrown } from '../ports/Thrown'
import { basic, Credential } from './Credential'
import { Astray, Home, wrongStep } from './Home'
import { isPassing } from './refusal'
import { Answer, Ask, bodyOf, drop, Headers, placeOf, request } from './request'
import { Patience, retried } from './retried'

/** What a registry asks for before it answers (WWW-Authenticate). */
interface Challenge {
  readonly scheme: 'basic' | 'bearer'
  readonly realm: string
  readonly service: string
  readonly scope: string
}

const PARAMETER = /(?<!\w)(\w+)="((?:[^"\\]|\\.)*)"/g

/** Reads a WWW-Authenticate header; bearer is preferred where both are offered. */
export const challengeIn = (header: string | undefined): Challenge | undefined => {
  if (header === undefined) return undefined
  const bearer = /bearer\s/i.exec(header)
  const otherwise = /basic/i.test(header) ? 'basic' : undefined
  const scheme = bearer !== null ? 'bearer' : otherwise
  const given = new Map(
    [...header.matchAll(PARAMETER)].map(([, key = '', value = '']) => [
      key.toLowerCase(),
      value.replace(/\\(.)/g, '$1')
    ])
  )
  return scheme === undefined
    ? undefined
    : { scheme, realm: given.get('realm') ?? '', service: given.get('service') ?? '', scope: given.get('scope') ?? '' }
}

/** Who asks, and for what. `credential` is one for this very place, which also names where tokens for it are given. */
export interface Asking {
  readonly home: Home
  readonly repository: string
  readonly credential: Credential | undefined
  readonly patience: Patience
  readonly silenceMs: number
}

/**
 * The Authorization header that answers a challenge of the registry itself; undefined when only a login would and there
 * is none. The realm may be another host (Docker Hub's is): it is asked over https, or over http on loopback by a
 * registry that speaks so itself (`Home`), and the login goes to it and not where it redirects to. What it gives is
 * shown to the registry alone.
 */
export const authorize = async (challenge: Challenge, asking: Asking): Promise<string | undefined> => {
  const { home, repository, credential, patience } = asking
  if (credential?._tag === 'Bearer') return `Bearer ${credential.token.reveal()}`
  if (challenge.scheme === 'basic')
    return credential?._tag === 'Password' ? basic(credential.username, credential.password) : undefined
  const url = placeOf(challenge.realm)
  if (url === undefined) throw new Astray('asks for a token and names no address that gives one')
  const wrong = wrongStep(home, new URL(home.origin), url)
  if (wrong !== undefined) throw new Astray(`${wrong}, to log in there`)
  const scope = challenge.scope === '' ? `repository:${repository}:pull` : challenge.scope
  const wanted = { ...(challenge.service === '' ? {} : { service: challenge.service }), scope }
  const answer = await retried(patience, () => askForToken(url, wanted, asking))
  if (answer.status === OK) return `Bearer ${tokenIn(await bodyOf(answer, MAX_TOKEN), url)}`
  drop(answer)
  // A realm that is busy or broken says nothing of the login.
  if (!isPassing(answer.status)) return undefined
  const detail = `${patience.place} sends to ${url.host} for a token, which answers ${String(answer.status)}`
  throw new Thrown(Failure('Unavailable', patience.doing, detail))
}

const OK = 200
const MAX_TOKEN = 1024 * 1024

type Wanted = Readonly<Record<string, string>>

/**
 * Tokens are given for a GET (the distribution spec's token authentication), and for an identity token after a form was
 * posted (its OAuth2).
 */
const askForToken = (url: URL, wanted: Wanted, { home, credential, patience, silenceMs }: Asking): Promise<Answer> => {
  const how: Ask = { signal: patience.signal, silenceMs }
  if (credential?._tag === 'Identity') {
    const form = { ...wanted, grant_type: 'refresh_token', client_id: CLIENT, refresh_token: credential.token.reveal() }
    return request(home, url, { ...how, method: 'POST', headers: FORM, body: new URLSearchParams(form).toString() })
  }
  const asked = new URL(url)
  for (const [name, value] of Object.entries(wanted)) asked.searchParams.set(name, value)
  const own: Headers =
    credential?._tag === 'Password' ? { Authorization: basic(credential.username, credential.password) } : {}
  return request(home, asked, { ...how, own })
}

const CLIENT = 'containerd-driver'
const FORM = { 'Content-Type': 'application/x-www-form-urlencoded' }

const token = t.union([t.type({ token: t.string }), t.type({ access_token: t.string })])

const tokenIn = (body: Buffer, { host }: URL): string => {
  const decoded = E.chainW((value: unknown) => token.decode(value))(documentIn(body))
  if (E.isLeft(decoded)) throw new Astray(`sends to ${host}, which gives no token`)
  const text = 'token' in decoded.right ? decoded.right.token : decoded.right.access_token
  if (!/^[\x21-\x7e]+$/.test(text)) throw new Astray(`sends to ${host}, which gives what is no token`)
  return text
}
