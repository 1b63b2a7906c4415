import { execFileSync } from 'node:child_process'

import { connect, Containerd } from '../../src/effects/containerd/Containerd'
import * as leases from '../../src/effects/containerd/leases'
import { pull } from '../../src/effects/image/pull'
import { DriverTaskEvent, StartTaskResponse, WaitTaskResponse } from '../../src/generated/nomad/driver'
import { makeAllocation } from './harness/allocation'
import { BOUNDS } from './harness/bounds'
import { PrivateContainerd, startContainerd } from './harness/containerd'
import { settled } from './harness/leftovers'
import { ask, launch, Plugin, refusal } from './harness/plugin'
import { sleep } from './harness/process'
import { pushBusybox, Registry, startRegistry } from './harness/registry'
import { right } from './harness/right'
import { Door, secured, SecureRegistry } from './harness/secureRegistry'

let daemon: PrivateContainerd
let containerd: Containerd
let registry: Registry
const plugins: Array<Plugin> = []
const doors: Array<SecureRegistry> = []

beforeAll(async () => {
  daemon = await startContainerd()
  containerd = connect(daemon.address, daemon.namespace)
  registry = await startRegistry()
  pushBusybox(registry, 'team/app:1')
}, 60_000)

afterAll(async () => {
  for (const plugin of plugins) await plugin.kill()
  for (const door of doors) await door.stop()
  containerd.close()
  await registry.stop()
  await daemon.stop()
})

const door = async (how: Door): Promise<SecureRegistry> => {
  const made = await secured(registry.host, how)
  doors.push(made)
  return made
}

const launched = async (): Promise<Plugin> => {
  const plugin = await launch({ containerd_runtime: 'io.containerd.runc.v2', address: daemon.address, namespace: daemon.namespace })
  plugins.push(plugin)
  return plugin
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

it('pulls once, tells it, and asks the registry nothing at the second start', async () => {
  const front = await door({ tls: false })
  const plugin = await launched()
  const events: Array<DriverTaskEvent> = []
  plugin.driver.taskEvents({}).on('data', (event: DriverTaskEvent) => { events.push(event) }).on('error', () => undefined)
  await sleep(100)
  expect(await run(plugin, { image: `${front.host}/team/app:1` })).toBe(9)
  const image = `${front.host}/team/app:1`
  expect(events[0]).toMatchObject({ message: `Downloading image ${image}`, annotations: { image } })
  expect(events.slice(1).map(({ message }) => message)).toEqual([
    expect.stringMatching(new RegExp(`^Downloaded image ${image} in \\d+\\.\\d s$`)), expect.stringMatching(/^Created container /)
  ])
  const asked = front.requests.length
  expect(asked).toBeGreaterThan(2)
  expect(await run(plugin, { image: `${front.host}/team/app:1` })).toBe(9)
  expect(front.requests.length).toBe(asked)
})

describe('pull_policy', () => {
  const textOf = async (plugin: Plugin, config: Readonly<Record<string, unknown>>): Promise<number | undefined | string> =>
    run(plugin, { args: ['-c', 'read name < /etc/image; exit ${name##*:}'], ...config })

  it('never: takes the image that is here, unpacks one that is not, and says where none is', async () => {
    const front = await door({ tls: false })
    const plugin = await launched()
    const image = `${front.host}/team/app:1`
    expect(await run(plugin, { image, pull_policy: 'never' })).toBe(
      `use image ${image}: containerd has no image of this name, and \`pull_policy = "never"\` fetches none; import it into the containerd namespace ${daemon.namespace}, or set \`pull_policy = "missing"\``
    )
    expect(front.requests).toEqual([])
    right(await leases.hold(containerd, 'test', 'test', 600)())
    right(await pull(containerd, { ...BOUNDS, name: image, lease: 'test', timeoutMs: 10_000, logins: {} })())
    right(await leases.release(containerd, 'test')())
    const asked = front.requests.length
    expect(await run(plugin, { image, pull_policy: 'never' })).toBe(9)
    expect(front.requests.length).toBe(asked)
  })

  it.each([{ pull_policy: 'always' }, { force_pull: true }])('%j: asks at every start, takes what is new, and fetches no blob twice', async (policy) => {
    const front = await door({ tls: false })
    const plugin = await launched()
    const name = `team/moving-${'pull_policy' in policy ? 'a' : 'b'}`
    pushBusybox(registry, `${name}:1`)
    expect(await textOf(plugin, { image: `${front.host}/${name}:1`, ...policy })).toBe(1)
    const blobs = (): number => front.requests.filter((one) => one.includes('/blobs/')).length
    const [asked, fetched] = [front.requests.length, blobs()]
    expect(await textOf(plugin, { image: `${front.host}/${name}:1`, ...policy })).toBe(1)
    expect(front.requests.length).toBeGreaterThan(asked)
    expect(blobs()).toBe(fetched)
    pushBusybox(registry, `${name}:2`)
    execFileSync('skopeo', ['copy', '--src-tls-verify=false', '--dest-tls-verify=false', `docker://${registry.host}/${name}:2`, `docker://${registry.host}/${name}:1`])
    expect(await textOf(plugin, { image: `${front.host}/${name}:1` })).toBe(1)
    expect(await textOf(plugin, { image: `${front.host}/${name}:1`, ...policy })).toBe(2)
  })
})

it('names the image that the registry does not have', async () => {
  const plugin = await launched()
  expect(await run(plugin, { image: `${registry.host}/team/none:2` })).toContain('has no such image: check the name and the tag')
})

it('trusts the authority that SSL_CERT_FILE names, and no other', async () => {
  const front = await door({ tls: true })
  const stranger = await launched()
  expect(await run(stranger, { image: `${front.host}/team/app:1` })).toMatch(/cannot be reached: .*self-signed/)
  process.env['SSL_CERT_FILE'] = front.certificate
  const friend = await launched()
  delete process.env['SSL_CERT_FILE']
  expect(await run(friend, { image: `${front.host}/team/app:1` })).toBe(9)
})

it.each(['basic', 'bearer'] as const)('logs in with the task\'s auth (%s); without it says what to set', async (scheme) => {
  const front = await door({ tls: false, login: { username: 'me', password: 'p-s3cret', scheme } })
  const plugin = await launched()
  const image = `${front.host}/team/app:1`
  expect(await run(plugin, { image })).toContain('asks for a login: set `auth { username, password }`')
  const wrong = await run(plugin, { image, auth: { username: 'me', password: 'wrong-s3cret' } })
  expect(wrong).toMatch(/login/)
  expect(wrong).not.toContain('s3cret')
  expect(await run(plugin, { image, auth: { username: 'me', password: 'p-s3cret' } })).toBe(9)
  expect(plugin.stderr()).not.toContain('s3cret')
})

it('gives a pull no longer than image_pull_timeout', async () => {
  const plugin = await launched()
  const silent = await import('node:net').then((net) => net.createServer(() => undefined))
  await new Promise<void>((resolve) => { silent.listen(0, '127.0.0.1', resolve) })
  const { port } = silent.address() as { readonly port: number }
  const said = await run(plugin, { image: `127.0.0.1:${String(port)}/team/app:1`, image_pull_timeout: '700ms' })
  expect(said).toContain('took longer than image_pull_timeout')
  silent.close()
})
