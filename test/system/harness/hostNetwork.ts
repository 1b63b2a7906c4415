import { execFileSync } from 'node:child_process'
import * as fs from 'node:fs'
import * as os from 'node:os'
import * as path from 'node:path'

import { EXECUTABLE } from './plugin'

/** A network namespace that stands for the host's: what the plugin makes of bridges and rules is made in there. */
export interface HostNetwork {
  /** The address of its one device, as Nomad would have it. */
  readonly address: string
  /** The name of the bridge, and of the network: no other test has the same. */
  readonly bridge: string
  /** What stands before a program that is to run in there. */
  readonly enter: ReadonlyArray<string>
  /** The plugin, in there. */
  readonly executable: string
  /** Runs a program in there: what it says. */
  readonly run: (program: string, ...args: ReadonlyArray<string>) => string
  /** The devices, rules and addresses that are in use, and namespaces of containers. */
  readonly inUse: () => ReadonlyArray<string>
  readonly remove: () => void
}

let count = 0

export const HostNetwork = (): HostNetwork => {
  count += 1
  const name = `host-${String(process.pid)}-${String(count)}`
  const bridge = `t${String(process.pid)}n${String(count)}`
  const address = '10.77.0.1'
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'host-network-'))
  const executable = path.join(directory, 'containerd-driver')
  const enter = ['--net=/var/run/netns/' + name]
  const run = (program: string, ...args: ReadonlyArray<string>): string =>
    execFileSync('nsenter', [...enter, program, ...args], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })
  execFileSync('ip', ['netns', 'add', name])
  fs.writeFileSync(executable, `#!/bin/sh\nexec nsenter ${enter.join(' ')} ${EXECUTABLE}\n`, { mode: 0o755 })
  for (const command of ['link set lo up', 'link add eth0 type bridge', `address add ${address}/24 dev eth0`, 'address add fd77::1/64 dev eth0 nodad', 'link set eth0 up', 'route add default dev eth0'])
    run('ip', ...command.split(' '))
  return {
    address, bridge, executable, run, enter: ['nsenter', ...enter],
    inUse: () => [...devices(run), ...rules(run), ...leases(bridge), ...namespaces()].sort(),
    remove: () => {
      execFileSync('ip', ['netns', 'del', name])
      for (const made of [directory, leasesOf(bridge)]) fs.rmSync(made, { recursive: true, force: true })
    }
  }
}

type Run = HostNetwork['run']

const devices = (run: Run): ReadonlyArray<string> =>
  (JSON.parse(run('ip', '-j', 'link')) as ReadonlyArray<{ readonly ifname: string }>).map(({ ifname }) => `device ${ifname}`)

/** Chains that all containers share stay, empty or not: what counts are the rules. */
const rules = (run: Run): ReadonlyArray<string> =>
  ['iptables-save', 'ip6tables-save'].flatMap((program) => run(program).split('\n')).filter((line) => line.startsWith('-A') || /^:CNI-[0-9a-f]{24}|^:CNI-(?:DN|SN)-/.test(line)).map((line) => `rule ${line}`)

const leasesOf = (bridge: string): string => `/var/lib/cni/networks/${bridge}`

const leases = (bridge: string): ReadonlyArray<string> => {
  const directory = leasesOf(bridge)
  return (fs.existsSync(directory) ? fs.readdirSync(directory) : []).filter((file) => /^[0-9a-f.:]+$/.test(file)).map((file) => `lease ${file}`)
}

const namespaces = (): ReadonlyArray<string> => {
  const all = fs.existsSync('/var/run/netns') ? fs.readdirSync('/var/run/netns') : []
  return all.filter((file) => /-[0-9a-f]{8}-[0-9a-f]{16}$/.test(file)).map((file) => `namespace ${file}`)
}
