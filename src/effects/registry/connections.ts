import { createHash } from 'node:crypto'
import { existsSync, readFileSync, statSync } from 'node:fs'
import * as tls from 'node:tls'

import type { Dispatcher } from 'undici'

import { Home, lookupAway } from './Home'
import { proxyOf } from './proxyOf'
import { Trust, USUAL } from './Trust'

const DIAL_MS = 30_000

/**
 * The connections for an address, kept open between requests and between pulls. Elsewhere than at home neither our
 * certificate counts nor the leave to skip verification, and the address of a name is looked at; a proxy looks its
 * names up itself.
 */
export const connectionsTo = async (home: Home, url: URL): Promise<Dispatcher> => {
  const { Agent, ProxyAgent } = await import('./wire')
  const { trust = USUAL, dialTimeoutMs = DIAL_MS } = home
  const isHome = url.origin === home.origin
  const counts = isHome ? trust : { ...USUAL, ca: trust.ca }
  const proxy = proxyOf(url, process.env)
  const isSecure = url.protocol === 'https:' || proxy?.protocol === 'https:'
  const context = isSecure ? contextOf(counts) : undefined
  const connect = {
    timeout: dialTimeoutMs,
    ...(context === undefined ? {} : { secureContext: context.made }),
    ...(counts.skipVerify ? { rejectUnauthorized: false } : {})
  }
  const away = isHome ? 'home' : `away ${String(home.isOnLoopback)}`
  const key = [away, proxy?.href, dialTimeoutMs, context?.key, counts.skipVerify]
  return kept(JSON.stringify(key), () =>
    proxy === undefined
      ? new Agent({ ...TIMES, connect: isHome ? connect : { ...connect, lookup: lookupAway(home) } })
      : new ProxyAgent({ ...TIMES, uri: proxy.href, requestTls: connect, proxyTls: connect })
  )
}

/** Whoever reads a body looks at the time that it takes: a trickle would defeat a limit between two chunks. */
const TIMES = { bodyTimeout: 0, keepAliveTimeout: 10_000 }

const MOST = 32

const all = new Map<string, Dispatcher>()

const kept = (key: string, make: () => Dispatcher): Dispatcher => {
  const made = all.get(key) ?? make()
  all.delete(key)
  all.set(key, made)
  const [oldest] = all.keys()
  if (all.size > MOST && oldest !== undefined) {
    // What runs on it goes on to its end.
    void all.get(oldest)?.close()
    all.delete(oldest)
  }
  return made
}

interface Context {
  readonly key: string
  readonly made: tls.SecureContext
}

const contexts = new Map<string, tls.SecureContext>()

/** Reading all authorities costs a connection some twenty milliseconds: it is done once. */
const contextOf = ({ ca, client }: Trust): Context => {
  const { file, text, stamp } = systemBundle()
  const key = createHash('sha256').update(JSON.stringify([file, stamp, ca, client])).digest('hex')
  const known = contexts.get(key)
  if (known !== undefined) return { key, made: known }
  const made = tls.createSecureContext({
    ca: [...tls.rootCertificates, ...(text === '' ? [] : [text]), ...ca],
    ...(client.length === 0 ? {} : { cert: client.map((one) => one.cert), key: client.map((one) => one.key) })
  })
  if (contexts.size >= MOST) contexts.clear()
  contexts.set(key, made)
  return { key, made }
}

const SYSTEM_BUNDLE = '/etc/ssl/certs/ca-certificates.crt'

interface Bundle {
  readonly file: string
  readonly stamp: number
  readonly text: string
}

const last: { bundle: Bundle } = { bundle: { file: '', stamp: 0, text: '' } }

// Node has its own list of authorities: the system's, and SSL_CERT_FILE as Go programs know it, have to be read.
const systemBundle = (): Bundle => {
  const file = process.env['SSL_CERT_FILE'] ?? SYSTEM_BUNDLE
  const stamp = existsSync(file) ? statSync(file).mtimeMs : 0
  if (last.bundle.file !== file || last.bundle.stamp !== stamp)
    last.bundle = { file, stamp, text: stamp === 0 ? '' : readFileSync(file, 'utf8') }
  return last.bundle
}
