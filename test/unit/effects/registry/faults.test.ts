import { randomBytes } from 'node:crypto'
import * as http from 'node:http'
import { AddressInfo } from 'node:net'

import { Secret } from '../../../../src/core/domain/Secret'
import { parse } from '../../../../src/core/image/ImageReference'
import { Asking, Registry } from '../../../../src/effects/registry/Registry'
import { Hostile, hostile, image, Layer, layer } from '../../../attacks/harness/hostile'
import { told } from '../../../attacks/harness/told'
import { right } from '../../../system/harness/right'

let registry: Hostile

beforeEach(async () => { registry = await hostile() })

afterEach(() => registry.stop())

const opened = (how: Partial<Asking> = {}, host = registry.host): Registry =>
  Registry(right(parse(`${host}/team/app:1`)), {
    logins: {}, hosts: '', silenceMs: 10_000, signal: AbortSignal.timeout(30_000), untilMs: Date.now() + 30_000, ...how
  })

const read = async (from: Registry, one: Layer): Promise<Buffer> => {
  const chunks: Array<Uint8Array> = []
  for await (const chunk of await from.blob(one)) chunks.push(chunk)
  return Buffer.concat(chunks)
}

const KB = 1024

type Handler = Parameters<Hostile['on']['set']>[1]

/** Serves a blob with ranges, and lets `cut` bytes out before it breaks the connection, as often as `times` says. */
const breaking = (bytes: Buffer, cut: number, times: number, withRanges = true): { readonly handler: Handler; readonly ranges: Array<string> } => {
  const ranges: Array<string> = []
  const state = { left: times }
  const handler: Handler = ({ headers: { range = '' } }, response) => {
    ranges.push(range)
    const from = withRanges ? Number(/\d+/.exec(range)?.[0] ?? 0) : 0
    const part = from === 0 ? {} : { 'content-range': `bytes ${String(from)}-${String(bytes.length - 1)}/${String(bytes.length)}` }
    response.writeHead(from === 0 ? 200 : 206, { 'content-length': bytes.length - from, ...part })
    if (state.left === 0) { response.end(bytes.subarray(from)); return }
    state.left -= 1
    response.write(bytes.subarray(from, from + cut), () => { setTimeout(() => { response.destroy() }, 20) })
  }
  return { handler, ranges }
}

describe('a connection that breaks in the midst of a blob', () => {
  it.each([[0], [1], [200 * KB], [299 * KB]])('after %d bytes: the rest is asked for, and nothing twice', async (cut) => {
    const bytes = randomBytes(300 * KB)
    const one = layer(registry, bytes)
    const { handler, ranges } = breaking(bytes, cut, 1)
    registry.on.set(`/v2/team/app/blobs/${one.digest}`, handler)
    expect((await read(opened(), one)).equals(bytes)).toBe(true)
    expect(ranges).toEqual(['', cut === 0 ? '' : `bytes=${String(cut)}-`])
  })

  it('from a registry that knows no ranges: what came is not taken twice', async () => {
    const bytes = randomBytes(300 * KB)
    const one = layer(registry, bytes)
    registry.on.set(`/v2/team/app/blobs/${one.digest}`, breaking(bytes, 100 * KB, 2, false).handler)
    expect((await read(opened(), one)).equals(bytes)).toBe(true)
  })

  it('again and again, with something new each time: is read to its end', async () => {
    const bytes = randomBytes(700 * KB)
    const one = layer(registry, bytes)
    registry.on.set(`/v2/team/app/blobs/${one.digest}`, breaking(bytes, 100 * KB, 6).handler)
    expect((await read(opened(), one)).equals(bytes)).toBe(true)
  }, 20_000)

  it('again and again, with nothing new: can be tried again later, by the name of the image and of the registry', async () => {
    const bytes = randomBytes(300 * KB)
    const one = layer(registry, bytes)
    const { handler, ranges } = breaking(bytes, 10, 1000)
    registry.on.set(`/v2/team/app/blobs/${one.digest}`, handler)
    expect(await told(read(opened(), one))).toMatch(new RegExp(
      `^Unavailable pull ${registry.host}/team/app:1: registry ${registry.host} broke off blob ${one.digest} after 50 of ${String(300 * KB)} bytes: `))
    expect(ranges).toHaveLength(5)
  }, 20_000)

  it('and another part than the one that was asked for: is refused', async () => {
    const bytes = randomBytes(300 * KB)
    const one = layer(registry, bytes)
    const { handler } = breaking(bytes, 100, 1)
    registry.on.set(`/v2/team/app/blobs/${one.digest}`, (request, response) => {
      if (request.headers.range === undefined) { handler(request, response); return }
      response.writeHead(206, { 'content-range': 'bytes 0-9/10' }).end('0123456789')
    })
    expect(await told(read(opened(), one))).toContain('answers the part "bytes 0-9/10" for blob')
  })
})

/** Answers the first requests for the manifest so, and the others as a registry does. */
const busy = (times: number, status: number, headers: Record<string, string | number> = {}, body = ''): Array<number> => {
  const at: Array<number> = []
  registry.before.guard = ({ url }, response) => {
    if (url === '/v2/') return false
    at.push(Date.now())
    if (at.length > times) return false
    response.writeHead(status, headers).end(body)
    return true
  }
  return at
}

describe('a registry that is busy', () => {
  it.each([408, 429, 500, 502, 503, 504])('%d: is asked again after a pause, which grows', async (status) => {
    image(registry, '1', [], [])
    const at = busy(2, status)
    await opened().manifest('1')
    const [first = 0, second = 0, third = 0] = at
    expect(second - first).toBeGreaterThanOrEqual(245)
    expect(third - second).toBeGreaterThanOrEqual(495)
  })

  it.each<readonly [string, () => string]>([['seconds', () => '1'], ['a date', () => new Date(Date.now() + 2000).toUTCString()]])('and says when, in %s: is left alone as long', async (_name, when) => {
    image(registry, '1', [], [])
    const at = busy(1, 429, { 'retry-after': when() })
    await opened().manifest('1')
    expect((at[1] ?? 0) - (at[0] ?? 0)).toBeGreaterThanOrEqual(900)
  })

  it('for longer than the pull may take: is told at once, in its own words, and can be tried again', async () => {
    const start = Date.now()
    busy(99, 429, { 'retry-after': '3600', 'content-type': 'application/json' }, '{"errors":[{"code":"TOOMANYREQUESTS","message":"You have reached your pull rate limit"}]}')
    expect(await told(opened().manifest('1'))).toBe(
      `Unavailable pull ${registry.host}/team/app:1: registry ${registry.host} answers 429 and asks to be left alone for 3600 s (the registry says: You have reached your pull rate limit)`)
    expect(Date.now() - start).toBeLessThan(2000)
  })

  it('for a token: is asked again too, and a realm that stays so says nothing of the login', async () => {
    image(registry, '1', [], [])
    const state = { asked: 0, busyTimes: 1 }
    registry.before.guard = ({ url = '', headers }, response) => {
      if (url === '/v2/') return false
      if (url.startsWith('/token')) {
        state.asked += 1
        if (state.asked <= state.busyTimes) response.writeHead(503).end()
        else response.writeHead(200).end('{"token":"t"}')
        return true
      }
      if (headers.authorization === 'Bearer t') return false
      response.writeHead(401, { 'www-authenticate': `Bearer realm="${registry.origin}/token"` }).end()
      return true
    }
    await opened().manifest('1')
    expect(state.asked).toBe(2)
    state.busyTimes = Infinity
    expect(await told(opened().manifest('1'))).toBe(
      `Unavailable pull ${registry.host}/team/app:1: registry ${registry.host} sends to ${registry.host} for a token, which answers 503`)
  }, 20_000)

  it('not at all: what is no sign of it is not asked again', async () => {
    const at = busy(99, 403, { 'content-type': 'application/json' }, '{"errors":[{"code":"DENIED","message":"requested access is denied"}]}')
    expect(await told(opened().manifest('1'))).toBe(
      `Denied pull ${registry.host}/team/app:1: registry ${registry.host} forbids it, asked without a login (the registry says: requested access is denied)`)
    expect(at).toHaveLength(1)
  })

  it('nor is one that is not there at all asked for long', async () => {
    const gone = await hostile()
    await gone.stop()
    const start = Date.now()
    expect(await told(opened({}, gone.host).manifest('1'))).toMatch(/^Unavailable pull .*: registry 127\.0\.0\.1:\d+ cannot be reached: /)
    expect(Date.now() - start).toBeLessThan(3000)
  })
})

it('what a registry says of a login that it was shown is told without it', async () => {
  const password = 'p-s3cret'
  const basic = Buffer.from(`me:${password}`).toString('base64')
  registry.before.guard = ({ url, headers: { authorization = '' } }, response) => {
    if (url === '/v2/') return false
    response.writeHead(401, { 'www-authenticate': 'Basic realm="x"', 'content-type': 'text/plain' }).end(`no ${password} ${authorization}`)
    return true
  }
  const login = { registry: registry.host, username: 'me', password: Secret(password) }
  const said = await told(opened({ logins: { login } }).manifest('1'))
  expect(said).toContain('refuses the login of me (the registry says: no (redacted) Basic (redacted))')
  expect(said).not.toContain(basic)
})

describe('a registry that is silent', () => {
  const drips = (bytes: Buffer, everyMs: number): Handler => (_request, response) => {
    response.writeHead(200, { 'content-length': bytes.length })
    let at = 0
    const timer = setInterval(() => { response.write(bytes.subarray(at, at += 1)) }, everyMs)
    response.once('close', () => { clearInterval(timer) })
  }

  it.each([['nothing comes', 60_000], ['a byte comes now and then', 20]])('%s: the pull is given up after `pull_activity_timeout`, and can be tried again', async (_name, everyMs) => {
    const bytes = randomBytes(300 * KB)
    const one = layer(registry, bytes)
    registry.on.set(`/v2/team/app/blobs/${one.digest}`, drips(bytes, everyMs))
    const start = Date.now()
    expect(await told(read(opened({ silenceMs: 700 }), one))).toMatch(/^Unavailable pull .*: registry .* (?:broke off blob sha256:|is silent).*: \d+ bytes came in 0\.7 s, which is what `pull_activity_timeout` allows/)
    expect(Date.now() - start).toBeLessThan(3000)
    await new Promise((resolve) => setTimeout(resolve, 50))
    expect(registry.running()).toBe(0)
  })

  it('in a manifest: is given up too', async () => {
    registry.on.set('/v2/team/app/manifests/1', drips(Buffer.alloc(KB * KB, 'x'), 20))
    expect(await told(opened({ silenceMs: 500 }).manifest('1'))).toMatch(/^Unavailable pull .*bytes came in 0\.5 s/)
  })

  it('before it answers at all: is given up', async () => {
    const silent = http.createServer(({ url }, response) => { if (url === '/v2/') response.end() })
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve))
    const host = `127.0.0.1:${String((silent.address() as AddressInfo).port)}`
    expect(await told(opened({ silenceMs: 1000 }, host).manifest('1'))).toMatch(/^Unavailable pull .*: registry .* is silent: 0 bytes came in 1 s/)
    silent.closeAllConnections()
    silent.close()
  }, 20_000)

  it('because nobody reads: is not at fault', async () => {
    const bytes = randomBytes(4 * KB * KB)
    const one = layer(registry, bytes)
    const chunks: Array<Uint8Array> = []
    for await (const chunk of await opened({ silenceMs: 300 }).blob(one)) {
      if (chunks.length === 0) await new Promise((resolve) => setTimeout(resolve, 900))
      chunks.push(chunk)
    }
    expect(Buffer.concat(chunks).equals(bytes)).toBe(true)
  })
})

it('an image of Docker\'s schema 1 is refused by that name', async () => {
  registry.manifests.set('1', { type: 'application/vnd.docker.distribution.manifest.v1+prettyjws', body: Buffer.from('{}') })
  expect(await told(opened().manifest('1'))).toContain('answered an image of Docker\'s schema 1, which containerd runs no more')
})

describe('a layer that no registry may have', () => {
  it('comes from where its manifest says that it lies, and no login goes there', async () => {
    const other = await hostile()
    const bytes = randomBytes(300 * KB)
    const one = layer(other, bytes)
    const login = { registry: registry.host, username: 'me', password: Secret('p') }
    const urls = ['ftp://nowhere/x', `${other.origin}/none`, `${other.origin}/v2/x/blobs/${one.digest}`]
    expect((await read(opened({ logins: { login } }), { ...one, urls } as Layer)).equals(bytes)).toBe(true)
    expect(other.seen.map(({ path, authorization }) => [path, authorization])).toEqual([['/none', undefined], [`/v2/x/blobs/${one.digest}`, undefined]])
    await other.stop()
  })

  it('and lies where a registry may lead nobody: is not had', async () => {
    const one = { ...layer(registry, randomBytes(10)), urls: ['http://169.254.169.254/latest', 'file:///etc/passwd'] }
    registry.blobs.clear()
    expect(await told(read(opened(), one))).toContain(`has no blob ${one.digest}`)
  })
})

it('one connection serves one request after the other', async () => {
  const ports = new Set<number | undefined>()
  registry.before.guard = ({ socket }) => { ports.add(socket.remotePort); return false }
  const bytes = randomBytes(100)
  const one = layer(registry, bytes)
  image(registry, '1', [one], [])
  for (let times = 0; times < 5; times += 1) {
    const at = opened()
    await at.access('1')
    await at.manifest('1')
    await read(at, one)
  }
  // The next request may come a moment before a connection is known to be free again.
  expect(ports.size).toBeLessThan(4)
})
