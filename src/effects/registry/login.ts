import * as E from 'fp-ts/Either'
import * as t from 'io-ts'

import { documentIn } from '../ports/documentIn'
import { Login } from '../ports/Machine'
import { Astray, Home, wrongStep } from './Home'
import { bodyOf, placeOf, request } from './request'

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

const basic = ({ username, password }: Login): string =>
  `Basic ${Buffer.from(`${username}:${password.reveal()}`).toString('base64')}`

const token = t.union([t.type({ token: t.string }), t.type({ access_token: t.string })])

const MAX_TOKEN = 1024 * 1024

/**
 * Who asks, and for what. `login` is one for this very registry, which also names the place that gives tokens for it.
 */
export interface Asking {
  readonly home: Home
  readonly repository: string
  readonly login: Login | undefined
  readonly signal: AbortSignal
}

/**
 * The Authorization header that answers a challenge of the registry itself; undefined when only a login would and there
 * is none. The realm may be another host (Docker Hub's is): it is asked over https, or over http on loopback by a
 * registry that speaks so itself (`Home`), and the login goes to it and not where it redirects to. What it gives is
 * shown to the registry alone.
 */
export const authorize = async (
  challenge: Challenge,
  { home, repository, login, signal }: Asking
): Promise<string | undefined> => {
  if (challenge.scheme === 'basic') return login === undefined ? undefined : basic(login)
  const url = placeOf(challenge.realm)
  if (url === undefined) throw new Astray('asks for a token and names no address that gives one')
  const wrong = wrongStep(home, new URL(home.origin), url)
  if (wrong !== undefined) throw new Astray(`${wrong}, to log in there`)
  if (challenge.service !== '') url.searchParams.set('service', challenge.service)
  url.searchParams.set('scope', challenge.scope === '' ? `repository:${repository}:pull` : challenge.scope)
  const answer = await request(home, url, {
    signal,
    headers: login === undefined ? {} : { Authorization: basic(login) }
  })
  if (answer.status !== OK) {
    answer.body.destroy()
    return undefined
  }
  return `Bearer ${tokenIn(await bodyOf(answer, MAX_TOKEN), url)}`
}

const OK = 200

const tokenIn = (body: Buffer, { host }: URL): string => {
  const decoded = E.chainW((value: unknown) => token.decode(value))(documentIn(body))
  if (E.isLeft(decoded)) throw new Astray(`sends to ${host}, which gives no token`)
  const text = 'token' in decoded.right ? decoded.right.token : decoded.right.access_token
  if (!/^[\x21-\x7e]+$/.test(text)) throw new Astray(`sends to ${host}, which gives what is no token`)
  return text
}
