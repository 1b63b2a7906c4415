import { execFileSync, spawn } from 'node:child_process'
import * as fs from 'node:fs'

import { connect, Containerd } from '../../src/effects/containerd/Containerd'
import { InspectTaskResponse, StartTaskResponse, TaskConfig } from '../../src/generated/nomad/driver'
import { Allocation, makeAllocation } from './harness/allocation'
import { IMAGE, importBusybox } from './harness/busybox'
import { PrivateContainerd, startContainerd } from './harness/containerd'
import { HostNetwork } from './harness/hostNetwork'
import { settled } from './harness/leftovers'
import { ask, launch, Plugin, refusal } from './harness/plugin'
import { sleep } from './harness/process'

let daemon: PrivateContainerd
let containerd: Containerd
let plugin: Plugin
const host = HostNetwork()

jest.setTimeout(60_000)

const CONFIG = (): Readonly<Record<string, unknown>> => ({
  containerd_runtime: 'io.containerd.runc.v2', address: daemon.address, namespace: daemon.namespace,
  state_dir: `${daemon.directory}/files`, bridge_network_name: host.bridge, cni: { config_dir: `${daemon.directory}/cni` }
})

beforeAll(async () => {
  daemon = await startContainerd()
  containerd = connect(daemon.address, daemon.namespace)
  await importBusybox(containerd)
  plugin = await launch(CONFIG(), host.executable)
  // What all containers share, the bridge and a few chains, stays with the first of them.
  await lived({ config: server('once', { ports: ['http'] }), ports: [{ label: 'http', value: 28080, to: 80 }] })
})

afterAll(async () => {
  await plugin.kill()
  containerd.close()
  await daemon.stop()
  host.remove()
})

/** What was started and is not ended: a test that fails leaves nothing for the others. */
const open = new Set<string>()

afterEach(async () => {
  for (const taskId of open) await ask((done) => plugin.driver.destroyTask({ taskId, force: true }, done))
  open.clear()
})

interface Port { readonly label: string; readonly value: number; readonly to?: number; readonly hostIp?: string }

/** A task with ports of its group. */
interface Wanted {
  readonly config: Readonly<Record<string, unknown>>
  readonly ports?: ReadonlyArray<Port>
}

interface Started {
  readonly one: Allocation
  readonly task: TaskConfig
  readonly answer: StartTaskResponse
}

const server = (text: string, more: object = {}): Readonly<Record<string, unknown>> => ({
  image: IMAGE, network_mode: 'bridge', command: 'sh',
  args: ['-c', `while true; do echo ${text} | nc -l -p 80 2>/dev/null; done`], ...more
})

const taskOf = ({ config, ports = [] }: Wanted): { readonly one: Allocation; readonly task: TaskConfig } => {
  const one = makeAllocation({ config })
  const resources = { ...one.config.resources, ports: ports.map((port) => ({ to: 0, hostIp: host.address, ...port })) }
  return { one, task: TaskConfig.fromPartial({ ...one.config, resources }) }
}

const start = async (wanted: Wanted): Promise<Started> => {
  const { one, task } = taskOf(wanted)
  open.add(task.id)
  const answer = await ask<StartTaskResponse>((done) => plugin.driver.startTask({ task }, done))
  return { one, task, answer }
}

const end = async ({ one, task }: Pick<Started, 'one' | 'task'>): Promise<void> => {
  await ask((done) => plugin.driver.destroyTask({ taskId: task.id, force: true }, done))
  open.delete(task.id)
  one.remove()
}

const lived = async (wanted: Wanted): Promise<void> => { await end(await start(wanted)) }

const addressOf = ({ answer }: Started): string => answer.networkOverride?.addr ?? ''

/** What a server says to whoever connects from the host's network. */
const told = async (address: string, port: number, protocol: 'tcp' | 'udp' = 'tcp'): Promise<string> => {
  const script = `exec 3<>/dev/${protocol}/${address}/${String(port)} && echo >&3 && timeout 2 head -n 1 <&3`
  for (let count = 0; ; count += 1) {
    try {
      return host.run('bash', '-c', script).trim()
    } catch (thrown) {
      if (count > 20) throw thrown
      await sleep(100)
    }
  }
}

/** Answers datagrams in the network of a task: busybox has no server for them. */
const answersByUdp = async ({ task }: Started, text: string): Promise<() => void> => {
  const script = `const s = require('dgram').createSocket('udp4'); s.on('message', (_m, { port, address }) => s.send('${text}\\n', port, address)); s.bind(80, () => console.log('bound'))`
  const child = spawn('nsenter', [`--net=/var/run/netns/${namespaceOf(task)}`, process.execPath, '-e', script], { stdio: ['ignore', 'pipe', 'inherit'] })
  await new Promise((resolve) => child.stdout.once('data', resolve))
  return () => { child.kill() }
}

/** The namespace of a task: its container's name. */
const namespaceOf = ({ allocId }: TaskConfig): string =>
  fs.readdirSync('/var/run/netns').find((name) => name.includes(allocId.slice(0, 8))) ?? ''

/** What is left once shims and kernel are done. */
const nothingLeft = async (before: ReadonlyArray<string>): Promise<void> => {
  expect(await settled(containerd)).toEqual([])
  // What was lost on purpose before may be found and taken away meanwhile.
  expect(host.inUse().filter((line) => !before.includes(line))).toEqual([])
}

it('published ports alone make the network: reached from the host by tcp and udp, and told to Nomad', async () => {
  const before = host.inUse()
  const one = await start({
    config: server('hello', { network_mode: '', ports: ['http', 'same'] }),
    ports: [{ label: 'http', value: 28080, to: 80 }, { label: 'same', value: 80, to: -1 }, { label: 'closed', value: 28081, to: 80 }]
  })
  expect(one.answer.networkOverride).toEqual({ addr: expect.stringMatching(/^172\.26\.8\d\.\d+$/) as string, portMap: { http: 80, same: 80 }, autoAdvertise: false })
  expect(await told(host.address, 28080)).toBe('hello')
  expect(await told(host.address, 80)).toBe('hello')
  const stop = await answersByUdp(one, 'datagram')
  expect(await told(host.address, 28080, 'udp')).toBe('datagram')
  stop()
  expect(await told(addressOf(one), 80)).toBe('hello')
  expect(() => host.run('bash', '-c', `exec 3<>/dev/tcp/${host.address}/28081`)).toThrow(/refused/)
  const inspected = await ask<InspectTaskResponse>((done) => plugin.driver.inspectTask({ taskId: one.task.id }, done))
  expect(inspected.networkOverride).toEqual(one.answer.networkOverride)
  await end(one)
  await nothingLeft(before)
})

it('tasks reach each other by address, the host, and their own published port; the loopback device is up', async () => {
  const before = host.inUse()
  const one = await start({ config: server('hello', { ports: ['http'] }), ports: [{ label: 'http', value: 28080, to: 80 }] })
  const ask = (to: string): string => `for i in 1 2 3 4 5 6 7 8 9; do nc -w 2 ${to} </dev/null && break; sleep 0.2; done`
  const script = `ip -4 -o addr show lo | grep -c 127.0.0.1; ${ask(`${addressOf(one)} 80`)}; ${ask(`${host.address} 28080`)}; ip -4 route | grep -c default`
  const other = await start({ config: { image: IMAGE, network_mode: 'bridge', command: 'sh', args: ['-c', script] } })
  await other.one.outputEnds
  expect(other.one.stdout()).toBe('1\nhello\nhello\n1\n')
  await end(other)
  await end(one)
  await nothingLeft(before)
})

it('a task that ends by itself leaves nothing once it is destroyed, also where its namespace was taken away', async () => {
  const before = host.inUse()
  const one = await start({ config: { image: IMAGE, network_mode: 'bridge', command: 'true' } })
  await one.one.outputEnds
  await end(one)
  await nothingLeft(before)
  const lost = await start({ config: server('lost', { ports: ['http'] }), ports: [{ label: 'http', value: 28080, to: 80 }] })
  execFileSync('ip', ['netns', 'del', namespaceOf(lost.task)])
  await end(lost)
  await nothingLeft(before)
})

it('a start that fails behind its network is taken back', async () => {
  const before = host.inUse()
  const { one, task } = taskOf({ config: { image: IMAGE, network_mode: 'bridge', command: '/no/such/program' } })
  expect((await refusal(ask((done) => plugin.driver.startTask({ task }, done)))).details).toContain('/no/such/program')
  one.remove()
  await nothingLeft(before)
})

it('a plugin that was killed leaves a network that its successor takes away, by handle or by label', async () => {
  const before = host.inUse()
  const one = await start({ config: server('hello') })
  await plugin.kill()
  plugin = await launch(CONFIG(), host.executable)
  expect(host.inUse()).not.toEqual(before)
  await end(one)
  await nothingLeft(before)
})

it('what the files of the state directory said is not needed to leave a network', async () => {
  const before = host.inUse()
  const one = await start({ config: server('hello') })
  await plugin.kill()
  fs.rmSync(`${daemon.directory}/files`, { recursive: true })
  plugin = await launch(CONFIG(), host.executable)
  await end(one)
  expect(await settled(containerd)).toEqual([])
  expect(host.inUse().filter((line) => !line.startsWith('rule '))).toEqual(before.filter((line) => !line.startsWith('rule ')))
})

it('a range that the host has a route into is refused with the option', async () => {
  const clashing = await launch({ ...CONFIG(), bridge_network_name: 'clash', bridge_network_subnet: '10.77.0.0/16' }, host.executable)
  const { one, task } = taskOf({ config: server('hello') })
  const { details } = await refusal(ask((done) => clashing.driver.startTask({ task }, done)))
  expect(details).toContain('plugin.bridge_network_subnet = "10.77.0.0/16": the host\'s route 10.77.0.0/24 by eth0 leads into it')
  one.remove()
  await clashing.kill()
})

it('a network of a conflist is joined, its ports are mapped, and left as it was although the file has changed', async () => {
  const before = host.inUse()
  const file = `${daemon.directory}/cni/10-mine.conflist`
  fs.mkdirSync(`${daemon.directory}/cni`, { recursive: true })
  fs.writeFileSync(file, JSON.stringify({
    cniVersion: '0.4.0', name: host.bridge, plugins: [
      { type: 'ptp', ipMasq: true, ipam: { type: 'host-local', subnet: '10.78.0.0/24', routes: [{ dst: '0.0.0.0/0' }] } },
      { type: 'portmap', capabilities: { portMappings: true } }
    ]
  }))
  const one = await start({ config: server('hello', { network_mode: `cni/${host.bridge}`, ports: ['http'] }), ports: [{ label: 'http', value: 28080, to: 80 }] })
  expect(one.answer.networkOverride).toEqual({ addr: expect.stringMatching(/^10\.78\.0\.\d+$/) as string, portMap: { http: 80 }, autoAdvertise: true })
  expect(await told(host.address, 28080)).toBe('hello')
  fs.writeFileSync(file, '{}')
  await end(one)
  await nothingLeft(before)
  const { one: refused, task } = taskOf({ config: server('hello', { network_mode: 'cni/nobody' }) })
  expect((await refusal(ask((done) => plugin.driver.startTask({ task }, done)))).details).toContain('no conflist names the network "nobody"')
  refused.remove()
})

/** How far a start has come, as files tell it: each of these is there from its step on. */
const RECORD = (): ReadonlyArray<string> => {
  const files = `${daemon.directory}/files`
  const directories = fs.existsSync(files) ? fs.readdirSync(files) : []
  return directories.map((name) => `${files}/${name}/network.json`).filter((file) => fs.existsSync(file)).map((file) => fs.readFileSync(file, 'utf8'))
}

const STEPS: ReadonlyArray<readonly [string, (task: TaskConfig) => boolean]> = [
  ['the namespace is there', (task) => namespaceOf(task) !== ''],
  ['the first plugin is asked', () => RECORD().length > 0],
  ['the loopback device is up', () => RECORD().some((text) => text.includes('"result":'))],
  ['the bridge has given an address', () => RECORD().some((text) => text.includes('172.26.8'))],
  ['the port is mapped', () => host.inUse().some((line) => line.includes('CNI-DN-'))],
  ['the task is created', () => fs.readFileSync('/proc/self/mounts', 'utf8').includes(`${daemon.namespace}/web-`)]
]

it.each(STEPS)('a plugin that is killed when %s leaves nothing that a destroy does not take away', async (_step, isThere) => {
  const before = host.inUse()
  const { one, task } = taskOf({ config: server('hello', { ports: ['http'] }), ports: [{ label: 'http', value: 28080, to: 80 }] })
  const answer = ask((done) => plugin.driver.startTask({ task }, done)).catch(() => undefined)
  const until = Date.now() + 20_000
  while (!isThere(task)) {
    if (Date.now() > until) throw new Error('the start does not come so far')
    await new Promise((resolve) => { setImmediate(resolve) })
  }
  await plugin.kill()
  await answer
  plugin = await launch(CONFIG(), host.executable)
  await end({ one, task })
  await nothingLeft(before)
})

it('fifty starts at once on one bridge: each has an address of its own, and none is refused', async () => {
  const before = host.inUse()
  const all = await Promise.all(Array.from({ length: 50 }, (_, index) =>
    start({ config: { image: IMAGE, command: 'sleep', args: ['600'], ports: ['http'] }, ports: [{ label: 'http', value: 29000 + index, to: 80 }] })))
  expect(new Set(all.map(addressOf)).size).toBe(50)
  await Promise.all(all.map(end))
  await nothingLeft(before)
}, 180_000)

it('with a range of IPv6 beside the other both lead to the task, and out of it', async () => {
  const before = host.inUse()
  await plugin.kill()
  plugin = await launch({ ...CONFIG(), bridge_network_subnet_ipv6: 'fd00:a110:c8::/64' }, host.executable)
  const one = await start({ config: server('hello', { ports: ['four', 'six'] }), ports: [{ label: 'four', value: 28080, to: 80 }, { label: 'six', value: 28080, to: 80, hostIp: 'fd77::1' }] })
  const inside = host.run('nsenter', `--net=/var/run/netns/${namespaceOf(one.task)}`, 'ip', '-6', '-o', 'address', 'show', 'eth0')
  expect(inside).toContain('fd00:a110:c8::')
  expect(host.run('nsenter', `--net=/var/run/netns/${namespaceOf(one.task)}`, 'ip', '-6', 'route')).toContain('default via fd00:a110:c8::1')
  expect(await told(host.address, 28080)).toBe('hello')
  await end(one)
  await plugin.kill()
  plugin = await launch(CONFIG(), host.executable)
  expect(await settled(containerd)).toEqual([])
  expect(host.inUse().filter((line) => !line.includes('CNI-HOSTPORT') && !/CNI-(?:FORWARD|ADMIN)/.test(line))).toEqual(before.filter((line) => !line.includes('CNI-HOSTPORT') && !/CNI-(?:FORWARD|ADMIN)/.test(line)))
})

it('its own name leads to its addresses, the full name first; HOSTNAME is the name, unless the task says otherwise', async () => {
  const script = 'hostname; hostname -i; hostname -f; cat /proc/sys/kernel/domainname | grep -v none; echo $HOSTNAME'
  const config = (more: object): Readonly<Record<string, unknown>> => ({ image: IMAGE, network_mode: 'bridge', command: 'sh', args: ['-c', script], ...more })
  const printed = async (more: object, env: Readonly<Record<string, string>> = {}): Promise<readonly [string, string, ReadonlyArray<string>]> => {
    const one = makeAllocation({ config: config(more), env })
    const task = one.config
    open.add(task.id)
    const answer = await ask<StartTaskResponse>((done) => plugin.driver.startTask({ task }, done))
    await one.outputEnds
    await end({ one, task })
    return [task.id, answer.networkOverride?.addr ?? '', one.stdout().trimEnd().split('\n')]
  }
  const [, address, own] = await printed({})
  expect(own).toEqual([own[0], address, own[0], own[0]])
  const [, second, named] = await printed({ hostname: 'db', domainname: 'example.com' }, { HOSTNAME: 'mine' })
  expect(named).toEqual(['db', second, 'db.example.com', 'example.com', 'mine'])
})

/** Whoever is beside the host, in its network, and asks it for a port. */
const fromOutside = (port: number): string => {
  const name = `${host.bridge}o`
  execFileSync('ip', ['netns', 'add', name])
  try {
    host.run('ip', 'link', 'add', 'outside', 'type', 'veth', 'peer', 'name', 'eth0', 'netns', `/var/run/netns/${name}`)
    for (const command of ['link set outside master eth0', 'link set outside up']) host.run('ip', ...command.split(' '))
    for (const command of ['address add 10.77.0.9/24 dev eth0', 'link set eth0 up']) execFileSync('ip', ['-n', name, ...command.split(' ')])
    return execFileSync('ip', ['netns', 'exec', name, 'bash', '-c', `exec 3<>/dev/tcp/${host.address}/${String(port)} && timeout 2 head -n 1 <&3`], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }).trim()
  } finally {
    execFileSync('ip', ['netns', 'del', name])
  }
}

it('where a firewall or dockerd lets nothing pass, what the tasks need passes all the same', async () => {
  const before = host.inUse()
  host.run('iptables', '-P', 'FORWARD', 'DROP')
  const one = await start({ config: server('hello', { ports: ['http'] }), ports: [{ label: 'http', value: 28080, to: 80 }] })
  expect(await told(host.address, 28080)).toBe('hello')
  expect(fromOutside(28080)).toBe('hello')
  const script = `nc -w 2 ${addressOf(one)} 80 </dev/null; ping -c 1 -w 2 10.77.0.1 | grep -c "1 packets received"`
  const other = await start({ config: { image: IMAGE, network_mode: 'bridge', command: 'sh', args: ['-c', script] } })
  await other.one.outputEnds
  expect(other.one.stdout()).toBe('hello\n1\n')
  await end(other)
  await end(one)
  host.run('iptables', '-P', 'FORWARD', 'ACCEPT')
  await nothingLeft(before)
})

const DOWN: ReadonlyArray<readonly [string, (task: TaskConfig) => boolean]> = [
  ['is asked to', () => true],
  ['has forgotten the port', () => !host.inUse().some((line) => line.includes('CNI-DN-'))],
  ['has given the address back', () => !host.inUse().some((line) => line.startsWith('lease '))],
  ['has left the network', () => RECORD().length === 0],
  ['has removed the namespace', (task) => namespaceOf(task) === '']
]

it.each(DOWN)('a plugin that is killed in a destroy when it %s leaves nothing that another does not take away', async (_step, isGone) => {
  const before = host.inUse()
  const { one, task } = await start({ config: server('hello', { ports: ['http'] }), ports: [{ label: 'http', value: 28080, to: 80 }] })
  const answer = ask((done) => plugin.driver.destroyTask({ taskId: task.id, force: true }, done)).catch(() => undefined)
  const until = Date.now() + 20_000
  while (!isGone(task)) {
    if (Date.now() > until) throw new Error('the destroy does not come so far')
    await new Promise((resolve) => { setImmediate(resolve) })
  }
  await plugin.kill()
  await answer
  plugin = await launch(CONFIG(), host.executable)
  await end({ one, task })
  await nothingLeft(before)
})

it('a plugin that is killed while a task stops finds it again, and leaves its network when it is destroyed', async () => {
  const before = host.inUse()
  const { one, task, answer } = await start({ config: { image: IMAGE, network_mode: 'bridge', command: 'sleep', args: ['600'] } })
  const stopped = ask((done) => plugin.driver.stopTask({ taskId: task.id, timeout: { seconds: 1n, nanos: 0 }, signal: 'SIGUSR2' }, done)).catch(() => undefined)
  await plugin.kill()
  await stopped
  plugin = await launch(CONFIG(), host.executable)
  await ask((done) => plugin.driver.recoverTask({ taskId: task.id, handle: answer.handle }, done))
  await end({ one, task })
  await nothingLeft(before)
})

it('after a restart of the host a new start has no trouble with what the files remember, and all is given back', async () => {
  const before = host.inUse()
  const { one, task, answer } = await start({ config: server('hello', { ports: ['http'] }), ports: [{ label: 'http', value: 28080, to: 80 }] })
  await plugin.kill()
  // What a restart leaves: the record in containerd, the lease, the handle. Processes, namespaces, devices and rules are gone.
  const headers = containerd.headers()
  await ask((done) => containerd.tasks.kill({ containerId: namespaceOf(task), execId: '', signal: 9, all: true }, headers, done))
  const container = namespaceOf(task)
  for (const gone of [`${daemon.directory}/files`]) fs.rmSync(gone, { recursive: true })
  execFileSync('ip', ['netns', 'del', container])
  for (const table of ['nat', 'filter']) for (const flag of ['-F', '-X']) host.run('iptables', '-t', table, flag)
  host.run('ip', 'link', 'del', host.bridge)
  plugin = await launch(CONFIG(), host.executable)
  await ask((done) => plugin.driver.recoverTask({ taskId: task.id, handle: answer.handle }, done)).catch(() => undefined)
  await end({ one, task })
  const next = await start({ config: server('again', { ports: ['http'] }), ports: [{ label: 'http', value: 28080, to: 80 }] })
  expect(await told(host.address, 28080)).toBe('again')
  await end(next)
  expect(await settled(containerd)).toEqual([])
  expect(host.inUse().filter((line) => /^(?:lease|namespace) /.test(line))).toEqual(before.filter((line) => /^(?:lease|namespace) /.test(line)))
  expect(host.inUse().filter((line) => line.includes('veth'))).toEqual([])
})
