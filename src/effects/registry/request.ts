import { existsSync, readFileSync } from 'node:fs'
import * as http from 'node:http'
import * as https from 'node:https'
import * as tls from 'node:tls'

import { Astray, Home, lookupAway, wrongStep } from './Home'

/** An answer of a server: status, headers, and a body that the caller has to read or destroy. */
export interface Answer {
  readonly status: number
  readonly headers: http.IncomingHttpHeaders
  readonly url: URL
  readonly body: http.IncomingMessage
}

export interface Ask {
  readonly method?: 'GET' | 'HEAD'
  readonly headers?: Readonly<Record<string, string>>
  readonly signal: AbortSignal
}

const MAX_REDIRECTS = 10
const SILENCE_MS = 60_000

/**
 * Asks on behalf of a registry and follows redirects as far as `Home` allows; throws `Astray` beyond. A login is for
 * the origin that was asked: it goes to no other, a port included, and does not come back when the way leads back.
 */
export const request = async (home: Home, url: URL, ask: Ask, redirects = 0): Promise<Answer> => {
  const answer = await once(home, url, ask)
  const { location } = answer.headers
  if (![301, 302, 303, 307, 308].includes(answer.status) || location === undefined) return answer
  answer.body.destroy()
  if (redirects >= MAX_REDIRECTS) throw new Astray(`redirects more than ${String(MAX_REDIRECTS)} times`)
  const next = placeOf(location, url)
  const wrong = next === undefined ? 'redirects to what is no address' : wrongStep(home, url, next)
  if (next === undefined || wrong !== undefined) throw new Astray(wrong)
  const { Authorization: _own, ...others } = ask.headers ?? {}
  return request(
    home,
    next,
    { ...ask, headers: next.origin === url.origin ? (ask.headers ?? {}) : others },
    redirects + 1
  )
}

/** An address that a registry wrote; undefined when it is none. */
export const placeOf = (text: string, from?: URL): URL | undefined =>
  URL.canParse(text, from?.href) ? new URL(text, from) : undefined

const once = (home: Home, url: URL, { method = 'GET', headers = {}, signal }: Ask): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const secure = url.protocol === 'https:'
    // A pooled connection was made without the look at its address.
    const away = url.origin === home.origin ? {} : { lookup: lookupAway(home), agent: false }
    const options = { method, headers, signal, ...away, ...(secure ? { ca: authorities() } : {}) }
    const sent = (secure ? https : http).request(url, options, (body) => {
      resolve({ status: body.statusCode ?? 0, headers: body.headers, url, body })
    })
    sent.setTimeout(SILENCE_MS, () => {
      sent.destroy(new Error(`no answer within ${String(SILENCE_MS / 1000)} seconds`))
    })
    sent.on('error', reject)
    sent.end()
  })

const SYSTEM_BUNDLE = '/etc/ssl/certs/ca-certificates.crt'

// Node has its own list of authorities: the system's, and SSL_CERT_FILE as Go programs know it, have to be read.
const authorities = (): Array<string> => {
  const file = process.env['SSL_CERT_FILE'] ?? SYSTEM_BUNDLE
  return [...tls.rootCertificates, ...(existsSync(file) ? [readFileSync(file, 'utf8')] : [])]
}

/**
 * The whole body of an answer; more than `limit` bytes are refused, before they are read where the answer says how many
 * they are.
 */
export const bodyOf = async ({ body, headers, url }: Answer, limit: number): Promise<Buffer> => {
  const chunks: Array<Buffer> = []
  let length = 0
  const refuse = (): never => { throw new Astray(`answers more than ${String(limit)} bytes at ${url.host}`) }
  if (Number(headers['content-length'] ?? 0) > limit) { body.destroy(); refuse() }
  for await (const chunk of body as AsyncIterable<Buffer>) {
    chunks.push(chunk)
    length += chunk.length
    if (length > limit) refuse()
  }
  return Buffer.concat(chunks)
}
