import * as fc from 'fast-check'

import { Secret } from '../../src/core/domain/Secret'
import { parse } from '../../src/core/image/ImageReference'
import { Login } from '../../src/effects/ports/Machine'
import { Astray, Home, lookupAway, wrongStep } from '../../src/effects/registry/Home'
import { Registry } from '../../src/effects/registry/Registry'
import { request } from '../../src/effects/registry/request'
import { right } from '../system/harness/right'
import { CERTIFICATE, Hostile, hostile, image, layer, to } from './harness/hostile'
import { told } from './harness/told'

const servers: Array<Hostile> = []

const open = async (tls = false): Promise<Hostile> => {
  const made = await hostile(tls)
  servers.push(made)
  return made
}

beforeAll(() => { process.env['SSL_CERT_FILE'] = CERTIFICATE })

afterEach(async () => { for (const one of servers.splice(0)) await one.stop() })

const PASSWORD = 'p-s3cret'
const BASIC = `Basic ${Buffer.from(`me:${PASSWORD}`).toString('base64')}`

const opened = ({ host }: Hostile, login?: Partial<Login>): Registry =>
  Registry(right(parse(`${host}/team/app:1`)), {
    logins: login === undefined ? {} : { login: { registry: host, username: 'me', password: Secret(PASSWORD), ...login } },
    hosts: '', silenceMs: 20_000, signal: AbortSignal.timeout(20_000), untilMs: Date.now() + 20_000
  })

const authorizations = (...those: ReadonlyArray<Hostile>): ReadonlyArray<string> => those.flatMap(({ seen }) => seen.flatMap(({ authorization }) => authorization ?? []))

const asks = (challenge: string, unless: (authorization: string) => boolean = () => false): Hostile['before']['guard'] => ({ headers, url }, response) => {
  if (unless(headers.authorization ?? '') || url === '/v2/') return false
  response.writeHead(401, { 'www-authenticate': challenge }).end()
  return true
}

describe('a registry that redirects', () => {
  it('from https to http: is not followed, and the other place hears nothing', async () => {
    const [registry, other] = [await open(true), await open()]
    registry.on.set('/v2/team/app/manifests/1', to(`${other.origin}/v2/team/app/manifests/1`))
    image(other, '1', [layer(other, Buffer.alloc(10))], [])
    expect(await told(opened(registry).manifest('1'))).toBe(`Invalid pull ${registry.host}/team/app:1: registry ${registry.host} leads from https to plain http at ${other.host}`)
    expect(other.seen).toEqual([])
  })

  it('from its own http to https and back to http: is not followed', async () => {
    const [registry, other] = [await open(), await open(true)]
    registry.on.set('/v2/team/app/manifests/1', to(`${other.origin}/x`))
    other.on.set('/x', to(`${registry.origin}/v2/team/app/manifests/2`))
    expect(await told(opened(registry).manifest('1'))).toContain('leads from https to plain http')
    expect(registry.seen.some(({ path }) => path.endsWith('/2'))).toBe(false)
  })

  it('to another port: the login stays behind, on the way back too', async () => {
    const [registry, other] = [await open(), await open()]
    registry.before.guard = asks('Basic realm="x"', (given) => given === BASIC)
    const one = layer(registry, Buffer.from('content'))
    registry.on.set(`/v2/team/app/blobs/${one.digest}`, to(`${other.origin}/elsewhere`))
    other.on.set('/elsewhere', to(`${registry.origin}/v2/team/back`))
    image(registry, '1', [one], [])
    const asked = opened(registry, {})
    await asked.manifest('1')
    expect(await told(asked.blob(one))).toContain('Denied')
    expect(authorizations(registry).every((given) => given === BASIC)).toBe(true)
    expect(registry.seen.filter(({ path }) => path === '/v2/team/back').map(({ authorization }) => authorization)).toEqual([undefined])
    expect(other.seen.map(({ authorization }) => authorization)).toEqual([undefined])
  })

  it('for ever: ends after ten', async () => {
    const registry = await open()
    registry.on.set('/v2/team/app/manifests/1', to('/v2/team/app/manifests/1', 302))
    expect(await told(opened(registry).manifest('1'))).toContain('redirects more than 10 times')
    expect(registry.seen.filter(({ path }) => path.endsWith('/1'))).toHaveLength(11)
  })

  it.each(['file:///etc/shadow', 'ftp://127.0.0.1/x', 'http://[', 'javascript:1', 'data:,x'])('to %s: is not followed', async (location) => {
    const registry = await open()
    registry.on.set('/v2/team/app/manifests/1', to(location))
    expect(await told(opened(registry).manifest('1'))).toMatch(/^Invalid pull .*: registry .* (leads to|redirects to)/)
  })

  it('to the metadata service of a cloud: is not followed, even from loopback', async () => {
    const registry = await open(true)
    registry.on.set('/v2/team/app/manifests/1', to('https://169.254.169.254/latest/meta-data/'))
    expect(await told(opened(registry).manifest('1'))).toContain('leads to 169.254.169.254, which answers this host only')
  })

  it('from elsewhere to this host: is not followed, by address or by name, and nothing is connected', async () => {
    const [registry, other] = [await open(true), await open(true)]
    // A registry whose name is not one of this host; that ours is here is for the test alone.
    const home = { origin: registry.origin, isOnLoopback: false }
    for (const place of [other.origin, other.origin.replace('127.0.0.1', 'localhost'), other.origin.replace('127.0.0.1', '2130706433'), other.origin.replace('127.0.0.1', '[::ffff:127.0.0.1]'), other.origin.replace('127.0.0.1', '0')]) {
      registry.on.set('/x', to(`${place}/y`))
      await expect(request(home, new URL(`${registry.origin}/x`), { signal: AbortSignal.timeout(5000) })).rejects.toThrow(/which is this host/)
    }
    expect(other.seen).toEqual([])
  })

  it('to a name that stands for this host: the connection is not made', async () => {
    const other = await open(true)
    const home = Home(new URL('https://registry.example'))
    const options = { signal: AbortSignal.timeout(5000) }
    await expect(request(home, new URL(other.origin.replace('127.0.0.1', 'localhost')), options)).rejects.toThrow(/leads to (127\.0\.0\.1|::1), which is this host, by the name localhost/)
    expect(other.seen).toEqual([])
    const looked = await new Promise((resolve) => { lookupAway(home)('localhost', { all: true }, (error, found) => { resolve([error instanceof Astray, found]) }) })
    expect(looked).toEqual([true, ''])
  })
})

describe('where a registry may lead', () => {
  const far = Home(new URL('https://registry.example'))
  it.each<readonly [string, boolean]>([
    ['https://10.1.2.3/x', true], ['https://192.168.0.1/', true], ['https://blobs.example:8443/', true], ['https://[2001:db8::1]/', true],
    ['https://127.0.0.1/', false], ['https://127.255.255.254:8443/', false], ['https://[::1]/', false], ['https://[::]/', false], ['https://0.0.0.0/', false],
    ['https://[::ffff:7f00:1]/', false], ['https://[::ffff:a9fe:a9fe]/', false], ['https://[fe80::1]/', false], ['https://169.254.169.254/', false],
    ['https://0x7f.1/', false], ['https://017700000001/', false], ['https://localhost/', false], ['https://a.localhost/', false], ['https://LOCALHOST./', false],
    ['https://[fd00:ec2::254]/', false], ['http://registry.example/', false], ['http://127.0.0.1/', false], ['http://blobs.example/', false]
  ])('from afar to %s: %s', (place, may) => { expect(wrongStep(far, new URL(far.origin), new URL(place)) === undefined).toBe(may) })

  const near = Home(new URL('http://127.0.0.1:5000'))
  it.each<readonly [string, boolean]>([
    ['http://127.0.0.1:5001/', true], ['http://localhost:80/', true], ['https://blobs.example/', true], ['https://127.0.0.1/', true],
    ['http://blobs.example/', false], ['http://10.0.0.1/', false], ['http://169.254.169.254/', false], ['https://169.254.169.254/', false]
  ])('from loopback to %s: %s', (place, may) => { expect(wrongStep(near, new URL(near.origin), new URL(place)) === undefined).toBe(may) })

  it('a law: no address of this host or of its link is reached from afar, however it is written', () => {
    const byte = fc.integer({ min: 0, max: 255 })
    const forms = (bytes: ReadonlyArray<number>): fc.Arbitrary<string> => {
      const number = bytes.reduce((sum, one) => sum * 256 + one, 0)
      const mapped = `[::ffff:${(number >>> 16).toString(16)}:${(number & 0xffff).toString(16)}]`
      return fc.constantFrom(bytes.join('.'), String(number), `0x${number.toString(16)}`, bytes.map((one) => `0${one.toString(8)}`).join('.'), mapped)
    }
    const place = fc.oneof(fc.tuple(fc.constant(127), byte, byte, byte), fc.tuple(fc.constant(169), fc.constant(254), byte, byte)).chain(forms)
    fc.assert(fc.property(place, fc.integer({ min: 1, max: 65535 }), (host, port) => {
      expect(wrongStep(far, new URL(far.origin), new URL(`https://${host}:${String(port)}/`))).toBeDefined()
    }))
  })
})

describe('a registry that asks for a login', () => {
  it('with the realm of another place over plain http, itself on https: nothing is sent there', async () => {
    const [registry, realm] = [await open(true), await open()]
    registry.before.guard = asks(`Bearer realm="${realm.origin}/token",service="x"`)
    expect(await told(opened(registry, {}).manifest('1'))).toBe(
      `Invalid pull ${registry.host}/team/app:1: registry ${registry.host} leads from https to plain http at ${realm.host}, to log in there`)
    expect(realm.seen).toEqual([])
  })

  it.each(['http://169.254.169.254/token', 'https://169.254.169.254/token', 'http://registry.example/token', 'file:///etc/passwd', 'nowhere', ''])('with the realm %j: nothing is asked', async (realm) => {
    const registry = await open()
    registry.before.guard = asks(`Bearer realm="${realm}"`)
    expect(await told(opened(registry, {}).manifest('1'))).toMatch(/^Invalid .*(leads to|names no address)/)
    expect(authorizations(registry)).toEqual([])
  })

  it('from a place it redirects to: the challenge counts for nothing', async () => {
    const [registry, other] = [await open(), await open()]
    registry.on.set('/v2/team/app/manifests/1', to(`${other.origin}/x`))
    other.before.guard = asks(`Basic realm="x"`)
    expect(await told(opened(registry, {}).manifest('1'))).toBe(
      `Invalid pull ${registry.host}/team/app:1: registry ${registry.host} sends to ${other.host}, which answers 401`)
    other.before.guard = asks(`Bearer realm="${other.origin}/token"`)
    expect(await told(opened(registry, {}).manifest('1'))).toContain('which answers 401')
    expect(other.seen.map(({ path }) => path)).toEqual(['/x', '/x'])
    expect(authorizations(registry, other)).toEqual([])
  })

  it('and another realm than itself: the login goes to the realm, the token to the registry, and neither to where they redirect', async () => {
    const [registry, realm, store] = [await open(true), await open(true), await open(true)]
    registry.before.guard = asks(`Bearer realm="${realm.origin}/token",service="x"`, (given) => given === 'Bearer the-token')
    realm.before.guard = ({ url = '' }, response) => {
      if (!url.startsWith('/token')) return false
      response.writeHead(200, { 'content-type': 'application/json' }).end('{"token":"the-token"}')
      return true
    }
    const one = layer(store, Buffer.from('content'))
    image(registry, '1', [one], [])
    registry.on.set(`/v2/team/app/blobs/${one.digest}`, to(`${store.origin}/v2/x/blobs/${one.digest}`))
    const asked = opened(registry, {})
    await asked.manifest('1')
    for await (const chunk of await asked.blob(one)) expect(Buffer.from(chunk).toString()).toBe('content')
    expect(authorizations(realm)).toEqual([BASIC])
    expect(new Set(authorizations(registry))).toEqual(new Set(['Bearer the-token']))
    expect(store.seen.map(({ authorization }) => authorization)).toEqual([undefined])
  })

  it('and its realm redirects: the login is not carried on', async () => {
    const [registry, realm, thief] = [await open(true), await open(true), await open(true)]
    registry.before.guard = asks(`Bearer realm="${realm.origin}/token"`)
    realm.before.guard = (_request, response) => { to(`${thief.origin}/take`)(_request, response); return true }
    expect(await told(opened(registry, {}).manifest('1'))).toContain('Denied')
    expect(thief.seen.map(({ authorization }) => authorization)).toEqual([undefined])
  })

  it('and the login is for another registry: it is sent nowhere', async () => {
    const registry = await open()
    registry.before.guard = asks('Basic realm="x"')
    expect(await told(opened(registry, { registry: 'registry.example' }).manifest('1'))).toContain('asks for a login')
    registry.before.guard = asks(`Bearer realm="${registry.origin}/token"`)
    expect(await told(opened(registry, { registry: `127.0.0.1:1` }).manifest('1'))).toContain('asks for a login')
    expect(authorizations(registry)).toEqual([])
  })

  it.each([['with a line break in it', 'a\\r\\nX-Evil: 1'], ['that is empty', ''], ['with letters of no header', 'ä€']])('gives a token %s: it is refused', async (_name, token) => {
    const registry = await open()
    registry.before.guard = ({ url = '' }, response) => {
      if (url === '/v2/') return false
      if (url.startsWith('/token')) response.writeHead(200).end(`{"token":"${token}"}`)
      else response.writeHead(401, { 'www-authenticate': `Bearer realm="${registry.origin}/token"` }).end()
      return true
    }
    expect(await told(opened(registry).manifest('1'))).toContain('gives what is no token')
  })
})

describe('a token of 1 GB', () => {
  it.each([['announced', 10 ** 9], ['not announced', undefined]])('%s, is not read to its end', async (_what, length) => {
    const registry = await open()
    const state = { sent: 0 }
    registry.before.guard = ({ url = '' }, response) => {
      if (url === '/v2/') return false
      if (!url.startsWith('/token')) {
        response.writeHead(401, { 'www-authenticate': `Bearer realm="${registry.origin}/token"` }).end()
        return true
      }
      response.writeHead(200, { 'content-type': 'application/json', ...(length === undefined ? {} : { 'content-length': length }) })
      response.write('{"token":"')
      const more = Buffer.alloc(64 * 1024, 'a')
      const go = (): void => {
        while (!response.destroyed && response.write(more)) state.sent += more.length
        if (!response.destroyed) response.once('drain', go)
      }
      go()
      return true
    }
    const began = Date.now()
    const said = await told(opened(registry).manifest('1'))
    expect(said).toContain('answers more than 1048576 bytes')
    expect(said.length).toBeLessThan(500)
    expect(Date.now() - began).toBeLessThan(5000)
    expect(state.sent).toBeLessThan(64 * 1024 * 1024)
  })

  it('or of as many letters as are read, is shown to the registry once, and what that says is told without it', async () => {
    const registry = await open()
    registry.before.guard = ({ url = '', headers: { authorization = '' } }, response) => {
      if (url === '/v2/') return false
      if (url.startsWith('/token')) response.writeHead(200).end(JSON.stringify({ token: 'a'.repeat(900_000) }))
      else if (authorization === '') response.writeHead(401, { 'www-authenticate': `Bearer realm="${registry.origin}/token"` }).end()
      else response.writeHead(200).end()
      return true
    }
    const said = await told(opened(registry).manifest('1'))
    expect(said.length).toBeLessThan(500)
    expect(said).not.toContain('aaaa')
  })
})

describe('a name that is a path', () => {
  it.each([
    '../etc/passwd', '/etc/passwd', 'registry.example/../../etc:1', 'registry.example/a/./b', 'registry.example/a//b', 'registry.example/%2e%2e/a', 'registry.example/a:../b', 'registry.example/a:..',
    'registry.example/a@sha256:../../x', '..:5000/a', '.:5000/a', 'registry.example/a?x=1', 'registry.example/a#b', 'me@registry.example/a', 'registry.example/a\\b', 'registry.example:5000:1/a', 'registry.example/a\u0000'
  ])('%j is none of an image', (name) => { expect(parse(name)._tag).toBe('Left') })
})

describe('the words of a registry', () => {
  const answers = (status: number, type: string, body: string): Hostile['before']['guard'] => ({ url }, response) => {
    if (url === '/v2/') return false
    response.writeHead(status, { 'content-type': type }).end(body)
    return true
  }

  it.each<readonly [number, string, RegExp]>([
    [403, 'Denied', /forbids it, asked without a login \(the registry says: your plan has ended\)$/],
    [429, 'Unavailable', /answers 429 \(the registry says: your plan has ended\)$/],
    [404, 'NotFound', /has no such image: check the name and the tag \(the registry says: your plan has ended\)$/]
  ])('reach the reason of a %d', async (status, tag, words) => {
    const registry = await open()
    registry.before.guard = answers(status, 'application/json', '{"errors":[{"code":"DENIED","message":"your plan has ended"}]}')
    const said = await told(opened(registry).manifest('1'))
    expect(said).toMatch(new RegExp(`^${tag} pull ${registry.host}/team/app:1: registry ${registry.host} `))
    expect(said).toMatch(words)
  })

  it('are cut, and nothing in them is obeyed by a terminal or looks like another line', async () => {
    const registry = await open()
    registry.before.guard = answers(403, 'text/plain', `\u001b[2J\n${'x'.repeat(100_000)}\u202e`)
    const said = await told(opened(registry).manifest('1'))
    expect(said.length).toBeLessThan(600)
    expect(said).not.toMatch(/[\p{Cc}\p{Bidi_Control}]/u)
    expect(said).toContain('\\u001b[2J')
  })

  it('that never end are not waited for', async () => {
    const registry = await open()
    registry.before.guard = ({ url }, response) => {
      if (url === '/v2/') return false
      response.writeHead(403, { 'content-type': 'text/plain' })
      response.write('slowly')
      return true
    }
    const start = Date.now()
    expect(await told(opened(registry).manifest('1'))).toContain('the registry says: slowly')
    expect(Date.now() - start).toBeLessThan(10_000)
  })

  it('of another server are not told: a redirect into the house reads nothing for the author of a job', async () => {
    const [registry, house] = [await open(), await open()]
    registry.on.set('/v2/team/app/manifests/1', to(`${house.origin}/secret`))
    house.before.guard = answers(403, 'text/plain', 'inner secret')
    const said = await told(opened(registry).manifest('1'))
    expect(said).toContain(`sends to ${house.host}, which answers 403`)
    expect(said).not.toContain('inner secret')
  })
})
