import { existsSync, readFileSync } from 'node:fs'
import * as http from 'node:http'
import * as https from 'node:https'
import * as tls from 'node:tls'

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

/** Asks and follows redirects. A login is never carried to another host (a blob's store is not the registry). */
export const request = async (url: URL, ask: Ask, redirects = 0): Promise<Answer> => {
  const answer = await once(url, ask)
  const { location } = answer.headers
  if (![301, 302, 303, 307, 308].includes(answer.status) || location === undefined) return answer
  answer.body.destroy()
  if (redirects >= MAX_REDIRECTS) throw new Error(`more than ${String(MAX_REDIRECTS)} redirects from ${url.host}`)
  const next = new URL(location, url)
  const { Authorization: _own, ...others } = ask.headers ?? {}
  const headers = next.host === url.host && next.protocol === url.protocol ? (ask.headers ?? {}) : others
  return request(next, { ...ask, headers }, redirects + 1)
}

const once = (url: URL, { method = 'GET', headers = {}, signal }: Ask): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const secure = url.protocol === 'https:'
    const options = { method, headers, signal, ...(secure ? { ca: authorities() } : {}) }
    const sent = (secure ? https : http).request(url, options, (body) => {
      resolve({ status: body.statusCode ?? 0, headers: body.headers, url, body })
    })
    sent.setTimeout(SILENCE_MS, () => { sent.destroy(new Error(`no answer within ${String(SILENCE_MS / 1000)} seconds`)) })
    sent.on('error', reject)
    sent.end()
  })

const SYSTEM_BUNDLE = '/etc/ssl/certs/ca-certificates.crt'

// Node has its own list of authorities: the system's, and SSL_CERT_FILE as Go programs know it, have to be read.
const authorities = (): Array<string> => {
  const file = process.env['SSL_CERT_FILE'] ?? SYSTEM_BUNDLE
  return [...tls.rootCertificates, ...(existsSync(file) ? [readFileSync(file, 'utf8')] : [])]
}

/** The whole body of an answer; more than `limit` bytes are refused. */
export const bodyOf = async ({ body, url }: Answer, limit: number): Promise<Buffer> => {
  const chunks: Array<Buffer> = []
  let size = 0
  for await (const chunk of body as AsyncIterable<Buffer>) {
    chunks.push(chunk)
    size += chunk.length
    if (size > limit) throw new Error(`${url.host} answered more than ${String(limit)} bytes`)
  }
  return Buffer.concat(chunks)
}
