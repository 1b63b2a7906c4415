import * as fs from 'node:fs'
import * as os from 'node:os'
import * as path from 'node:path'

import { Secret } from '../../../../src/core/domain/Secret'
import { parse } from '../../../../src/core/image/ImageReference'
import { Logins } from '../../../../src/effects/ports/Machine'
import { Registry } from '../../../../src/effects/registry/Registry'
import { Hostile, hostile, image, layer } from '../../../attacks/harness/hostile'
import { told } from '../../../attacks/harness/told'
import { right } from '../../../system/harness/right'

const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'logins-test-'))
const PATH = process.env['PATH'] ?? ''
let registry: Hostile

beforeAll(() => { process.env['PATH'] = `${dir}:${PATH}` })

beforeEach(async () => {
  registry = await hostile()
  image(registry, '1', [layer(registry, Buffer.from('content'))], [])
})

afterEach(() => registry.stop())

afterAll(() => {
  process.env['PATH'] = PATH
  fs.rmSync(dir, { recursive: true })
})

const opened = (logins: Logins, name = `${registry.host}/team/app:1`): Registry =>
  Registry(right(parse(name)), {
    logins, hosts: '', silenceMs: 5000, signal: AbortSignal.timeout(40_000), untilMs: Date.now() + 40_000
  })

const PASSWORD = 'p-s3cret'

/** Lets nobody in who does not say this, and keeps what was shown. */
const guarded = (at: Hostile, mayPass: (authorization: string) => boolean, challenge = 'Basic realm="x"'): Array<string> => {
  const shown: Array<string> = []
  at.before.guard = ({ url = '', headers: { authorization } }, response) => {
    if (url === '/v2/' || url.startsWith('/token')) return false
    if (authorization !== undefined) shown.push(authorization)
    if (mayPass(authorization ?? '')) return false
    response.writeHead(401, { 'www-authenticate': challenge }).end()
    return true
  }
  return shown
}

const basic = (text: string): string => `Basic ${Buffer.from(text).toString('base64')}`

const base64 = (text: string): string => Buffer.from(text).toString('base64')

/** Writes a config.json of Docker's and says where. */
const config = (content: unknown): string => {
  const file = path.join(dir, 'config.json')
  fs.writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content))
  return file
}

/** Makes a credential helper, and says what it was asked and with which environment. */
const helper = (name: string, script: string): (() => string) => {
  const said = path.join(dir, `${name}.log`)
  fs.rmSync(said, { force: true })
  const text = `#!/bin/sh\nread -r server\necho "$1 $server" >> ${said}\nenv | sort >> ${said}.env\n${script}\n`
  fs.writeFileSync(path.join(dir, `docker-credential-${name}`), text, { mode: 0o755 })
  return () => (fs.existsSync(said) ? fs.readFileSync(said, 'utf8') : '')
}

const answers = (user: string, secret: string): string => `printf '{"ServerURL":"x","Username":"${user}","Secret":"${secret}"}'`

describe('a config.json', () => {
  it.each<readonly [string, (host: string) => object]>([
    ['auth', (host) => ({ auths: { [host]: { auth: base64(`me:${PASSWORD}`) } } })],
    ['auth with zeros behind it', (host) => ({ auths: { [host]: { auth: base64(`me:${PASSWORD}\0\0`) } } })],
    ['username and password', (host) => ({ auths: { [host]: { username: 'me', password: PASSWORD } } })],
    ['an address with scheme and path', (host) => ({ auths: { [`https://${host}/v1/`]: { auth: base64(`me:${PASSWORD}`) } } })]
  ])('gives a login by %s', async (_name, content) => {
    const shown = guarded(registry, (one) => one === basic(`me:${PASSWORD}`))
    await opened({ config: config(content(registry.host)) }).manifest('1')
    expect(new Set(shown)).toEqual(new Set([basic(`me:${PASSWORD}`)]))
  })

  it('that has only others: nothing is shown', async () => {
    const shown = guarded(registry, () => false)
    const file = config({ auths: { 'registry.example': { auth: base64('a:b') }, '127.0.0.1:1': { auth: base64('a:b') } } })
    expect(await told(opened({ config: file }).manifest('1'))).toContain('asks for a login')
    expect(shown).toEqual([])
  })

  it('comes after the login of the task, and is read anew each time', async () => {
    const shown = guarded(registry, () => false)
    const login = { registry: registry.host, username: 'task', password: Secret('own') }
    const file = config({ auths: { [registry.host]: { auth: base64('a:b') } } })
    await told(opened({ login, config: file }).manifest('1'))
    await told(opened({ config: file }).manifest('1'))
    config({ auths: { [registry.host]: { auth: base64('c:d') } } })
    await told(opened({ config: file }).manifest('1'))
    expect(shown).toEqual([basic('task:own'), basic('a:b'), basic('c:d')])
  })

  it.each<readonly [string, string | object, string]>([
    ['is no JSON', `{"auths":{"x":{"auth":"${PASSWORD}`, 'it is no Docker config.json'], ['has another shape', { auths: [PASSWORD] }, 'it is no Docker config.json'],
    ['has what is no base64 of a login', { auths: { HOST: { auth: base64(PASSWORD) } } }, 'has an `auth` that is not `user:password`'],
    ['names a helper by a path', { credHelpers: { HOST: `../${PASSWORD}` } }, 'names a helper that is none']
  ])('that %s: is refused by its name, and none of it is told', async (_name, content, said) => {
    guarded(registry, () => false)
    const text = (typeof content === 'string' ? content : JSON.stringify(content)).replace('HOST', registry.host)
    const outcome = await told(opened({ config: config(text) }).manifest('1'))
    expect(outcome).toContain(`look for a login in ${path.join(dir, 'config.json')}, as the plugin option \`auth.config\` says: ${said === '' ? '' : 'it '}`)
    expect(outcome).toContain(said.replace(/^it /, ''))
    expect(outcome).not.toContain(PASSWORD)
  })

  it('that is not there is told so; nobody reads it where no login is wanted', async () => {
    await opened({ config: '/nowhere/config.json' }).manifest('1')
    guarded(registry, () => false)
    expect(await told(opened({ config: '/nowhere/config.json' }).manifest('1'))).toContain('it is not there')
  })

  it('has a bearer token that is shown as it is', async () => {
    guarded(registry, (one) => one === 'Bearer the-token', 'Bearer realm="http://127.0.0.1:1/none"')
    await opened({ config: config({ auths: { [registry.host]: { registrytoken: 'the-token' } } }) }).manifest('1')
  })
})

describe('an identity token', () => {
  /** A realm that gives tokens for a refresh token, and keeps what was posted. */
  const realm = (posted: Array<string>): void => {
    guarded(registry, (one) => one === 'Bearer short', `Bearer realm="${registry.origin}/token",service="the service"`)
    registry.on.set('/token', (request, response) => {
      const chunks: Array<Buffer> = []
      request.on('data', (chunk: Buffer) => { chunks.push(chunk) }).on('end', () => {
        posted.push(Buffer.concat(chunks).toString())
        response.writeHead(200).end('{"access_token":"short"}')
      })
    })
  }

  const WANTED = { service: 'the service', scope: 'repository:team/app:pull', grant_type: 'refresh_token', client_id: 'containerd-driver', refresh_token: 'long' }

  it.each<readonly [string, (host: string) => object]>([
    ['of a config.json', (host) => ({ auths: { [host]: { auth: base64('me:'), identitytoken: 'long' } } })],
    ['of a helper', (host) => ({ credHelpers: { [host]: 'identity' } })]
  ])('%s is posted to the realm, and stands in no address', async (_name, content) => {
    helper('identity', answers('<token>', 'long'))
    const posted: Array<string> = []
    realm(posted)
    await opened({ config: config(content(registry.host)) }).manifest('1')
    expect(posted.map((text) => Object.fromEntries(new URLSearchParams(text)))).toEqual([WANTED])
    expect(registry.seen.map((one) => one.path).join(' ')).not.toContain('long')
  })

  it('is not posted to where the realm redirects', async () => {
    const thief = await hostile()
    guarded(registry, () => false, `Bearer realm="${registry.origin}/token"`)
    registry.on.set('/token', (_request, response) => { response.writeHead(307, { location: `${thief.origin}/token` }).end() })
    expect(await told(opened({ config: config({ auths: { [registry.host]: { auth: base64('me:'), identitytoken: 'long' } } }) }).manifest('1'))).toContain('Denied')
    expect(thief.seen).toEqual([])
    await thief.stop()
  })
})

describe('a credential helper', () => {
  it('is asked for the registry that it is named for, with nothing of our environment', async () => {
    const asked = helper('mine', answers('me', PASSWORD))
    guarded(registry, (one) => one === basic(`me:${PASSWORD}`))
    process.env['OF_THE_AGENT'] = 's3cret'
    fs.rmSync(path.join(dir, 'mine.log.env'), { force: true })
    await opened({ config: config({ credHelpers: { [registry.host]: 'mine', 'registry.example': 'other' } }) }).manifest('1')
    delete process.env['OF_THE_AGENT']
    expect(asked()).toBe(`get ${registry.host}\n`)
    const names = fs.readFileSync(path.join(dir, 'mine.log.env'), 'utf8').split('\n').map((line) => line.split('=')[0])
    expect(names.filter((name) => !['HOME', 'LC_ALL', 'PATH', 'PWD', 'OLDPWD', '_', 'SHLVL', ''].includes(String(name)))).toEqual([])
  })

  it('named for others is not asked, be it by `credHelpers`, `credsStore` or the plugin', async () => {
    const asked = helper('mine', answers('me', PASSWORD))
    guarded(registry, () => false)
    for (const content of [{ credHelpers: { 'registry.example': 'mine' } }, { credsStore: 'mine' }, { credsStore: 'mine', auths: { 'registry.example': {} } }])
      expect(await told(opened({ config: config(content) }).manifest('1'))).toContain('asks for a login')
    expect(await told(opened({ helper: { name: 'mine', registry: 'registry.example' } }).manifest('1'))).toContain('asks for a login')
    expect(asked()).toBe('')
  })

  it('of `credsStore` is asked for what stands in `auths`; the plugin\'s for its `server_address`', async () => {
    const asked = helper('mine', answers('me', PASSWORD))
    guarded(registry, (one) => one === basic(`me:${PASSWORD}`))
    await opened({ config: config({ credsStore: 'mine', auths: { [registry.host]: {} } }) }).manifest('1')
    await opened({ helper: { name: 'mine', registry: registry.host } }).manifest('1')
    expect(asked()).toBe(`get ${registry.host}\n`.repeat(2))
  })

  it('is not asked by a registry that wants no login', async () => {
    const asked = helper('mine', answers('me', PASSWORD))
    await opened({ helper: { name: 'mine', registry: registry.host } }).manifest('1')
    expect(asked()).toBe('')
  })

  it('that knows no login: none is shown', async () => {
    helper('mine', 'echo "credentials not found in native keychain"; exit 1')
    guarded(registry, () => false)
    expect(await told(opened({ helper: { name: 'mine', registry: registry.host } }).manifest('1'))).toContain('asks for a login')
  })

  it.each([
    ['fails', `echo ${PASSWORD}; echo ${PASSWORD} >&2; exit 3`, 'it ended with 3'], ['says what is no JSON', `echo ${PASSWORD}`, 'it answers no JSON with `Username` and `Secret`'],
    ['never stops talking', `yes ${PASSWORD}`, 'it was ended by SIGKILL']
  ])('that %s: can be tried again, and none of what it says is told', async (_name, script, said) => {
    helper('mine', script)
    guarded(registry, () => false)
    const outcome = await told(opened({ helper: { name: 'mine', registry: registry.host } }).manifest('1'))
    expect(outcome).toMatch(/^Unavailable /)
    expect(outcome).toContain(`ask docker-credential-mine for the login at ${registry.host}: ${said}`)
    expect(outcome).not.toContain(PASSWORD)
  }, 20_000)

  it('that is not installed is told so', async () => {
    guarded(registry, () => false)
    expect(await told(opened({ helper: { name: 'none', registry: registry.host } }).manifest('1'))).toMatch(/ask docker-credential-none .*: it cannot be run: .*ENOENT/)
  })

  it('ends with the pull', async () => {
    helper('mine', 'exec sleep 60')
    guarded(registry, () => false)
    const stop = new AbortController()
    const work = Registry(right(parse(`${registry.host}/team/app:1`)), {
      logins: { helper: { name: 'mine', registry: registry.host } }, hosts: '', silenceMs: 5000, signal: stop.signal, untilMs: Date.now() + 5000
    }).manifest('1')
    setTimeout(() => { stop.abort() }, 300)
    const start = Date.now()
    await expect(work).rejects.toThrow()
    expect(Date.now() - start).toBeLessThan(3000)
  })
})

describe('auth_soft_fail', () => {
  const login = (): Logins => ({ login: { registry: registry.host, username: 'me', password: Secret('wrong') } })

  it.each([['401', 401], ['403', 403]])('a login that is answered %s: it goes without one', async (_name, status) => {
    registry.before.guard = ({ url, headers: { authorization } }, response) => {
      if (url === '/v2/') return false
      if (authorization === undefined && registry.seen.length > 2) return false
      response.writeHead(authorization === undefined ? 401 : status, { 'www-authenticate': 'Basic realm="x"' }).end()
      return true
    }
    expect(await told(opened(login()).manifest('1'))).toContain('Denied')
    registry.seen.length = 0
    expect(await told(opened({ ...login(), isOptional: true }).manifest('1'))).toBe('it worked')
  })

  it('a realm that refuses the login is asked without one', async () => {
    guarded(registry, (one) => one === 'Bearer anonymous', `Bearer realm="${registry.origin}/token"`)
    registry.before.guard = ((guard) => (request, response) => {
      if (!(request.url ?? '').startsWith('/token')) return guard(request, response)
      if (request.headers.authorization === undefined) response.writeHead(200).end('{"token":"anonymous"}')
      else response.writeHead(401).end()
      return true
    })(registry.before.guard)
    expect(await told(opened(login()).manifest('1'))).toContain('refuses the login of me')
    expect(await told(opened({ ...login(), isOptional: true }).manifest('1'))).toBe('it worked')
  })

  it('a helper that fails is gone without', async () => {
    helper('mine', 'exit 3')
    guarded(registry, () => false)
    expect(await told(opened({ helper: { name: 'mine', registry: registry.host }, isOptional: true }).manifest('1'))).toContain('asks for a login')
  })
})

it('a token that ends during a long pull is asked for again, once for all that need it', async () => {
  const state = { valid: 0, given: 0 }
  registry.before.guard = ({ url = '', headers: { authorization } }, response) => {
    if (url === '/v2/') return false
    if (url.startsWith('/token')) {
      state.given += 1
      state.valid = state.given
      response.writeHead(200).end(`{"token":"t${String(state.given)}","expires_in":60}`)
      return true
    }
    if (authorization === `Bearer t${String(state.valid)}`) return false
    response.writeHead(401, { 'www-authenticate': `Bearer realm="${registry.origin}/token"` }).end()
    return true
  }
  const asked = opened({})
  await asked.manifest('1')
  expect(state.given).toBe(1)
  // The token has ended.
  state.valid = 99
  await Promise.all([1, 2, 3, 4].map(() => asked.manifest('1')))
  expect(state.given).toBe(2)
})
