import * as fs from 'node:fs'
import * as os from 'node:os'
import * as path from 'node:path'

import { connect, Containerd } from '../../src/effects/containerd/Containerd'
import { WaitTaskResponse } from '../../src/generated/nomad/driver'
import { Allocation, makeAllocation, Wanted } from '../system/harness/allocation'
import { PrivateContainerd, startContainerd } from '../system/harness/containerd'
import { settled } from '../system/harness/leftovers'
import { ask, launch, Plugin, refusal } from '../system/harness/plugin'
import { Entry, openShelf, Shelf } from '../system/harness/shelf'

let daemon: PrivateContainerd
let containerd: Containerd
let plugin: Plugin
let shelf: Shelf
let target: string
let counter = 0
const made: Array<Allocation> = []

beforeAll(async () => {
  shelf = await openShelf()
  daemon = await startContainerd()
  containerd = connect(daemon.address, daemon.namespace)
  plugin = await launch({
    containerd_runtime: 'io.containerd.runc.v2', address: daemon.address, namespace: daemon.namespace, hardened: true,
    volumes: { enabled: true }
  })
}, 60_000)

beforeEach(() => {
  target = fs.mkdtempSync(path.join(os.tmpdir(), 'image-root-target-'))
  fs.writeFileSync(path.join(target, 'ptmx'), 'the host\'s own')
})

afterEach(async () => {
  for (const one of made) await ask((done) => plugin.driver.destroyTask({ taskId: one.config.id, force: true }, done))
  expect(await settled(containerd)).toEqual([])
  for (const one of made.splice(0)) one.remove()
  expect([fs.readdirSync(target), fs.readFileSync(path.join(target, 'ptmx'), 'utf8')]).toEqual([['ptmx'], 'the host\'s own'])
  fs.rmSync(target, { recursive: true })
})

afterAll(async () => {
  await plugin.kill()
  containerd.close()
  await daemon.stop()
  await shelf.stop()
})

const directory = (name: string): Entry => [{ name, type: 'directory' }]
const link = (name: string, linkname: string): Entry => [{ name, type: 'symlink', linkname }]
const ROOT: ReadonlyArray<Entry> = [
  directory('bin'), [{ name: 'bin/busybox', mode: 0o755 }, fs.readFileSync('/bin/busybox') as unknown as string], link('bin/sh', 'busybox')
]

interface Given {
  readonly config?: Readonly<Record<string, unknown>>
  readonly image?: object
  readonly env?: Wanted['env']
  /** The entries of a second layer. */
  readonly later?: ReadonlyArray<Entry>
}

const task = async (entries: ReadonlyArray<Entry>, { config = {}, image = {}, env = {}, later = [] }: Given = {}): Promise<Allocation> => {
  counter += 1
  await shelf.put(`team/app:${String(counter)}`, { layers: [[...ROOT, ...entries], later], config: image })
  const name = `${shelf.host}/team/app:${String(counter)}`
  const one = makeAllocation({ config: { image: name, command: 'sh', args: ['-c', 'echo ran'], ...config }, env: { PATH: '/bin', ...env } })
  made.push(one)
  return one
}

const start = ({ config }: Allocation): Promise<object> => ask((done) => plugin.driver.startTask({ task: config }, done))

const refused = async (entries: ReadonlyArray<Entry>, given: Given = {}): Promise<string> => {
  const one = await task(entries, given)
  return (await refusal(start(one))).details
}

const runs = async (entries: ReadonlyArray<Entry>, given: Given = {}): Promise<string> => {
  const one = await task(entries, given)
  await start(one)
  const { result } = await ask<WaitTaskResponse>((done) => plugin.driver.waitTask({ taskId: one.config.id }, done))
  await one.outputEnds
  expect([result?.exitCode, one.stderr()]).toEqual([0, ''])
  return one.stdout()
}

describe('an image whose root leads out of itself', () => {
  it.each(['dev', 'proc', 'sys'])('cannot start when its /%s is a link, and nothing of the host is made or changed (CVE-2026-41579)', async (name) => {
    for (const to of [`/../../../../../..${target}`, target, `../../../../../..${target}`, '/tmp', `/${name}`]) {
      expect(await refused([link(name, to)])).toMatch(new RegExp(`^task\\.image = ".*": /${name} of the image is .*: the runtime would make its files wherever it leads; build the image with a directory at /${name}, or with nothing there$`))
    }
  })

  it('cannot start when /dev is a file, or when a later layer makes a link of it', async () => {
    expect(await refused([[{ name: 'dev' }, 'x']])).toContain('/dev of the image is no directory: ')
    expect(await refused([directory('dev')], { later: [link('dev', target)] })).toContain(`/dev of the image is a link, which leads to ${target}: `)
  })

  it.each<readonly [string, ReadonlyArray<Entry>, () => Given, string]>([
    ['/alloc of Nomad', [link('alloc', '/../../x')], () => ({}), 'allocation.allocDir = "/alloc": leads through a link of the image that climbs above its root'],
    ['/secrets of Nomad, two links on', [link('secrets', 'a'), link('a', 'b/../../x'), directory('b')], () => ({}), 'allocation.allocDir = "/secrets": leads through a link of the image that climbs above its root'],
    ['/etc/resolv.conf of the driver', [directory('etc'), link('etc/resolv.conf', '../../x')], () => ({ config: { host_dns: true } }), 'task.host_dns = "/etc/resolv.conf": leads through a link of the image that climbs'],
    ['/etc/hosts of the driver, below a link', [link('etc', '/proc')], () => ({ config: { extra_hosts: ['a:127.0.0.1'] } }), 'task.extra_hosts = "/etc/hosts": leads through links of the image to /proc/hosts, where nothing may be mounted'],
    ['a mount of the job onto /proc', [link('x', 'proc')], () => ({ config: { tmpfs: ['/x'] } }), 'task.tmpfs[0] = "/x": leads through links of the image to /proc, where nothing may be mounted'],
    ['a mount of the job below /proc', [link('x', '/proc'), directory('proc')], () => ({ config: { tmpfs: ['/x/sys/kernel'] } }), 'task.tmpfs[0] = "/x/sys/kernel": leads through links of the image to /proc/sys/kernel'],
    ['a mount of the job onto /sys', [link('x', 'y'), link('y', '/sys/')], () => ({ config: { tmpfs: ['/x'] } }), 'task.tmpfs[0] = "/x": leads through links of the image to /sys,'],
    ['a mount of the job onto /dev', [link('x', '/y/../dev'), directory('y')], () => ({ config: { volumes: ['local:/x'] } }), 'task.volumes[0] = "/x": leads through links of the image to /dev,'],
    ['a mount of the job onto the root', [link('x', '.')], () => ({ config: { volumes: ['local:/x'] } }), 'task.volumes[0] = "/x": leads through links of the image to /,'],
    ['a mount that never ends', [link('x', 'x')], () => ({ config: { tmpfs: ['/x'] } }), 'task.tmpfs[0] = "/x": leads over more links of the image than Linux follows'],
    ['a working directory of the job', [link('w', '/proc/self/fd/7')], () => ({ config: { cwd: '/w' } }), 'task.cwd = "/w": leads through links of the image to /proc/self/fd/7, and the working directory must not lie below /proc or /dev/fd'],
    ['a working directory of the image', [link('w', 'dev/fd/7')], () => ({ image: { WorkingDir: '/w/' } }), 'task.cwd = "/w/": leads through links of the image to /dev/fd/7'],
    ['an init', [link('sbin', '/proc/')], () => ({ config: { init: true } }), 'task.init = "/sbin/tini": leads through links of the image to /proc/tini']
  ])('cannot mislead %s', async (_what, entries, given, text) => {
    expect(await refused(entries, given())).toContain(text)
  })
})

it('absolute links, as Debian and Nix have them, start', async () => {
  const entries = [
    directory('run'), directory('var'), link('var/run', '/run'), link('var/lock', '/run/lock'), directory('nix'), directory('nix/store'), directory('nix/store/etc'),
    link('etc', '/nix/store/etc'), directory('srv'), link('data', 'srv'), link('alloc', '/srv/alloc'), directory('w'), link('work', 'w')
  ]
  const given = { config: { tmpfs: ['/var/run/app'], volumes: ['local:/data/own'], extra_hosts: ['a:127.0.0.1'], cwd: '/work', args: ['-c', 'pwd; grep -c " /run/app \\| /srv/own \\| /srv/alloc \\| /nix/store/etc/hosts " /proc/mounts'] } }
  expect(await runs(entries, given)).toBe('/w\n4\n')
})

it('an image with neither /dev nor /proc nor /sys starts', async () => {
  expect(await runs([])).toBe('ran\n')
})
