import { execFileSync } from 'node:child_process'
import * as fs from 'node:fs'
import * as os from 'node:os'
import * as path from 'node:path'

import { HostNetwork } from '../system/harness/hostNetwork'
import { settled } from '../system/harness/leftovers'
import { sleep } from '../system/harness/process'
import { pushBusybox, Registry, serveWithin, startRegistry } from '../system/harness/registry'
import { NOMAD } from './harness/agent'
import { Client, startClient } from './harness/client'
import { allocOf, logs, purge, register, running } from './harness/jobs'

let client: Client
let containerd: Client['containerd']
let agent: Client['agent']
const host = HostNetwork()
const hosts = fs.mkdtempSync(path.join(os.tmpdir(), 'hosts-'))
const MIRROR = 5000
let registry: Registry
let mirror: { readonly stop: () => Promise<void> }

/** Stands for redis: it is ready, and answers PING and all else alike. */
const REDIS = 'echo Ready to accept connections; while true; do echo +PONG | busybox nc -l -p 6379; done'

jest.setTimeout(180_000)

beforeAll(async () => {
  registry = await startRegistry()
  pushBusybox(registry, 'library/redis:7', ['sh', '-c', REDIS])
  mirror = await serveWithin(registry, host.enter, MIRROR)
  fs.mkdirSync(path.join(hosts, 'docker.io'))
  fs.writeFileSync(path.join(hosts, 'docker.io/hosts.toml'), `[host."http://127.0.0.1:${String(MIRROR)}"]\n`)
  client = await startClient({ hosts, network: { ...host, device: 'eth0' } })
  ;({ containerd, agent } = client)
}, 180_000)

afterAll(async () => {
  await client.stop()
  await mirror.stop()
  await registry.stop()
  host.remove()
  fs.rmSync(hosts, { recursive: true })
})

/** A job in the shape of most public jobs: a port of the group, which docker would publish. */
const webJob = (id: string, config: string, network: string, more = ''): string => `
job "${id}" {
  datacenters = ["dc1"]
  group "main" {
    network {
      ${network}
    }
    task "web" {
      driver = "containerd-driver"
      config {
        image   = "docker.io/library/busybox:1.36"
        command = "sh"
        args    = ["-c", "env | grep ^NOMAD_ | sort; while true; do echo from $NOMAD_TASK_NAME | nc -l -p 80; done"]
        ${config}
      }
      ${more}
      resources {
        cpu    = 100
        memory = 48
      }
    }
  }
}
`

interface Service { readonly Address: string; readonly Port: number }

const service = async (name: string): Promise<Service> => {
  for (let count = 0; ; count += 1) {
    const [first] = (await agent.api('GET', `/v1/service/${name}`)) as ReadonlyArray<Service>
    if (first !== undefined) return first
    if (count > 100) throw new Error(`${name} is not registered`)
    await sleep(100)
  }
}

const told = async ({ Address, Port }: Service): Promise<string> => {
  for (let count = 0; ; count += 1) {
    try {
      return host.run('bash', '-c', `exec 3<>/dev/tcp/${Address}/${String(Port)} && timeout 2 head -n 1 <&3`).trim()
    } catch (thrown) {
      if (count > 30) throw thrown
      await sleep(100)
    }
  }
}

/** What is told once it is this: whoever stands before a task is there before the task listens. */
const toldAtLast = async (found: Service, awaited: string): Promise<string> => {
  for (let count = 0; ; count += 1) {
    const text = await told(found)
    if (text === awaited || count > 50) return text
    await sleep(100)
  }
}

const PORTS = 'ports = ["http"]'
const HTTP = 'port "http" {\n        to = 80\n      }'
const byHost = 'service {\n name = "byhost"\n port = "http"\n provider = "nomad"\n }\n'
const byDriver = 'service {\n name = "bydriver"\n port = "http"\n provider = "nomad"\n address_mode = "driver"\n }\n'

describe('a real Nomad agent', () => {
  it('runs the job of `nomad job init -short` with only the driver changed: redis:7, from a mirror on loopback', async () => {
    const file = path.join(hosts, 'example.nomad.hcl')
    execFileSync(NOMAD, ['job', 'init', '-short', file])
    const written = fs.readFileSync(file, 'utf8')
    const hcl = written.replace('"docker"', '"containerd-driver"')
    expect(hcl).toContain('image          = "redis:7"')
    expect(hcl.split('\n').filter((line, index) => line !== written.split('\n')[index])).toHaveLength(1)
    const job = await register(agent, hcl)
    const alloc = await allocOf(agent, job, running)
    while (!(await logs(agent, alloc, 'redis', 'stdout')).includes('Ready to accept connections')) await sleep(100)
    const { AllocatedResources: { Shared: { Ports } } } = await agent.api('GET', `/v1/allocation/${alloc.ID}`) as
      { readonly AllocatedResources: { readonly Shared: { readonly Ports: ReadonlyArray<{ readonly Label: string; readonly Value: number }> } } }
    const port = Ports.find(({ Label }) => Label === 'db')?.Value ?? 0
    expect(await told({ Address: host.address, Port: port })).toBe('+PONG')
    const said = alloc.TaskStates?.['redis']?.Events.map(({ DisplayMessage }) => DisplayMessage) ?? []
    expect(said).toContainEqual(expect.stringMatching(/^Downloaded image docker\.io\/library\/redis:7 in /))
    await purge(agent, job)
    expect(await settled(containerd)).toEqual([])
  })

  it('publishes the ports of a group without a mode; services are found on the host, or by the address of the task', async () => {
    const job = await register(agent, webJob('public', PORTS, HTTP, `${byHost}${byDriver}`))
    const alloc = await allocOf(agent, job, running)
    const [onHost, ofTask] = [await service('byhost'), await service('bydriver')]
    expect(onHost.Address).toBe(host.address)
    expect(ofTask).toMatchObject({ Address: expect.stringMatching(/^172\.26\.8\d\./) as string, Port: 80 })
    expect([await told(onHost), await told(ofTask)]).toEqual(['from web', 'from web'])
    expect(await logs(agent, alloc, 'web', 'stdout')).toContain('NOMAD_PORT_http=80\n')
    await purge(agent, job)
    expect(await settled(containerd)).toEqual([])
  })

  it('a static port is that of the host; the network is left when the job ends, and made again when it comes back', async () => {
    const before = host.inUse()
    const job = (): string => webJob('static', PORTS, 'port "http" {\n        static = 28099\n        to     = 80\n      }')
    for (const _again of [1, 2]) {
      const id = await register(agent, job())
      await allocOf(agent, id, running)
      expect(await told({ Address: host.address, Port: 28_099 })).toBe('from web')
      await purge(agent, id)
      expect(await settled(containerd)).toEqual([])
      expect(host.inUse()).toEqual(before)
    }
  })

  it('a task goes on in its network while the agent is away, and leaves it when it is stopped after', async () => {
    const before = host.inUse()
    const id = await register(agent, webJob('stays', PORTS, HTTP, byHost))
    await allocOf(agent, id, running)
    const found = await service('byhost')
    await agent.restart('SIGKILL')
    expect(await told(found)).toBe('from web')
    await purge(agent, id)
    expect(await settled(containerd)).toEqual([])
    expect(host.inUse()).toEqual(before)
  })

  it('a bridge of the group is joined, and Nomad maps its ports: `ports` is no second mapping', async () => {
    const id = await register(agent, webJob('group', PORTS, `mode = "bridge"\n      ${HTTP}`, ''))
    const alloc = await allocOf(agent, id, running)
    const [port = ''] = /NOMAD_HOST_PORT_http=(\d+)/.exec(await firstLogs(alloc.ID))?.slice(1) ?? []
    expect(await told({ Address: host.address, Port: Number(port) })).toBe('from web')
    await purge(agent, id)
    expect(await settled(containerd)).toEqual([])
  })

  it('a sidecar in the network of the group stands before the task, as that of Connect does', async () => {
    const id = await register(agent, meshJob('mesh'))
    await allocOf(agent, id, running)
    expect(await toldAtLast(await service('mesh'), 'proxy: from web')).toBe('proxy: from web')
    await purge(agent, id)
    expect(await settled(containerd)).toEqual([])
  })
})

const PROXY = [
  `printf '%s\\n' 'printf "proxy: "; wget -q -O - http://127.0.0.1:80/name' >/local/answer`,
  'while true; do nc -l -p 20000 -e sh /local/answer; done'
].join('; ')
const HIDDEN = 'echo "from $NOMAD_TASK_NAME" >/local/name; httpd -f -p 127.0.0.1:80 -h /local'

/** A task that only its own localhost reaches, and a proxy beside it that others reach: what Connect makes of a group. */
const meshJob = (id: string): string => `
job "${id}" {
  datacenters = ["dc1"]
  group "main" {
    network {
      mode = "bridge"
      port "proxy" {
        to = 20000
      }
    }
    service {
      name     = "mesh"
      port     = "proxy"
      provider = "nomad"
    }
    ${taskOfMesh('proxy', PROXY, 'lifecycle {\n hook = "prestart"\n sidecar = true\n }')}
    ${taskOfMesh('web', HIDDEN)}
  }
}
`

const taskOfMesh = (name: string, script: string, more = ''): string => `
    task "${name}" {
      driver       = "containerd-driver"
      kill_timeout = "1s"
      ${more}
      config {
        image   = "docker.io/library/busybox:1.36"
        command = "sh"
        args    = ["-c", ${JSON.stringify(script)}]
      }
      resources {
        cpu    = 50
        memory = 32
      }
    }
`

const firstLogs = async (id: string): Promise<string> => {
  for (;;) {
    const text = await agent.text(`/v1/client/fs/logs/${id}?task=web&type=stdout&plain=true`)
    if (text.includes('NOMAD_TASK_NAME')) return text
    await sleep(100)
  }
}
