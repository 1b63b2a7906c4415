import { execFileSync } from 'node:child_process'
import * as fs from 'node:fs'
import * as zlib from 'node:zlib'

import { planFetch } from '../../src/core/plan/plans'
import * as explain from '../../src/core/report/explain'
import { connect, Containerd } from '../../src/effects/containerd/Containerd'
import { machine } from '../../src/effects/machine'
import { execute, Workshop } from '../../src/effects/ports/execute'
import { systemClock } from '../../src/effects/ports/systemClock'
import { StartTaskResponse, WaitTaskResponse } from '../../src/generated/nomad/driver'
import { makeAllocation } from '../system/harness/allocation'
import { PrivateContainerd, startContainerd } from '../system/harness/containerd'
import { settled } from '../system/harness/leftovers'
import { ask, launch, Plugin, refusal } from '../system/harness/plugin'
import { pushBusybox, Registry, startRegistry } from '../system/harness/registry'
import { Door, secured, SecureRegistry } from '../system/harness/secureRegistry'
import { tarOf } from '../system/harness/shelf'
import { digestOf, GZIP, Hostile, hostile, image, Layer, layer } from './harness/hostile'

let daemon: PrivateContainerd
let containerd: Containerd
let registry: Registry
let evil: Hostile
const plugins: Array<Plugin> = []
const doors: Array<SecureRegistry> = []

beforeAll(async () => {
  daemon = await startContainerd()
  containerd = connect(daemon.address, daemon.namespace)
  registry = await startRegistry()
  evil = await hostile()
  pushBusybox(registry, 'team/app:1')
}, 60_000)

afterAll(async () => {
  for (const plugin of plugins) await plugin.kill()
  for (const door of doors) await door.stop()
  await evil.stop()
  containerd.close()
  await registry.stop()
  await daemon.stop()
})

const RUNC = 'io.containerd.runc.v2'

const launched = async (config: object = {}): Promise<Plugin> => {
  const plugin = await launch({ containerd_runtime: RUNC, address: daemon.address, namespace: daemon.namespace, ...config })
  plugins.push(plugin)
  return plugin
}

const door = async (how: Door): Promise<SecureRegistry> => {
  const made = await secured(registry.host, how)
  doors.push(made)
  return made
}

/** Runs a task of this image to its end: its exit code, or the refusal of its start. */
const run = async (plugin: Plugin, config: Readonly<Record<string, unknown>>): Promise<number | undefined | string> => {
  const one = makeAllocation({ config: { command: 'sh', args: ['-c', 'exit 9'], ...config } })
  const taskId = one.config.id
  try {
    const start = ask<StartTaskResponse>((done) => plugin.driver.startTask({ task: one.config }, done))
    const outcome = await start.then(() => undefined, async () => (await refusal(start)).details)
    if (outcome !== undefined) return outcome
    const ended = await ask<WaitTaskResponse>((done) => plugin.driver.waitTask({ taskId }, done))
    return ended.result?.exitCode
  } finally {
    await ask((done) => plugin.driver.destroyTask({ taskId, force: true }, done))
    one.remove()
    expect(await settled(containerd)).toEqual([])
  }
}

const workshop = (): Workshop => ({ machine: machine(containerd), clock: systemClock })

const ctr = (...args: ReadonlyArray<string>): string =>
  execFileSync('ctr', ['--address', daemon.address, '--namespace', daemon.namespace, ...args], { encoding: 'utf8' })

const fetched = async (name: string, timeoutMs = 60_000): Promise<string> => {
  const limits = { maxLayers: 128, maxBytes: -1, maxUnpackedBytes: -1, parallelDownloads: 6, parallelUnpacks: 6 }
  const plan = planFetch({ owner: 'attack', name, platform: '', snapshotter: 'overlayfs', hosts: '', silenceMs: 60_000, timeoutMs }, limits, 'always')
  return explain.report(await execute(workshop(), plan))
}

const gzipped = (tar: Buffer): Layer => layer(evil, zlib.gzipSync(tar), GZIP)

describe('the login of the operator', () => {
  const auth = { username: 'me', password: 'p-s3cret' }

  it('for no registry: SetConfig refuses it, with the way out, and no password in the words', async () => {
    const plugin = await launch()
    plugins.push(plugin)
    const { encode } = await import('@msgpack/msgpack')
    const refused = await refusal(ask((done) => plugin.base.setConfig({ msgpackConfig: Buffer.from(encode({ containerd_runtime: RUNC, auth })), nomadConfig: undefined, pluginApiVersion: 'v0.1.0' }, done)))
    expect(refused.details).toBe('plugin.auth.server_address: is required: a login is for one registry; name the registry that the login is for, such as "docker.io"; tasks with images of another registry bring their own `auth`')
  })

  it.each(['docker.io', '127.0.0.1', '127.0.0.1:1'])('for %s: a registry that a job names asks for it in every way, and gets nothing', async (server_address) => {
    const plugin = await launched({ auth: { ...auth, server_address } })
    for (const challenge of ['Basic realm="x"', `Bearer realm="${evil.origin}/token",service="x"`]) {
      evil.before.guard = ({ url }, response) => {
        if (url === '/v2/') return false
        response.writeHead(401, { 'www-authenticate': challenge }).end()
        return true
      }
      expect(await run(plugin, { image: `${evil.host}/team/app:1` })).toContain('asks for a login')
    }
    evil.before.guard = () => false
    expect(evil.seen.flatMap(({ authorization, path }) => [authorization, path]).join(' ')).not.toMatch(/Basic|s3cret/)
    expect(plugin.stderr()).not.toContain('s3cret')
  })

  it('for the registry of the image: is used', async () => {
    const front = await door({ tls: false, login: { ...auth, scheme: 'bearer' } })
    const plugin = await launched({ auth: { ...auth, server_address: `http://${front.host}/v2/` } })
    expect(await run(plugin, { image: `${front.host}/team/app:1` })).toBe(9)
  })
})

describe('images.require_login', () => {
  it.each(['basic', 'bearer'] as const)('a private image that is here serves no task without a login (%s), whatever its pull_policy; without the option it does', async (scheme) => {
    const front = await door({ tls: false, login: { username: 'me', password: 'p-s3cret', scheme } })
    const plugin = await launched({ images: { require_login: true } })
    const task = { image: `${front.host}/team/app:1` }
    const auth = { username: 'me', password: 'p-s3cret' }
    expect(await run(plugin, { ...task, auth })).toBe(9)
    for (const pull_policy of ['missing', 'never', 'always']) {
      expect(await run(plugin, { ...task, pull_policy })).toContain(`ask for image ${task.image}, which the plugin option \`images.require_login\` wants: registry ${front.host} asks for a login`)
      expect(await run(plugin, { ...task, pull_policy, auth: { ...auth, password: 'wrong' } })).toContain('refuses the login of me')
      expect(await run(plugin, { ...task, pull_policy, auth })).toBe(9)
    }
    expect(await run(await launched(), task)).toBe(9)
  })

  it('a registry that is gone: the image that is here is not used, and the start can be tried again', async () => {
    const front = await secured(registry.host, { tls: false })
    const plugin = await launched({ images: { require_login: true } })
    const task = { image: `${front.host}/team/app:1` }
    expect(await run(plugin, task)).toBe(9)
    await front.stop()
    expect(await run(plugin, task)).toContain('cannot be reached')
  })
})

describe('a layer that names places outside of its root', () => {
  it('by .., by a link or by an absolute path: makes nothing there', async () => {
    const outside = `${daemon.directory}/outside`
    const up = '../'.repeat(20)
    fs.mkdirSync(outside)
    const tar = await tarOf([
      [{ name: `${up}${outside.slice(1)}/by-dots` }, 'x'], [{ name: `${outside}/by-name` }, 'x'],
      [{ name: 'link', type: 'symlink', linkname: outside }], [{ name: 'link/by-link' }, 'x'],
      [{ name: 'up', type: 'symlink', linkname: `${up}${outside.slice(1)}` }], [{ name: 'up/by-up' }, 'x']
    ])
    image(evil, 'outside', [gzipped(tar)], [digestOf(tar)])
    await fetched(`${evil.host}/team/app:outside`)
    const hard = await tarOf([[{ name: 'hard', type: 'link', linkname: `${up}etc/shadow` }]])
    image(evil, 'hard', [gzipped(hard)], [digestOf(hard)])
    expect(await fetched(`${evil.host}/team/app:hard`)).not.toBe('completed')
    expect(fs.readdirSync(outside)).toEqual([])
  })
})

describe('an image that claims the root of another', () => {
  it('with its diff_ids and layers of its own: is refused, unpacked or not, and runs nowhere', async () => {
    const secret = await tarOf([[{ name: 'etc/secret' }, 'of another']])
    const top = await tarOf([[{ name: 'etc/more' }, 'of another']])
    image(evil, 'private', [gzipped(secret), gzipped(top)], [digestOf(secret), digestOf(top)])
    expect(await fetched(`${evil.host}/team/app:private`)).toBe('completed')
    const own = await Promise.all(['a', 'b'].map((name) => tarOf([[{ name }, name]])))
    const claims = { both: own, last: [secret, own[1] as Buffer], first: [own[0] as Buffer, top] }
    for (const [tag, tars] of Object.entries(claims)) {
      image(evil, tag, tars.map(gzipped), [digestOf(secret), digestOf(top)])
      expect(await fetched(`${evil.host}/team/app:${tag}`)).toMatch(
        new RegExp(`^unpack ${evil.host}/team/app:${tag}, layer sha256:.*: its content is sha256:.*, the image's config says sha256:`))
      // Its documents are here now: a start that finds them must not take them for the image.
      expect(await run(await launched(), { image: `${evil.host}/team/app:${tag}` })).toContain('the image\'s config says')
      expect(await run(await launched(), { image: `${evil.host}/team/app:${tag}`, pull_policy: 'never' })).toContain('the image\'s config says')
    }
    expect(ctr('snapshots', 'list')).not.toContain('verify-')
  })

  it('with a layer that is not here and cannot be had: is refused', async () => {
    const tar = await tarOf([[{ name: 'x' }, 'y']])
    image(evil, 'owner', [gzipped(tar)], [digestOf(tar)])
    expect(await fetched(`${evil.host}/team/app:owner`)).toBe('completed')
    const missing = { ...layer(evil, Buffer.from('missing'), GZIP) }
    evil.blobs.delete(missing.digest)
    image(evil, 'thief', [missing], [digestOf(tar)])
    expect(await fetched(`${evil.host}/team/app:thief`)).toContain('has no blob')
    expect(await run(await launched(), { image: `${evil.host}/team/app:thief` })).toContain('has no blob')
  })

  it('and is it: the layers are looked at once, and nothing is fetched or unpacked for a start after that', async () => {
    const front = await door({ tls: false })
    const plugin = await launched()
    const task = { image: `${front.host}/team/app:1` }
    expect(await run(plugin, task)).toBe(9)
    const asked = front.requests.length
    // As from a client that notes nothing of its layers.
    const noted = ctr('content', 'list').split('\n').flatMap((row) => (row.includes('containerd.io/uncompressed') ? [row.split(/\s/)[0] ?? ''] : []))
    for (const digest of noted) ctr('content', 'label', digest, 'containerd.io/uncompressed=')
    expect(await run(plugin, { ...task, pull_policy: 'never' })).toBe(9)
    expect(front.requests.length).toBe(asked)
    expect(ctr('content', 'list')).toContain('containerd.io/uncompressed')
    expect(ctr('snapshots', 'list')).not.toContain('verify-')
  })
})
