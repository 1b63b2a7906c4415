import { execFileSync } from 'node:child_process'
import * as fs from 'node:fs'
import * as path from 'node:path'

import { connect, Containerd } from '../../src/effects/containerd/Containerd'
import { giveTo } from '../../src/effects/rootfs/giveTo'
import { ListSnapshotsResponse } from '../../src/generated/containerd/snapshots'
import { NetworkIsolationSpec } from '../../src/generated/nomad/driver'
import { Allocation, makeAllocation } from './harness/allocation'
import { IMAGE, importBusybox } from './harness/busybox'
import { PrivateContainerd, startContainerd, VERSION } from './harness/containerd'
import { settled } from './harness/leftovers'
import { ask, launch, Plugin } from './harness/plugin'
import { sleep } from './harness/process'

const FIRST = 100_000
const IDS = `0:${String(FIRST)}:65536`

let daemon: PrivateContainerd
let containerd: Containerd
let plugin: Plugin
const made: Array<Allocation> = []

beforeAll(async () => {
  daemon = await startContainerd()
  // As /run/containerd is: runc makes the mounts as a user of the container.
  fs.chmodSync(daemon.directory, 0o711)
  containerd = connect(daemon.address, daemon.namespace)
  await importBusybox(containerd)
  plugin = await launch({
    containerd_runtime: 'io.containerd.runc.v2', address: daemon.address, namespace: daemon.namespace,
    state_dir: path.join(daemon.directory, 'files')
  })
}, 60_000)

afterEach(async () => {
  for (const { config: { id } } of made) await ask((done) => plugin.driver.destroyTask({ taskId: id, force: true }, done))
  expect(await settled(containerd)).toEqual([])
  for (const one of made.splice(0)) one.remove()
})

afterAll(async () => {
  await plugin.kill()
  containerd.close()
  await daemon.stop()
})

const start = async (script: string, options: object = {}, networkIsolationSpec?: NetworkIsolationSpec): Promise<Allocation> => {
  const one = makeAllocation({ config: { image: IMAGE, userns: IDS, command: 'sh', args: ['-c', `${script}; echo end; exec sleep 100`], ...options } })
  // As Nomad makes them.
  for (const directory of ['alloc', 'web/local', 'web/secrets']) fs.chmodSync(path.join(one.dir, directory), 0o777)
  made.push(one)
  await ask((done) => plugin.driver.startTask({ task: { ...one.config, networkIsolationSpec } }, done))
  for (let tries = 0; tries < 200 && !one.stdout().includes('end'); tries += 1) await sleep(50)
  return one
}

const given = (): Promise<ReadonlyArray<string>> =>
  new Promise((resolve, reject) => {
    const found: Array<string> = []
    containerd.snapshots.list({ snapshotter: 'overlayfs', filters: [] }, containerd.headers())
      .on('data', ({ info }: ListSnapshotsResponse) => found.push(...info.map(({ name }) => name)))
      .on('error', reject)
      .on('end', () => { resolve(found.filter((name) => name.includes('-ids-'))) })
  })

/** The users of the tasks' processes on the host. */
const owners = async (): Promise<ReadonlyArray<string>> => {
  const { tasks } = await ask<{ tasks: ReadonlyArray<{ pid: number }> }>((done) => containerd.tasks.list({ filter: '' }, containerd.headers(), done))
  return tasks.map(({ pid }) => /^Uid:\t(\d+)/m.exec(fs.readFileSync(`/proc/${String(pid)}/status`, 'utf8'))?.[1] ?? '')
}

it('root of the task is nobody on the host, and owns the files of its image', async () => {
  const one = await start('id -u; cat /proc/self/uid_map; stat -c "%n %u:%g" /bin /bin/busybox /etc/resolv.conf; echo mine > /local/made; mkdir /made')
  expect(one.stdout()).toMatch(/^0\n\s+0\s+100000\s+65536\n\/bin 0:0\n\/bin\/busybox 0:0\n\/etc\/resolv\.conf 65534:65534\nend\n$/)
  expect(one.stderr()).toBe('')
  expect(fs.statSync(path.join(one.dir, 'web/local/made'))).toMatchObject({ uid: FIRST, gid: FIRST })
  expect(await owners()).toEqual([String(FIRST)])
  const inside = await ask<{ stdout: Buffer }>((done) => plugin.driver.execTask({ taskId: one.config.id, command: ['id', '-u'], timeout: undefined }, done))
  expect(inside.stdout.toString()).toBe('0\n')
})

it('every name of a file of an image is given, where the file system copies one name up alone', async () => {
  const dir = fs.mkdtempSync(path.join(daemon.directory, 'links-'))
  const [lower = '', upper = '', work = '', root = ''] = ['lower', 'upper', 'work', 'root'].map((name) => path.join(dir, name))
  for (const one of [lower, upper, work, root]) fs.mkdirSync(one)
  const names = ['a', 'b', 'c', 'd']
  fs.writeFileSync(path.join(lower, 'a'), '')
  fs.chmodSync(path.join(lower, 'a'), 0o4755)
  for (const name of names.slice(1)) fs.linkSync(path.join(lower, 'a'), path.join(lower, name))
  execFileSync('mount', ['-t', 'overlay', '-o', `index=off,lowerdir=${lower},upperdir=${upper},workdir=${work}`, 'overlay', root])
  try {
    await giveTo([{ containerID: 0, hostID: FIRST, size: 65_536 }], root, new AbortController().signal)
    const seen = names.map((name) => fs.statSync(path.join(root, name))).map(({ uid, mode }) => [uid, (mode & 0o7777).toString(8)])
    expect(seen).toEqual(names.map(() => [FIRST, '4755']))
  } finally {
    execFileSync('umount', [root])
  }
})

it('tasks with the same ids share what was given to them, and leave nothing', async () => {
  await start('true')
  await start('true')
  await start('true', { userns: '0:300000:65536' })
  // A containerd that maps ids itself needs no copy of the image.
  expect(await given()).toHaveLength(VERSION === '2.1' ? 0 : 2)
  for (const { config: { id } } of made) await ask((done) => plugin.driver.destroyTask({ taskId: id, force: true }, done))
  for (let tries = 0; tries < 100 && (await given()).length > 0; tries += 1) await sleep(100)
  expect(await given()).toEqual([])
})

it('goes with the network of a group, which Nomad made', async () => {
  const name = `userns-${String(process.pid)}`
  execFileSync('ip', ['netns', 'add', name])
  try {
    const inside = execFileSync('ip', ['netns', 'exec', name, 'readlink', '/proc/self/ns/net'], { encoding: 'utf8' })
    const spec = { mode: 1, path: `/var/run/netns/${name}`, labels: {}, hostsConfig: undefined }
    const one = await start('readlink /proc/self/ns/net; test -r /sys/kernel/notes && id -u', {}, spec)
    expect(one.stdout()).toBe(`${inside}0\nend\n`)
  } finally {
    execFileSync('ip', ['netns', 'del', name])
  }
})

it.each([
  ['the network of the host', { host_network: true }, 'ls /sys/class/net/lo/mtu', /^\/sys\/class\/net\/lo\/mtu\nend/],
  ['one id alone, where no terminal has a group', { userns: '0:100000:1', tty: true }, 'id -u', /^0\r\nend/],
  ['two ranges', { userns: '0:100000:10,10:200000:65526' }, 'cat /proc/self/uid_map', /0\s+100000\s+10\n\s+10\s+200000\s+65526\nend/],
  ['a root that nobody writes', { readonly_rootfs: true }, 'touch /made 2>/dev/null || echo no', /^no\nend/]
])('goes with %s', async (_what, options, script, said) => {
  expect((await start(script, options)).stdout()).toMatch(said)
})
