import * as fs from 'node:fs'
import * as net from 'node:net'
import * as path from 'node:path'

import { settled } from '../system/harness/leftovers'
import { ask } from '../system/harness/plugin'
import { sleep } from '../system/harness/process'
import { pushBusybox, Registry, startRegistry } from '../system/harness/registry'
import { Client, startClient } from './harness/client'
import { allocOf, ended, logs, purge, register, running, scriptJob } from './harness/jobs'

let client: Client
let daemon: Client['daemon']
let containerd: Client['containerd']
let registry: Registry
let agent: Client['agent']

jest.setTimeout(180_000)

beforeAll(async () => {
  registry = await startRegistry()
  pushBusybox(registry, 'shop/web:1')
  client = await startClient()
  ;({ daemon, containerd, agent } = client)
}, 180_000)

afterAll(async () => {
  await client.stop()
  await registry.stop()
})

/** The tasks that containerd knows, once none comes or goes for a second. */
const tasks = async (): Promise<ReadonlyArray<string>> => {
  const look = async (): Promise<ReadonlyArray<string>> =>
    (await ask<{ tasks: Array<{ id: string }> }>((done) => containerd.tasks.list({ filter: '' }, containerd.headers(), done))).tasks.map(({ id }) => id)
  for (let last = await look(); ;) {
    await sleep(1000)
    const now = await look()
    if (now.join() === last.join()) return now
    last = now
  }
}

/** A way to the registry that is blocked until it is opened. */
const blocked = async (): Promise<{ readonly host: string; readonly met: Promise<unknown>; readonly open: () => void; readonly close: () => void }> => {
  let open = (): void => undefined
  const opened = new Promise<void>((resolve) => { open = resolve })
  const sockets = new Set<net.Socket>()
  const server = net.createServer((near) => {
    sockets.add(near.on('error', () => undefined))
    void opened.then(() => {
      const [host = '', port = ''] = registry.host.split(':')
      const far = net.connect(Number(port), host)
      sockets.add(far.on('error', () => undefined))
      near.pipe(far)
      far.pipe(near)
    })
  })
  const met = new Promise((resolve) => { server.once('connection', resolve) })
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve) })
  const close = (): void => {
    server.close()
    for (const one of sockets) one.destroy()
  }
  return { host: `127.0.0.1:${String((server.address() as net.AddressInfo).port)}`, met, open: () => { open() }, close }
}

const SCRIPT = 'echo ready; sleep 1000'
const PATIENT = 'kill_timeout = "1s"'

const isAlone = async (job: string): Promise<void> => {
  const alloc = await allocOf(agent, job, running)
  expect(await tasks()).toHaveLength(1)
  while (!(await logs(agent, alloc, 'main', 'stdout')).includes('ready')) await sleep(50)
  await purge(agent, job)
  expect(await settled(containerd)).toEqual([])
}

it('tells that the image comes, and that it is here', async () => {
  const job = await register(agent, scriptJob('comes', 'true').replace('docker.io/library/busybox:1.36', `${registry.host}/shop/web:1`))
  const alloc = await allocOf(agent, job, ended)
  const messages = alloc.TaskStates?.['main']?.Events.map(({ DisplayMessage }) => DisplayMessage) ?? []
  const told = messages.filter((message) => /^(Download|Created container)/.test(message)).map((message) => message.split(' ').slice(0, 2).join(' '))
  expect(told).toEqual(['Downloading image', 'Downloaded image', 'Created container'])
  await purge(agent, job)
})

describe('an agent that is killed while it starts a task starts it once', () => {
  it('while the image is pulled', async () => {
    const way = await blocked()
    const job = await register(agent, scriptJob('pulling', SCRIPT, PATIENT).replace('docker.io/library/busybox:1.36', `${way.host}/shop/web:1`))
    await way.met
    await agent.restart('SIGKILL')
    way.open()
    await isAlone(job)
    way.close()
  })

  it.each([5, 25, 60])('%i ms after the bundle appeared', async (ms) => {
    const bundles = path.join(daemon.directory, 'state/io.containerd.runtime.v2.task', daemon.namespace)
    const job = await register(agent, scriptJob(`bundle-${String(ms)}`, SCRIPT, PATIENT))
    while (!fs.existsSync(bundles) || fs.readdirSync(bundles).length === 0) await sleep(1)
    await sleep(ms)
    await agent.restart('SIGKILL')
    await isAlone(job)
  })
})
