import { Readable } from 'node:stream'

import type { Dispatcher } from 'undici'

import { codeOf } from '../ports/Thrown'
import { connectionsTo } from './connections'
import { flowing, Stalled, stalledText } from './flowing'
import { Astray, Home, wrongStep } from './Home'

/** The headers of a request; one may stand there more than once. */
export type Headers = Readonly<Record<string, string | ReadonlyArray<string>>>

/** An answer of a server: status, headers, and a body that the caller has to read or drop. */
export interface Answer {
  readonly status: number
  /** By their names in small letters; one that stands there more than once is joined with commas. */
  readonly headers: Readonly<Record<string, string | undefined>>
  readonly url: URL
  readonly body: Readable
  /** How long nothing of the body may come. */
  readonly silenceMs: number
}

export interface Ask {
  readonly method?: 'GET' | 'HEAD' | 'POST'
  readonly headers?: Headers
  /** What is meant for the address alone that is asked: logins above all. No redirect carries it on. */
  readonly own?: Headers
  readonly body?: string
  readonly signal: AbortSignal
  /** How long nothing may be answered; a minute when left out. */
  readonly silenceMs?: number
}

const MAX_REDIRECTS = 10
const SILENCE_MS = 60_000
const REDIRECTS: ReadonlyArray<number> = [301, 302, 303, 307, 308]

/**
 * Asks on behalf of a registry and follows redirects as far as `Home` allows; throws `Astray` beyond. What is the
 * address's own goes to no other, a port included, and does not come back when the way leads back. What is posted goes
 * nowhere else at all.
 */
export const request = async (home: Home, url: URL, ask: Ask, redirects = 0): Promise<Answer> => {
  const answer = await once(home, url, ask)
  const { location } = answer.headers
  if (!REDIRECTS.includes(answer.status) || location === undefined || ask.method === 'POST') return answer
  drop(answer)
  if (redirects >= MAX_REDIRECTS) throw new Astray(`redirects more than ${String(MAX_REDIRECTS)} times`)
  const next = placeOf(location, url)
  const wrong = next === undefined ? 'redirects to what is no address' : wrongStep(home, url, next)
  if (next === undefined || wrong !== undefined) throw new Astray(wrong)
  const { own, ...others } = ask
  const isSame = next.origin === url.origin && own !== undefined
  return request(home, next, isSame ? ask : others, redirects + 1)
}

/** An address that a registry wrote; undefined when it is none. */
export const placeOf = (text: string, from?: URL): URL | undefined =>
  URL.canParse(text, from?.href) ? new URL(text, from) : undefined

const once = async (home: Home, url: URL, ask: Ask): Promise<Answer> => {
  const { method = 'GET', headers = {}, own = {}, body: sent, signal, silenceMs = SILENCE_MS } = ask
  const connections = await connectionsTo(home, url)
  const asked = {
    // A connection serves on after a HEAD too.
    origin: url.origin, path: `${url.pathname}${url.search}`, method, signal, headersTimeout: silenceMs, reset: false,
    headers: mutable({ 'User-Agent': 'containerd-driver', ...headers, ...own }),
    ...(sent === undefined ? {} : { body: sent })
  }
  const answer = await connections.request(asked).catch((thrown: unknown) => {
    throw codeOf(thrown) === 'UND_ERR_HEADERS_TIMEOUT' ? new Stalled(stalledText(0, silenceMs)) : thrown
  })
  return { status: answer.statusCode, headers: joined(answer.headers), url, body: quiet(answer.body), silenceMs }
}

const mutable = (headers: Headers): Record<string, string | Array<string>> =>
  Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, typeof value === 'string' ? value : [...value]]))

const joined = (headers: Dispatcher.ResponseData['headers']): Answer['headers'] =>
  Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : value]))

/** A body that nobody reads any more may break off: that is no error of this process. */
const quiet = (body: Readable): Readable => body.on('error', () => undefined)

const SOON_OVER = 64 * 1024

/** Done with an answer: a short one is read to its end, so that its connection can be used again. */
export const drop = ({ body, headers }: Pick<Answer, 'body' | 'headers'>): void => {
  if (Number(headers['content-length'] ?? Infinity) <= SOON_OVER) body.resume()
  else body.destroy()
}

/**
 * The whole body of an answer; more than `limit` bytes are refused, before they are read where the answer says how many
 * they are.
 */
export const bodyOf = async (answer: Answer, limit: number): Promise<Buffer> => {
  const { body, headers, url } = answer
  const chunks: Array<Uint8Array> = []
  let length = 0
  const refuse = (): never => {
    body.destroy()
    throw new Astray(`answers more than ${String(limit)} bytes at ${url.host}`)
  }
  if (Number(headers['content-length'] ?? 0) > limit) refuse()
  for await (const chunk of flowing(answer)) {
    chunks.push(chunk)
    length += chunk.length
    if (length > limit) refuse()
  }
  return Buffer.concat(chunks)
}
