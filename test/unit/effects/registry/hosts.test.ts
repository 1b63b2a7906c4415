import { execFileSync } from 'node:child_process'
import * as fs from 'node:fs'
import * as http from 'node:http'
import * as https from 'node:https'
import * as net from 'node:net'
import * as os from 'node:os'
import * as path from 'node:path'
import { PeerCertificate, TLSSocket } from 'node:tls'

import { Secret } from '../../../../src/core/domain/Secret'
import { parse } from '../../../../src/core/image/ImageReference'
import { Logins } from '../../../../src/effects/ports/Machine'
import { Registry } from '../../../../src/effects/registry/Registry'
import { digestOf, Hostile, hostile, image, layer } from '../../../attacks/harness/hostile'
import { told } from '../../../attacks/harness/told'
import { right } from '../../../system/harness/right'

const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'hosts-test-'))
const servers: Array<{ readonly stop: () => Promise<void> }> = []

afterEach(async () => {
  for (const one of servers.splice(0)) await one.stop()
  for (const name of fs.readdirSync(dir)) if (name !== 'tls') fs.rmSync(path.join(dir, name), { recursive: true })
})

afterAll(() => { fs.rmSync(dir, { recursive: true }) })

const open = async (): Promise<Hostile> => {
  const made = await hostile()
  servers.push(made)
  return made
}

/** Writes the hosts.toml of a registry. */
const hosts = (registry: string, text: string): void => {
  fs.mkdirSync(path.join(dir, registry), { recursive: true })
  fs.writeFileSync(path.join(dir, registry, 'hosts.toml'), text)
}

const opened = (name: string, logins: Logins = {}): Registry =>
  Registry(right(parse(name)), {
    logins, hosts: dir, silenceMs: 5000, signal: AbortSignal.timeout(20_000), untilMs: Date.now() + 20_000
  })

const whole = async (bytes: Promise<AsyncIterable<Uint8Array>>): Promise<string> => {
  const chunks: Array<Uint8Array> = []
  for await (const chunk of await bytes) chunks.push(chunk)
  return Buffer.concat(chunks).toString()
}

// Nobody is there, and it is known at once.
const NOBODY = 'http://127.0.0.1:1'

describe('a name of Docker\'s', () => {
  it('comes from a mirror on loopback, which is told whose image is meant', async () => {
    const mirror = await open()
    const one = layer(mirror, Buffer.from('content'))
    const digest = image(mirror, '7', [one], [])
    hosts('docker.io', `server = "${NOBODY}"\n[host."${mirror.origin}"]\n`)
    const asked = opened('redis:7')
    expect((await asked.manifest('7')).descriptor.digest).toBe(digest)
    expect(await whole(asked.blob(one))).toBe('content')
    expect(mirror.seen.map((seen) => seen.path)).toEqual([
      '/v2/library/redis/manifests/7?ns=docker.io', `/v2/library/redis/blobs/${one.digest}?ns=docker.io`
    ])
  })

  it('comes from the mirrors in their order, and from the next where one has nothing, is broken or is not there', async () => {
    const [first, second, third] = [await open(), await open(), await open()]
    image(third, '7', [], [])
    second.before.guard = (_request, response) => { response.writeHead(403).end('not you'); return true }
    hosts('docker.io', `server = "${NOBODY}"\n[host."${NOBODY}"]\n[host."${first.origin}"]\n[host."${second.origin}"]\n[host."${third.origin}"]\n`)
    await opened('redis:7').manifest('7')
    expect([first, second, third].map(({ seen }) => seen.length)).toEqual([1, 1, 1])
  })

  it('that none of them has: every one of them is told, the registry itself first', async () => {
    const [mirror, server] = [await open(), await open()]
    hosts('docker.io', `server = "${server.origin}"\n[host."${mirror.origin}"]\n`)
    expect(await told(opened('redis:7').manifest('7'))).toBe(
      `NotFound pull docker.io/library/redis:7: mirror ${server.host} of registry docker.io has no such image: check the name and the tag; mirror ${mirror.host} of registry docker.io has no such image: check the name and the tag`)
    await mirror.stop()
    servers.splice(servers.indexOf(mirror), 1)
    expect(await told(opened('redis:7').manifest('7'))).toMatch(/^Unavailable pull docker\.io\/library\/redis:7: mirror .* has no such image: .*; mirror .* cannot be reached: /)
  })
})

describe('capabilities', () => {
  it('a mirror that only pulls is not asked what a tag stands for, and gives what has a digest', async () => {
    const [puller, server] = [await open(), await open()]
    const one = layer(puller, Buffer.from('content'))
    layer(server, Buffer.from('content'))
    const digest = image(puller, '1', [one], [])
    image(server, '1', [one], [])
    hosts('docker.io', `server = "${server.origin}"\n[host."${puller.origin}"]\ncapabilities = ["pull"]\n`)
    const asked = opened('redis:1')
    expect((await asked.manifest('1')).descriptor.digest).toBe(digest)
    await asked.manifest(digest)
    await whole(asked.blob(one))
    expect(server.seen.map((seen) => seen.path)).toEqual(['/v2/library/redis/manifests/1?ns=docker.io'])
    expect(puller.seen).toHaveLength(2)
  })

  it('where nobody may say what a tag stands for, that is said', async () => {
    const server = await open()
    hosts('docker.io', `server = "${server.origin}"\ncapabilities = ["pull"]\n`)
    expect(await told(opened('redis:1').manifest('1'))).toBe('Invalid pull docker.io/library/redis:1: no hosts.toml entry of registry docker.io may be asked for it')
    expect(server.seen).toEqual([])
  })
})

describe('a directory', () => {
  it.each([['127.0.0.1:PORT'], ['127.0.0.1_PORT_'], ['_default']])('%s is found', async (name) => {
    const [registry, mirror] = [await open(), await open()]
    image(mirror, '1', [], [])
    hosts(name.replace('PORT', registry.host.split(':')[1] ?? ''), `[host."${mirror.origin}"]\n`)
    await opened(`${registry.host}/team/app:1`).manifest('1')
    expect(mirror.seen.map((seen) => seen.path)).toEqual([`/v2/team/app/manifests/1?ns=${encodeURIComponent(registry.host)}`])
  })

  it('of the registry itself counts, and _default does not', async () => {
    const [registry, other] = [await open(), await open()]
    image(registry, '1', [], [])
    hosts(registry.host, '')
    hosts('_default', `[host."${other.origin}"]\n`)
    await opened(`${registry.host}/team/app:1`).manifest('1')
    expect(other.seen).toEqual([])
  })

  it.each([['[host."x', 'is no TOML'], ['server = 5', 'has something else at `server` than containerd expects there']])('with %j in its file: is refused by the name of the file', async (text, said) => {
    hosts('docker.io', text)
    expect(await told(opened('redis:7').manifest('7'))).toContain(
      `pull docker.io/library/redis:7: registry docker.io is asked as ${path.join(dir, 'docker.io/hosts.toml')} says, which ${said}`)
  })

  it('with a file that names one that is not there: is refused by its name', async () => {
    hosts('docker.io', `[host."${NOBODY}"]\nca = "none.pem"\n`)
    expect(await told(opened('redis:7').manifest('7'))).toContain(`needs the file ${path.join(dir, 'docker.io/none.pem')}: is not there`)
  })
})

it('headers go to the mirror, and not to where it redirects', async () => {
  const [mirror, store] = [await open(), await open()]
  const heard: Record<string, unknown> = {}
  const one = layer(store, Buffer.from('content'))
  const note = (name: string): Hostile['before']['guard'] => ({ headers, url }, response) => {
    heard[name] = headers['x-team']
    if (name === 'store') return false
    response.writeHead(307, { location: `${store.origin}${url ?? ''}` }).end()
    return true
  }
  mirror.before.guard = note('mirror')
  store.before.guard = note('store')
  hosts('docker.io', `server = "${NOBODY}"\n[host."${mirror.origin}"]\n[host."${mirror.origin}".header]\nx-team = ["a", "b"]\n`)
  expect(await whole(opened('redis:7').blob(one))).toBe('content')
  expect(heard).toEqual({ mirror: 'a, b', store: undefined })
})

it('override_path and a path of its own', async () => {
  const mirror = await open()
  image(mirror, '1', [], [])
  hosts('docker.io', `server = "${NOBODY}"\n[host."${mirror.origin}/hub"]\n`)
  await opened('redis:1').manifest('1')
  hosts('docker.io', `server = "${NOBODY}"\n[host."${mirror.origin}/hub"]\noverride_path = true\n`)
  await opened('redis:1').manifest('1')
  expect(mirror.seen.map((seen) => seen.path)).toEqual(['/hub/v2/library/redis/manifests/1?ns=docker.io', '/hub/library/redis/manifests/1?ns=docker.io'])
})

it('dial_timeout ends a connection that is not answered', async () => {
  // Nobody shakes hands there.
  const mute = net.createServer((socket) => { held.push(socket) })
  const held: Array<net.Socket> = []
  await new Promise<void>((resolve) => mute.listen(0, '127.0.0.1', resolve))
  const server = await open()
  image(server, '1', [], [])
  hosts('docker.io', `server = "${server.origin}"\n[host."https://127.0.0.1:${String((mute.address() as net.AddressInfo).port)}"]\ndial_timeout = "300ms"\n`)
  const start = Date.now()
  await opened('redis:1').manifest('1')
  expect(Date.now() - start).toBeLessThan(8000)
  for (const socket of held) socket.destroy()
  mute.close()
}, 20_000)

describe('with TLS', () => {
  const at = (name: string): string => path.join(dir, 'tls', name)
  const openssl = (...args: ReadonlyArray<string>): void => { execFileSync('openssl', [...args], { stdio: 'ignore' }) }

  beforeAll(() => {
    fs.mkdirSync(path.join(dir, 'tls'))
    openssl('req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-keyout', at('server.key'), '-out', at('server.pem'), '-days', '2',
      '-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1')
    openssl('req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-keyout', at('client.key'), '-out', at('client.cert'), '-days', '2', '-subj', '/CN=this-host')
    fs.writeFileSync(at('both.pem'), fs.readFileSync(at('client.cert'), 'utf8') + fs.readFileSync(at('client.key'), 'utf8'))
  })

  /** A registry with a certificate that nobody knows, and the names of the clients that came. */
  const secure = async (wantsClient: boolean): Promise<{ readonly host: string; readonly clients: Array<string> }> => {
    const clients: Array<string> = []
    const plain = await open()
    image(plain, '1', [], [])
    const server = https.createServer({
      key: fs.readFileSync(at('server.key')), cert: fs.readFileSync(at('server.pem')),
      ...(wantsClient ? { requestCert: true, ca: fs.readFileSync(at('client.cert')) } : {})
    }, (request, response) => {
      if (request.socket instanceof TLSSocket) clients.push(String((request.socket.getPeerCertificate() as Partial<PeerCertificate>).subject?.CN))
      http.get(`${plain.origin}${request.url ?? ''}`, (answer) => { response.writeHead(answer.statusCode ?? 0, answer.headers); answer.pipe(response) })
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    servers.push({ stop: async () => { server.closeAllConnections(); await new Promise((resolve) => server.close(resolve)) } })
    return { host: `127.0.0.1:${String((server.address() as net.AddressInfo).port)}`, clients }
  }

  it('ca is trusted, a stranger is not, and skip_verify trusts anybody', async () => {
    const { host } = await secure(false)
    const say = (more: string): void => { hosts('docker.io', `server = "${NOBODY}"\n[host."https://${host}"]\n${more}\n`) }
    say('')
    expect(await told(opened('redis:1').manifest('1'))).toMatch(/self-signed/)
    say(`ca = "${at('server.pem')}"`)
    await opened('redis:1').manifest('1')
    say(`ca = ["../tls/server.pem"]`)
    await opened('redis:1').manifest('1')
    say('skip_verify = true')
    await opened('redis:1').manifest('1')
    say('')
    expect(await told(opened('redis:1').manifest('1'))).toMatch(/self-signed/)
  }, 20_000)

  it('a client shows its certificate, however it is named, and none where there is none', async () => {
    const { host, clients } = await secure(true)
    for (const client of [`[["${at('client.cert')}", "${at('client.key')}"]]`, `["${at('both.pem')}"]`, `"${at('both.pem')}"`]) {
      hosts('docker.io', `server = "${NOBODY}"\n[host."https://${host}"]\nca = "${at('server.pem')}"\nclient = ${client}\n`)
      await opened('redis:1').manifest('1')
    }
    expect(clients).toEqual(['this-host', 'this-host', 'this-host'])
    hosts('docker.io', `server = "${NOBODY}"\n[host."https://${host}"]\nca = "${at('server.pem')}"\n`)
    expect(await told(opened('redis:1').manifest('1'))).toMatch(/^Unavailable .*cannot be reached/)
  }, 20_000)

  it('certificates that lie there without a hosts.toml count, as Docker has them', async () => {
    const { host, clients } = await secure(true)
    fs.mkdirSync(path.join(dir, host))
    fs.copyFileSync(at('server.pem'), path.join(dir, host, 'ca.crt'))
    for (const name of ['client.cert', 'client.key']) fs.copyFileSync(at(name), path.join(dir, host, name))
    await opened(`${host}/library/redis:1`).manifest('1')
    expect(clients.at(-1)).toBe('this-host')
  })
})

describe('logins and mirrors', () => {
  const wantsLogin = (at: Hostile): Array<string> => {
    const shown: Array<string> = []
    at.before.guard = ({ url, headers: { authorization } }, response) => {
      if (url === '/v2/') return false
      if (authorization !== undefined) { shown.push(Buffer.from(authorization.slice(6), 'base64').toString()); return false }
      response.writeHead(401, { 'www-authenticate': 'Basic realm="x"' }).end()
      return true
    }
    return shown
  }

  it('the login of an image goes to no mirror, wherever that pretends to be', async () => {
    const mirror = await open()
    image(mirror, '1', [], [])
    const shown = wantsLogin(mirror)
    hosts('docker.io', `server = "${mirror.origin}"\n[host."${mirror.origin}"]\n`)
    const login = { registry: 'docker.io', username: 'me', password: Secret('p') }
    expect(await told(opened('redis:1', { login }).manifest('1'))).toContain('asks for a login')
    expect(shown).toEqual([])
  })

  it('a mirror gets the login that the config.json of the operator has for its own address', async () => {
    const [mirror, registry] = [await open(), await open()]
    image(mirror, '1', [], [])
    const shown = wantsLogin(mirror)
    const config = path.join(dir, 'config.json')
    fs.writeFileSync(config, JSON.stringify({ auths: {
      [mirror.host]: { auth: Buffer.from('of:mirror').toString('base64') }, 'docker.io': { auth: Buffer.from('of:hub').toString('base64') }
    } }))
    hosts('docker.io', `server = "${registry.origin}"\n[host."${mirror.origin}"]\n`)
    await opened('redis:1', { config }).manifest('1')
    expect(shown).toEqual(['of:mirror'])
  })
})

it('an IPv6 literal is a registry like another', async () => {
  const body = Buffer.from('{"schemaVersion":2}')
  const server = http.createServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'application/vnd.oci.image.manifest.v1+json' }).end(body)
  })
  await new Promise<void>((resolve) => server.listen(0, '::1', resolve))
  servers.push({ stop: async () => { server.closeAllConnections(); await new Promise((resolve) => server.close(resolve)) } })
  const { port } = server.address() as net.AddressInfo
  expect((await opened(`[::1]:${String(port)}/team/app:1`).manifest('1')).descriptor.digest).toBe(digestOf(body))
})

describe('a proxy of the environment', () => {
  afterEach(() => {
    delete process.env['HTTP_PROXY']
    delete process.env['NO_PROXY']
  })

  it('is gone through, and what NO_PROXY lists goes straight', async () => {
    const registry = await open()
    image(registry, '1', [], [])
    const tunnels: Array<string> = []
    const held: Array<net.Socket> = []
    const proxy = http.createServer()
    proxy.on('connect', (request, socket: net.Socket) => {
      tunnels.push(request.url ?? '')
      const onward = net.connect(Number(registry.host.split(':')[1]), '127.0.0.1', () => {
        socket.write('HTTP/1.1 200 OK\r\n\r\n')
        socket.pipe(onward).pipe(socket)
      })
      for (const one of [socket, onward]) held.push(one.on('error', () => undefined))
    })
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve))
    servers.push({ stop: async () => { for (const one of held) one.destroy(); proxy.closeAllConnections(); proxy.close() } })
    // The name is known to the proxy alone.
    hosts('registry.example', 'server = "http://registry.example:5000"\n')
    process.env['HTTP_PROXY'] = `http://127.0.0.1:${String((proxy.address() as net.AddressInfo).port)}`
    await opened('registry.example/team/app:1').manifest('1')
    expect(tunnels).toEqual(['registry.example:5000'])
    process.env['NO_PROXY'] = '.example'
    expect(await told(opened('registry.example/team/app:1').manifest('1'))).toMatch(/ENOTFOUND|EAI_AGAIN|cannot be reached/)
    expect(tunnels).toHaveLength(1)
  }, 20_000)
})
