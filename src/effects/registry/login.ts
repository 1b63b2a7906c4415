import * as E from 'fp-ts/Either'
import * as t from 'io-ts'

import { isLoopback } from '../../core/decode/ImageReference'
import { Failure } from '../../core/domain/Failure'
import { Login } from '../Machine'
import { Thrown } from '../Thrown'
import { bodyOf, request } from './request'

/** What a registry asks for before it answers (WWW-Authenticate). */
interface Challenge {
  readonly scheme: 'basic' | 'bearer'
  readonly realm: string
  readonly service: string
  readonly scope: string
}

const PARAMETER = /(\w+)="((?:[^"\\]|\\.)*)"/g

/** Reads a WWW-Authenticate header; bearer is preferred where both are offered. */
export const challengeIn = (header: string | undefined): Challenge | undefined => {
  if (header === undefined) return undefined
  const bearer = /bearer\s/i.exec(header)
  const scheme = bearer !== null ? 'bearer' : /basic/i.test(header) ? 'basic' : undefined
  const given = new Map([...header.matchAll(PARAMETER)].map(([, key = '', value = '']) => [key.toLowerCase(), value.replace(/\\(.)/g, '$1')]))
  return scheme === undefined
    ? undefined
    : { scheme, realm: given.get('realm') ?? '', service: given.get('service') ?? '', scope: given.get('scope') ?? '' }
}

const basic = ({ username, password }: Login): string =>
  `Basic ${Buffer.from(`${username}:${password.reveal()}`).toString('base64')}`

const token = t.union([t.type({ token: t.string }), t.type({ access_token: t.string })])

const MAX_TOKEN = 1024 * 1024

/** The Authorization header that answers a challenge; undefined when only a login would and there is none. */
export const authorize = async (
  challenge: Challenge, repository: string, login: Login | undefined, signal: AbortSignal
): Promise<string | undefined> => {
  if (challenge.scheme === 'basic') return login === undefined ? undefined : basic(login)
  const url = new URL(challenge.realm)
  if (login !== undefined && url.protocol !== 'https:' && !isLoopback(url.host)) {
    throw new Thrown(Failure('Denied', `log in at ${url.host}`, 'the registry asks for the login over plain http; it is not sent'))
  }
  if (challenge.service !== '') url.searchParams.set('service', challenge.service)
  url.searchParams.set('scope', challenge.scope === '' ? `repository:${repository}:pull` : challenge.scope)
  const answer = await request(url, { signal, headers: login === undefined ? {} : { Authorization: basic(login) } })
  const text = (await bodyOf(answer, MAX_TOKEN)).toString('utf8')
  if (answer.status !== 200) return undefined
  const decoded = token.decode(JSON.parse(text))
  if (E.isLeft(decoded)) throw new Error(`${url.host} gave no token`)
  return `Bearer ${'token' in decoded.right ? decoded.right.token : decoded.right.access_token}`
}
