import { execFileSync } from 'node:child_process'
import * as fs from 'node:fs'
import * as os from 'node:os'
import * as path from 'node:path'

import { Attachment } from '../../src/core/domain/Cni'
import { checkNetwork, collectNetwork } from '../../src/effects/cni/lookAfter'
import { joinNetwork, leaveNetwork } from '../../src/effects/cni/network'
import { makeNamespace, removeNamespace } from '../../src/effects/host/networkNamespace'
import { HostNetwork } from './harness/hostNetwork'

/** Plugins of CNI 1.1, each run in the namespace that stands for the host. */
const host = HostNetwork()
const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'cni-plugins-'))

beforeAll(() => {
  const built = execFileSync('bash', ['scripts/build-cni-plugins.sh'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] }).trim()
  for (const name of fs.readdirSync(built)) {
    fs.writeFileSync(path.join(directory, name), `#!/bin/sh\nexec ${host.enter.join(' ')} ${built}/${name}\n`, { mode: 0o755 })
  }
}, 300_000)

afterAll(() => {
  host.remove()
  fs.rmSync(directory, { recursive: true, force: true })
})

const done = { _tag: 'Right', right: undefined }

const attachment = (container: string, ipam = 'host-local'): Attachment => ({
  container, netns: `/var/run/netns/${host.bridge}${container}`, network: host.bridge, path: directory, args: {}, record: `${directory}/${container}/network.json`,
  capabilities: { portMappings: [{ hostPort: 28080, containerPort: 80, protocol: 'tcp', hostIP: host.address }] },
  conflist: JSON.stringify({
    cniVersion: '1.1.0', name: host.bridge, plugins: [
      { type: 'bridge', bridge: host.bridge, isGateway: true, ipMasq: true, ipam: { type: ipam, ranges: [[{ subnet: '10.79.0.0/24' }]] } },
      { type: 'portmap', capabilities: { portMappings: true }, snat: true }
    ]
  })
})

const joined = async (container: string): Promise<Attachment> => {
  const one = attachment(container)
  expect(await makeNamespace({ path: one.netns })()).toEqual(done)
  expect(await joinNetwork(one)()).toMatchObject({ _tag: 'Right', right: { words: { address: expect.stringMatching(/^10\.79\.0\./) as string } } })
  return one
}

const left = async (one: Attachment): Promise<void> => {
  expect(await leaveNetwork(one)()).toEqual(done)
  expect(await removeNamespace(one.netns)()).toEqual(done)
}

it('CHECK says that all is there, and what is not', async () => {
  const one = await joined('a')
  expect(await checkNetwork(one)()).toEqual(done)
  execFileSync('ip', ['-n', `${host.bridge}a`, 'address', 'flush', 'dev', 'eth0'])
  expect(await checkNetwork(one)()).toMatchObject({ _tag: 'Left', left: { doing: `look at network ${host.bridge}`, detail: expect.stringContaining('bridge CHECK: ') as string } })
  await left(one)
}, 30_000)

it('GC is understood by plugins of CNI 1.1, and takes nothing from who is still there', async () => {
  const kept = await joined('b')
  const was = host.inUse()
  expect(await collectNetwork(kept, [kept])()).toEqual(done)
  expect(host.inUse()).toEqual(was)
  expect(await checkNetwork(kept)()).toEqual(done)
  // What nobody has may be taken away by then: DEL has no trouble with that.
  expect(await collectNetwork(kept, [])()).toEqual(done)
  await left(kept)
  expect(host.inUse().filter((line) => /^lease |CNI-DN-/.test(line))).toEqual([])
}, 30_000)

it('STATUS: a network that can take nobody now is not joined, and says why', async () => {
  const one = attachment('d', 'nowhere')
  expect(await makeNamespace({ path: one.netns })()).toEqual(done)
  expect(await joinNetwork(one)()).toMatchObject({ _tag: 'Left', left: { detail: expect.stringMatching(/^bridge STATUS: .*nowhere/) as string } })
  await leaveNetwork(one)()
  await removeNamespace(one.netns)()
}, 30_000)
