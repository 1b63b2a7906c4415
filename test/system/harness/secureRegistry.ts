import { execFileSync } from 'node:child_process'
import * as fs from 'node:fs'
import * as http from 'node:http'
import * as https from 'node:https'
import { AddressInfo } from 'node:net'
import * as os from 'node:os'
import * as path from 'node:path'

/** A door in front of a plain registry: TLS with a certificate of its own, and a login. */
export interface SecureRegistry {
  readonly host: string
  /** The certificate's authority: what SSL_CERT_FILE has to name. */
  readonly certificate: string
  readonly requests: ReadonlyArray<string>
  readonly stop: () => Promise<void>
}

export interface Door {
  readonly tls: boolean
  readonly login?: { readonly username: string; readonly password: string; readonly scheme: 'basic' | 'bearer' }
}

/** Opens a door to a registry on loopback. */
export const secured = async (registry: string, { tls, login }: Door): Promise<SecureRegistry> => {
  const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'door-'))
  const [key, certificate] = [path.join(dir, 'key.pem'), path.join(dir, 'cert.pem')]
  execFileSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-keyout', key, '-out', certificate, '-days', '2',
    '-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1'], { stdio: 'ignore' })
  const requests: Array<string> = []
  const state = { host: '' }
  const handle = (request: http.IncomingMessage, response: http.ServerResponse): void => {
    requests.push(`${request.method ?? ''} ${request.url ?? ''}`)
    const wanted = login === undefined ? undefined : answerTo(login, state.host, tls, request, response)
    if (wanted === 'answered') return
    const { host: _host, authorization: _authorization, ...headers } = request.headers
    const onward = http.request(`http://${registry}${request.url ?? ''}`, { method: request.method ?? 'GET', headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 500, answer.headers)
      answer.pipe(response)
    })
    onward.on('error', () => { response.destroy() })
    request.pipe(onward)
  }
  const server = tls ? https.createServer({ key: fs.readFileSync(key), cert: fs.readFileSync(certificate) }, handle) : http.createServer(handle)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  state.host = `127.0.0.1:${String((server.address() as AddressInfo).port)}`
  return {
    host: state.host, certificate, requests,
    stop: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
      fs.rmSync(dir, { recursive: true })
    }
  }
}

const TOKEN = 'a-token'

/** Asks for a login where there is none yet; 'answered' when the request goes no further. */
const answerTo = (
  { username, password, scheme }: NonNullable<Door['login']>, host: string, tls: boolean,
  request: http.IncomingMessage, response: http.ServerResponse
): 'answered' | 'let in' => {
  const basic = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`
  const { authorization } = request.headers
  if (request.url?.startsWith('/token') === true) {
    response.writeHead(authorization === basic ? 200 : 401, { 'content-type': 'application/json' })
    response.end(JSON.stringify({ token: TOKEN }))
    return 'answered'
  }
  if (authorization === (scheme === 'basic' ? basic : `Bearer ${TOKEN}`)) return 'let in'
  const challenge = scheme === 'basic' ? 'Basic realm="door"' : `Bearer realm="${tls ? 'https' : 'http'}://${host}/token",service="door"`
  response.writeHead(401, { 'www-authenticate': challenge })
  response.end()
  return 'answered'
}
