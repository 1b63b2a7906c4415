import { ChildProcess, execFile, execFileSync, spawn } from 'node:child_process'
import * as fs from 'node:fs'
import * as net from 'node:net'
import * as os from 'node:os'
import * as path from 'node:path'
import { promisify } from 'node:util'

import { sleep } from '../../system/harness/process'

/** A real Nomad agent, server and client in one, on loopback, with our plugin. */
export interface Agent {
  readonly url: string
  readonly pid: () => number
  /** One call of Nomad's HTTP API, answered as JSON. */
  readonly api: (method: 'GET' | 'POST' | 'PUT' | 'DELETE', where: string, body?: unknown) => Promise<unknown>
  readonly text: (where: string) => Promise<string>
  /** Ends the agent with this signal and starts it again on the same data; it is away until `meanwhile` is over. */
  readonly restart: (signal: NodeJS.Signals, meanwhile?: () => Promise<void>) => Promise<void>
  readonly stop: () => Promise<void>
  readonly log: () => string
}

const TOOLS = process.env['CONTAINERD_DRIVER_TOOLS'] ?? path.join(os.homedir(), '.cache/containerd-driver/tools')
export const NOMAD = path.join(TOOLS, 'nomad/nomad')
const PLUGIN = path.join(__dirname, '../../../dist/containerd-driver')

/** What the agent talks to: containerd, and Consul where there is one. */
export interface Around {
  readonly address: string
  readonly namespace: string
  readonly consulPort?: number
  /** The directory of hosts.toml files; the usual one when left out. */
  readonly hosts?: string
  /** A network namespace that stands for the host's, with the name of a bridge in it: the agent runs there. */
  readonly network?: { readonly enter: ReadonlyArray<string>; readonly device: string; readonly address: string; readonly bridge: string }
}

export const startAgent = async (around: Around): Promise<Agent> => {
  if (!fs.existsSync(NOMAD)) throw new Error(`${NOMAD} is missing; make it with: bash scripts/build-nomad-agent.sh`)
  const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'nomad-test-'))
  const [http, rpc, serf] = (await freePorts(3)) as [number, number, number]
  fs.mkdirSync(path.join(dir, 'plugins'))
  fs.copyFileSync(PLUGIN, path.join(dir, 'plugins/containerd-driver'))
  fs.chmodSync(path.join(dir, 'plugins/containerd-driver'), 0o755)
  fs.writeFileSync(path.join(dir, 'agent.hcl'), configOf(dir, { http, rpc, serf }, around))
  const url = `http://127.0.0.1:${String(http)}`
  const enter = around.network?.enter ?? []
  let child = run(dir, enter)
  const requests: Requests = enter.length === 0 ? direct(url) : throughCurl(enter, url)
  const agent: Agent = {
    url,
    pid: () => child.pid ?? 0,
    api: (method, where, body) => api(requests, method, where, body),
    text: async (where) => (await requests('GET', where)).text,
    restart: async (signal, meanwhile) => {
      await end(child, signal)
      await meanwhile?.()
      child = run(dir, enter)
      await ready(agent, child)
    },
    stop: async () => {
      await end(child, 'SIGINT')
      for (const target of mountedBelow(dir)) execFileSync('umount', ['--lazy', target])
      fs.rmSync(dir, { recursive: true, force: true })
    },
    log: () => fs.readFileSync(path.join(dir, 'agent.log'), 'utf8')
  }
  await ready(agent, child)
  return agent
}

/** What an agent that is stopped does not take away: the tmpfs of allocations that it has not forgotten yet. */
const mountedBelow = (dir: string): ReadonlyArray<string> =>
  fs.readFileSync('/proc/self/mounts', 'utf8').split('\n').map((line) => line.split(' ')[1] ?? '').filter((target) => target.startsWith(`${dir}/`)).reverse()

const configOf = (
  dir: string, ports: { readonly http: number; readonly rpc: number; readonly serf: number },
  { address, namespace, consulPort, hosts, network }: Around
): string => `
bind_addr  = "127.0.0.1"
data_dir   = "${dir}/data"
plugin_dir = "${dir}/plugins"
log_level  = "DEBUG"
advertise {
  http = "127.0.0.1"
  rpc  = "127.0.0.1"
  serf = "127.0.0.1"
}
ports {
  http = ${String(ports.http)}
  rpc  = ${String(ports.rpc)}
  serf = ${String(ports.serf)}
}
telemetry {
  publish_allocation_metrics = true
}
server {
  enabled          = true
  bootstrap_expect = 1
}
client {
  enabled           = true
  network_interface = "${network?.device ?? 'lo'}"
  cni_path          = "/usr/lib/cni"
  options = {
    "fingerprint.denylist" = "env_aws,env_gce,env_azure,env_digitalocean,vault${consulPort === undefined ? ',consul' : ''}"
  }
}
${consulPort === undefined ? '' : `consul {\n  address = "127.0.0.1:${String(consulPort)}"\n}`}
plugin "containerd-driver" {
  config {
    containerd_runtime = "io.containerd.runc.v2"
    address            = "${address}"
    namespace          = "${namespace}"${hosts === undefined ? '' : `\n    registry {\n      config_path = "${hosts}"\n    }`}${network === undefined ? '' : `\n    bridge_network_name = "${network.bridge}"`}
  }
}
`

const run = (dir: string, enter: ReadonlyArray<string>): ChildProcess => {
  const log = fs.openSync(path.join(dir, 'agent.log'), 'a')
  const { AWS_CA_BUNDLE: _aws, NODE_EXTRA_CA_CERTS: _node, ...env } = process.env
  const [first, ...more] = enter
  const agent = ['agent', '-config', path.join(dir, 'agent.hcl')]
  const child = spawn(first ?? NOMAD, first === undefined ? agent : [...more, NOMAD, ...agent], { stdio: ['ignore', log, log], env })
  fs.closeSync(log)
  return child
}

const READY_MS = 90_000

const ready = async (agent: Agent, child: ChildProcess): Promise<void> => {
  const until = Date.now() + READY_MS
  while (!(await isReady(agent))) {
    if (child.exitCode !== null || Date.now() > until) throw new Error(`the agent is not ready:\n${agent.log().slice(-4000)}`)
    await sleep(200)
  }
}

const isReady = async ({ api: ask }: Agent): Promise<boolean> => {
  try {
    const nodes = (await ask('GET', '/v1/nodes')) as ReadonlyArray<{ readonly Status: string; readonly Drivers: Readonly<Record<string, { readonly Healthy: boolean }>> }>
    return nodes.some(({ Status, Drivers }) => Status === 'ready' && Drivers['containerd-driver']?.Healthy === true)
  } catch {
    return false
  }
}

const end = async (child: ChildProcess, signal: NodeJS.Signals): Promise<void> => {
  if (child.exitCode !== null || child.signalCode !== null) return
  const gone = new Promise((resolve) => child.once('exit', resolve))
  child.kill(signal)
  await gone
}

/** One request: what was answered. */
type Requests = (method: string, where: string, body?: string) => Promise<{ readonly status: number; readonly text: string }>

const direct = (url: string): Requests => async (method, where, body) => {
  const answer = await fetch(`${url}${where}`, { method, ...(body === undefined ? {} : { body }) })
  return { status: answer.status, text: await answer.text() }
}

/** From another network namespace: loopback there is not ours. */
const throughCurl = (enter: ReadonlyArray<string>, url: string): Requests => async (method, where, body) => {
  const [program = 'curl', ...more] = enter
  const args = ['-sS', '-X', method, '-w', '\n%{http_code}', ...(body === undefined ? [] : ['--data-binary', body]), `${url}${where}`]
  const { stdout } = await promisify(execFile)(program, [...more, 'curl', ...args], { maxBuffer: 64 * 1024 * 1024 })
  const end = stdout.lastIndexOf('\n')
  return { status: Number(stdout.slice(end + 1)), text: stdout.slice(0, end) }
}

const OK = 200
const NOT_OK = 300

const api = async (requests: Requests, method: string, where: string, body: unknown): Promise<unknown> => {
  const { status, text } = await requests(method, where, body === undefined ? undefined : JSON.stringify(body))
  if (status < OK || status >= NOT_OK) throw new Error(`${method} ${where}: ${String(status)} ${text}`)
  return text === '' ? undefined : (JSON.parse(text) as unknown)
}

const freePorts = (count: number): Promise<ReadonlyArray<number>> =>
  Promise.all(Array.from({ length: count }, () => new Promise<number>((resolve) => {
    const server = net.createServer()
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as net.AddressInfo
      server.close(() => { resolve(port) })
    })
  })))
