import * as fs from 'node:fs'

import { connect, Containerd } from '../../src/effects/containerd/Containerd'
import { IMAGE, importBusybox } from './harness/busybox'
import { PrivateContainerd, startContainerd } from './harness/containerd'
import { HostNetwork } from './harness/hostNetwork'
import { settled } from './harness/leftovers'
import { ask, launch, Plugin, refusal } from './harness/plugin'
import { Started, Tasks, Wanted } from './harness/tasksOf'

let daemon: PrivateContainerd
let containerd: Containerd
let plugin: Plugin
const host = HostNetwork()
const tasks = Tasks(() => plugin, host.address)

jest.setTimeout(60_000)

const CONFIG = (): Readonly<Record<string, unknown>> => ({
  containerd_runtime: 'io.containerd.runc.v2', address: daemon.address, namespace: daemon.namespace,
  state_dir: `${daemon.directory}/files`, bridge_network_name: host.bridge
})

beforeAll(async () => {
  daemon = await startContainerd()
  containerd = connect(daemon.address, daemon.namespace)
  await importBusybox(containerd)
  plugin = await launch(CONFIG(), host.executable)
  // What all containers share, the bridge and a few chains, stays with the first of them.
  await tasks.end(await tasks.start(db()))
})

afterEach(() => tasks.endAll())

afterAll(async () => {
  await plugin.kill()
  containerd.close()
  await daemon.stop()
  host.remove()
})

/** A task in a network of its own that answers whoever connects. */
const db = (more: object = {}): Wanted => ({
  name: 'db',
  config: { image: IMAGE, network_mode: 'bridge', command: 'sh', args: ['-c', 'while true; do echo data | nc -l -p 80 2>/dev/null; done'], ...more }
})

const side = (beside: Started, script: string, network_mode = 'task:db'): Wanted => ({
  name: 'side', beside: beside.one, config: { image: IMAGE, network_mode, command: 'sh', args: ['-c', script] }
})

const ASK = 'for i in 1 2 3 4 5 6 7 8 9; do nc -w 2 127.0.0.1 80 </dev/null && break; sleep 0.2; done'

const nothingLeft = async (before: ReadonlyArray<string>): Promise<void> => {
  expect(await settled(containerd)).toEqual([])
  expect(host.inUse().filter((line) => !before.includes(line))).toEqual([])
}

const containerOf = ({ task }: Started): string =>
  fs.readdirSync('/var/run/netns').find((name) => name.startsWith(`db-${task.allocId.slice(0, 8)}`)) ?? ''

it('a task in the network of another of its allocation has its devices and reaches it at localhost', async () => {
  const before = host.inUse()
  const of = await tasks.start(db())
  const address = of.answer.networkOverride?.addr ?? ''
  expect(await tasks.printed(side(of, `${ASK}; ip -4 -o addr show eth0 | grep -o "inet [0-9.]*"`))).toBe(`data\ninet ${address}\n`)
  expect(await tasks.printed(side(of, ASK, `container:${containerOf(of)}`))).toBe('data\n')
  await tasks.end(of)
  await nothingLeft(before)
})

it('it waits for a task that is started at the same time', async () => {
  const first = tasks.taskOf({ name: 'x', config: { image: IMAGE } })
  const waiting = tasks.start(side({ ...first, answer: undefined as never }, ASK))
  const of = await tasks.start({ ...db(), beside: first.one })
  const late = await waiting
  await late.one.outputEnds
  expect(late.one.stdout()).toBe('data\n')
  await tasks.end(late)
  await tasks.end(of)
})

it('when the other ends, what was shared stays with the loopback alone; who starts after the other is back is in its new network', async () => {
  const before = host.inUse()
  const of = await tasks.start(db())
  const stays = await tasks.start(side(of, 'for i in $(seq 100); do ip addr show eth0 >/dev/null 2>&1 || break; sleep 0.1; done; ip addr show lo up | grep -c "inet 127.0.0.1"; ip addr show eth0 2>&1 | grep -c 172.26'))
  await ask((done) => plugin.driver.destroyTask({ taskId: of.task.id, force: true }, done))
  const again = await tasks.start({ ...db(), beside: of.one })
  expect(await tasks.printed({ ...side(again, ASK), name: 'third' })).toBe('data\n')
  await stays.one.outputEnds
  expect(stays.one.stdout()).toBe('1\n0\n')
  await tasks.end(again)
  await tasks.end(stays)
  await nothingLeft(before)
})

it('a plugin that was killed leaves a file that its successor takes away, by the label of the record', async () => {
  const before = host.inUse()
  const of = await tasks.start(db())
  const late = await tasks.start(side(of, 'sleep 600'))
  await plugin.kill()
  plugin = await launch(CONFIG(), host.executable)
  await tasks.end(late)
  expect(fs.readdirSync('/var/run/netns').filter((name) => name.startsWith('side-'))).toEqual([])
  await tasks.end(of)
  await nothingLeft(before)
})

it('what does not run, and what is on the network of the host, is not joined; nothing is left then', async () => {
  const before = host.inUse()
  const onHost = await tasks.start(db({ network_mode: 'host' }))
  const told = (name: string, network: string): Promise<string> => {
    const { task } = tasks.taskOf({ ...side(onHost, 'true', network), name })
    return refusal(ask((done) => plugin.driver.startTask({ task }, done))).then(({ details }) => details)
  }
  const [host_, nobody] = await Promise.all([told('first', 'task:db'), told('second', 'container:nobody')])
  expect(host_).toContain('join the network of task db of this allocation: it is on the network of the host: that is `network_mode = "host"`')
  expect(nobody).toContain('join the network of container nobody: it does not run; start it before')
  await tasks.end(onHost)
  await nothingLeft(before)
})
