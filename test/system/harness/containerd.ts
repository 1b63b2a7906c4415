import * as fs from 'node:fs'
import * as net from 'node:net'
import * as os from 'node:os'
import * as path from 'node:path'

import * as Process from './process'

/** A containerd of the test's own: root, state, socket and namespace are shared with nobody. */
export interface PrivateContainerd {
  readonly address: string
  readonly namespace: string
  readonly directory: string
  /** The daemon's process: it hangs from SIGSTOP to SIGCONT. */
  readonly pid: () => number
  /** Stops the daemon and starts it again on what it stored. */
  readonly restart: () => Promise<void>
  /** Stops the daemon, or kills it; `resume` starts it again, another version of it where one is named. */
  readonly halt: (signal?: NodeJS.Signals) => Promise<void>
  readonly resume: (version?: Version) => Promise<void>
  /** Stops the daemon and removes what it stored. Tasks that still run are the test's to end first. */
  readonly stop: () => Promise<void>
}

/** Versions beside the host's own, which is 1.6: scripts/install-containerds.sh unpacks them. */
export type Version = '1.6' | '1.7' | '2.1'

const TOOLS = process.env['CONTAINERD_DRIVER_TOOLS'] ?? path.join(os.homedir(), '.cache/containerd-driver/tools')

/** The version that the tests of this process run on. */
export const VERSION = (process.env['CONTAINERD_VERSION'] ?? '1.6') as Version

/** Where a containerd finds its own shim first. */
const environmentOf = (version: Version): NodeJS.ProcessEnv => {
  if (version === '1.6') return process.env
  const place = path.join(TOOLS, `containerd-${version}/usr/bin`)
  if (!fs.existsSync(place)) throw new Error(`containerd ${version} is missing; unpack it with: bash scripts/install-containerds.sh`)
  return { ...process.env, PATH: `${place}:${process.env['PATH'] ?? ''}` }
}

/** Starts a containerd in a temporary directory, and resolves once its socket answers. */
export const startContainerd = async (first = VERSION, more = '', within = os.tmpdir()): Promise<PrivateContainerd> => {
  if (process.getuid?.() !== 0) throw new Error('the tests with a real containerd need root')
  const directory = fs.mkdtempSync(path.join(within, 'containerd-test-'))
  const address = path.join(directory, 'containerd.sock')
  const config = path.join(directory, 'config.toml')
  fs.writeFileSync(config, configOf(directory, address, more))
  const run = (version: Version): Promise<Process.Daemon> =>
    Process.start('containerd', ['--config', config], path.join(directory, 'log'), () => accepts(address), environmentOf(version))
  let version = first
  let daemon = await run(version)
  return {
    address,
    // runc keeps state under /run by namespace, whatever containerd's own directories are.
    namespace: path.basename(directory),
    directory,
    pid: () => daemon.pid,
    halt: (signal) => daemon.stop(signal),
    resume: async (next = version) => {
      version = next
      daemon = await run(version)
    },
    restart: async () => {
      await daemon.stop()
      daemon = await run(version)
    },
    stop: async () => {
      await daemon.stop()
      fs.rmSync(directory, { recursive: true, force: true })
    }
  }
}

const configOf = (directory: string, address: string, more: string): string => `version = 2
${more}
root = "${directory}/root"
state = "${directory}/state"
disabled_plugins = ["io.containerd.grpc.v1.cri", "io.containerd.cri.v1.images", "io.containerd.cri.v1.runtime", "io.containerd.nri.v1.nri"]
[grpc]
  address = "${address}"
`

/** Whether something listens on a socket's path. */
export const accepts = (address: string): Promise<boolean> =>
  new Promise((settle) => {
    const socket = net.connect(address)
    socket.once('connect', () => { socket.destroy(); settle(true) })
    socket.once('error', () => { settle(false) })
  })
