import { execFileSync } from 'node:child_process'
import * as fs from 'node:fs'
import * as os from 'node:os'

import { connect, Containerd } from '../../src/effects/containerd/Containerd'
import { NetworkIsolationSpec, StartTaskResponse, WaitTaskResponse } from '../../src/generated/nomad/driver'
import { makeAllocation } from './harness/allocation'
import { IMAGE, importBusybox } from './harness/busybox'
import { PrivateContainerd, startContainerd } from './harness/containerd'
import { settled } from './harness/leftovers'
import { ask, launch, Plugin } from './harness/plugin'

let daemon: PrivateContainerd
let containerd: Containerd
let plugin: Plugin

beforeAll(async () => {
  daemon = await startContainerd()
  containerd = connect(daemon.address, daemon.namespace)
  await importBusybox(containerd)
  plugin = await launch({ containerd_runtime: 'io.containerd.runc.v2', address: daemon.address, namespace: daemon.namespace })
})

afterAll(async () => {
  await plugin.kill()
  containerd.close()
  await daemon.stop()
})

/** What a task prints in this network. */
const printed = async (script: string, options: object, networkIsolationSpec?: NetworkIsolationSpec): Promise<string> => {
  const one = makeAllocation({ config: { image: IMAGE, command: 'sh', args: ['-c', script], ...options } })
  const task = { ...one.config, networkIsolationSpec }
  await ask<StartTaskResponse>((done) => plugin.driver.startTask({ task }, done))
  await ask<WaitTaskResponse>((done) => plugin.driver.waitTask({ taskId: task.id }, done))
  await one.outputEnds
  await ask((done) => plugin.driver.destroyTask({ taskId: task.id, force: true }, done))
  expect(await settled(containerd)).toEqual([])
  one.remove()
  return one.stdout()
}

const NETNS = 'readlink /proc/self/ns/net'

it('a task without a network has one of its own: a loopback device, which is up', async () => {
  const [netns, devices, address] = (await printed(`${NETNS}; ls /sys/class/net | tr '\\n' ' '; echo; ip -4 -o addr show lo`, {})).split('\n')
  expect(netns).not.toBe(fs.readlinkSync('/proc/self/ns/net'))
  expect(devices?.split(' ').filter((name) => name !== '')).toContain('lo')
  expect(devices).not.toContain('eth')
  expect(address).toContain('127.0.0.1/8')
})

it('host_network is the host\'s network', async () => {
  expect(await printed(NETNS, { host_network: true })).toBe(`${fs.readlinkSync('/proc/self/ns/net')}\n`)
})

it('a namespace that Nomad made is joined, and still there afterwards', async () => {
  const name = `containerd-driver-${String(process.pid)}`
  execFileSync('ip', ['netns', 'add', name])
  try {
    const inside = execFileSync('ip', ['netns', 'exec', name, 'readlink', '/proc/self/ns/net'], { encoding: 'utf8' })
    const spec = { mode: 1, path: `/var/run/netns/${name}`, labels: {}, hostsConfig: undefined }
    expect(await printed(NETNS, {}, spec)).toBe(inside)
    expect(fs.existsSync(`/var/run/netns/${name}`)).toBe(true)
  } finally {
    execFileSync('ip', ['netns', 'del', name])
  }
})

it('in every other network its own name is found too; on the host\'s it is the host\'s, with the host\'s own lines', async () => {
  const script = 'hostname; hostname -i; hostname -f; echo $HOSTNAME'
  const [name, address, full, variable] = (await printed(script, {})).trimEnd().split('\n')
  expect([address, full, variable]).toEqual(['127.0.1.1', name, name])
  expect(name).toMatch(/^web-[0-9a-f]{8}-/)
  const onHost = await printed('hostname; cat /etc/hosts; touch /etc/hosts 2>/dev/null || echo read-only', { host_network: true, extra_hosts: ['db:10.0.0.7'] })
  for (const line of fs.readFileSync('/etc/hosts', 'utf8').split('\n').filter((one) => one !== '')) expect(onHost).toContain(`${line}\n`)
  expect(onHost).toContain('\n10.0.0.7 db\n')
  expect(onHost).toMatch(/^.*\n[^]*read-only\n$/)
  expect(onHost.split('\n')[0]).toBe(os.hostname())
})
