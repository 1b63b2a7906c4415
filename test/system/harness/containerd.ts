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
  /** Stops the daemon; `resume` starts it again. */
  readonly halt: () => Promise<void>
  readonly resume: () => Promise<void>
  /** Stops the daemon and removes what it stored. Tasks that still run are the test's to end first. */
  readonly stop: () => Promise<void>
}

/** Starts a containerd in a temporary directory, and resolves once its socket answers. */
export const startContainerd = async (): Promise<PrivateContainerd> => {
  if (process.getuid?.() !== 0) throw new Error('the tests with a real containerd need root')
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'containerd-test-'))
  const address = path.join(directory, 'containerd.sock')
  const config = path.join(directory, 'config.toml')
  fs.writeFileSync(config, configOf(directory, address))
  const run = (): Promise<Process.Daemon> =>
    Process.start('containerd', ['--config', config], path.join(directory, 'log'), () => accepts(address))
  let daemon = await run()
  return {
    address,
    // runc keeps state under /run by namespace, whatever containerd's own directories are.
    namespace: path.basename(directory),
    directory,
    pid: () => daemon.pid,
    halt: () => daemon.stop(),
    resume: async () => { daemon = await run() },
    restart: async () => {
      await daemon.stop()
      daemon = await run()
    },
    stop: async () => {
      await daemon.stop()
      fs.rmSync(directory, { recursive: true, force: true })
    }
  }
}

const configOf = (directory: string, address: string): string => `version = 2
root = "${directory}/root"
state = "${directory}/state"
disabled_plugins = ["io.containerd.grpc.v1.cri"]
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
