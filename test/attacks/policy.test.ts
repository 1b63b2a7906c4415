import { encode } from '@msgpack/msgpack'
import * as E from 'fp-ts/Either'

import * as PluginConfig from '../../src/core/decode/PluginConfig'
import { inPlugin } from '../../src/core/domain/DocumentPath'
import { openWalls, wallNotices } from '../../src/core/policy/openWalls'
import { policyOf } from '../../src/core/policy/Policy'
import { issues as spoken } from '../../src/core/report/explain'
import * as Request from '../../src/core/resolve/Request'
import { rightOf } from '../../src/testing/facts'
import { ask, launch, Plugin } from '../system/harness/plugin'
import { sleep } from '../system/harness/process'

type Some = Readonly<Record<string, unknown>>

const refusedFor = (task: Some, plugin: Some): string => {
  const request = Request.decode({
    task: { image: 'busybox:1', command: 'true', ...task }, plugin: { containerd_runtime: 'io.containerd.runc.v2', ...plugin },
    allocation: { id: 'a/web/1', name: 'web', allocDir: '/var/lib/nomad/alloc/a' }
  })
  return E.isLeft(request) ? spoken(request.left) : ''
}

/** What a task can ask for by each wall: refused when it is closed, taken while it is open. */
const WAYS: Readonly<Record<string, readonly [Some, Some]>> = {
  allow_caps: [{ cap_add: ['SYS_ADMIN'] }, { allow_caps: ['chown'] }],
  'allowed_modes.pid': [{ pid_mode: 'host' }, { allowed_modes: { pid: [] } }],
  'allowed_modes.ipc': [{ ipc_mode: 'host' }, { allowed_modes: { ipc: [] } }],
  'allowed_modes.network': [{ host_network: true }, { allowed_modes: { network: [] } }],
  allow_devices: [{ devices: ['/dev/sda'] }, { allow_devices: [] }],
  allow_unconfined: [{ no_new_privileges: false }, { allow_unconfined: false }],
  'volumes.enabled': [{ volumes: ['/srv:/srv'] }, { volumes: { enabled: false } }],
  'volumes.allow_shared_propagation': [{ volumes: ['/srv:/srv:rshared'] }, { volumes: { allow_shared_propagation: false } }]
}

describe('`allow_privileged = false` alone', () => {
  const policy = policyOf({ containerd_runtime: 'r', allow_privileged: false })

  it('leaves walls open, and the notice names each of them', () => {
    const [notice, ...more] = wallNotices(policy)
    expect(more).toEqual([])
    expect(notice?.at).toEqual(inPlugin('allow_privileged'))
    for (const option of [...Object.keys(WAYS), 'seccomp']) expect(notice?.text).toContain(`(\`${option}\`)`)
    expect(openWalls(policy).map(({ option }) => option).sort()).toEqual([...Object.keys(WAYS), 'seccomp'].sort())
  })

  it.each(Object.entries(WAYS))('%s: what it lets a task do is taken while it is open, and refused and no longer told when it is closed', (option, [task, closed]) => {
    expect(refusedFor(task, { allow_privileged: false })).toBe('')
    expect(refusedFor(task, { allow_privileged: false, ...closed })).not.toBe('')
    expect(openWalls(policyOf(rightOf(PluginConfig.codec.decode({ containerd_runtime: 'r', allow_privileged: false, ...closed })))).map((wall) => wall.option)).not.toContain(option)
  })

  it('is no notice for who allows privileged tasks, nor where all is closed', () => {
    expect(wallNotices(policyOf({ containerd_runtime: 'r' }))).toEqual([])
    expect(wallNotices(policyOf({ containerd_runtime: 'r', hardened: true }))).toEqual([])
  })
})

describe('the snapshotter of a task', () => {
  it.each<readonly [string, Some, string]>([
    ['native', {}, ''], ['native', { hardened: true }, '`allow_snapshotters` does not list it'], ['overlayfs', { hardened: true }, ''],
    ['native', { hardened: true, snapshotter: 'native' }, ''], ['native', { allow_snapshotters: [] }, '`allow_snapshotters` does not list it'],
    ['native', { hardened: true, allow_snapshotters: ['nat*'] }, ''], ['other', { allow_snapshotters: ['native'] }, '`allow_snapshotters` does not list it']
  ])('%s under %j: %s', (snapshotter, plugin, text) => {
    const said = refusedFor({ snapshotter }, plugin)
    expect(text === '' ? said : said.includes(text)).toBe(text === '' ? '' : true)
  })
})

describe('the running plugin', () => {
  let plugin: Plugin
  const configure = (config: Some): Promise<object> =>
    ask((done) => plugin.base.setConfig({ msgpackConfig: Buffer.from(encode({ containerd_runtime: 'io.containerd.runc.v2', ...config })), nomadConfig: undefined, pluginApiVersion: 'v0.1.0' }, done))

  beforeAll(async () => { plugin = await launch() })
  afterAll(() => plugin.kill())

  it('says once, when it is configured, what else must be set', async () => {
    await configure({ hardened: true })
    expect(plugin.stderr()).not.toContain('does not confine')
    await configure({ allow_privileged: false })
    for (let waited = 0; waited < 5000 && !plugin.stderr().includes('does not confine'); waited += 20) await sleep(20)
    expect(plugin.stderr().match(/does not confine/g)).toHaveLength(1)
    expect(plugin.stderr()).toContain('allowed_modes.pid')
  })
})
