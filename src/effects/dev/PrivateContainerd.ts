import { ChildProcess, spawn } from 'node:child_process'
import { closeSync, existsSync, mkdtempSync, openSync, promises, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'

/** A containerd of our own: own root, state, socket and namespace in a temporary directory. */
export interface PrivateContainerd {
  readonly address: string
  readonly namespace: string
  readonly dir: string
  readonly log: string
  /** Ends the daemon, by pid, and removes its directory. */
  readonly stop: () => Promise<void>
}

const READY_MS = 20_000

/** Starts a private containerd and resolves when its socket answers. */
export const startContainerd = async (): Promise<PrivateContainerd> => {
  const dir = mkdtempSync(join(tmpdir(), 'containerd-driver-'))
  const address = join(dir, 'containerd.sock')
  const log = join(dir, 'containerd.log')
  const config = join(dir, 'config.toml')
  writeFileSync(config, configOf(dir, address))
  const out = openSync(log, 'a')
  const daemon = spawn('containerd', ['--config', config], { stdio: ['ignore', out, out], detached: true })
  closeSync(out)
  const stop = (): Promise<void> => stopDaemon(daemon, dir)
  try {
    await ready(daemon, address, log)
  } catch (thrown) {
    await stop()
    throw thrown
  }
  // runc's state is global to the host and named by namespace only: it must not be shared with another daemon.
  return { address, namespace: basename(dir), dir, log, stop }
}

// Version 2 of the file is read by every containerd from 1.6 on.
const configOf = (dir: string, address: string): string =>
  [
    'version = 2',
    `root = "${dir}/root"`,
    `state = "${dir}/state"`,
    'disabled_plugins = ["io.containerd.grpc.v1.cri", "io.containerd.cri.v1.images", "io.containerd.cri.v1.runtime", "io.containerd.nri.v1.nri", "io.containerd.internal.v1.opt"]',
    '[grpc]',
    `address = "${address}"`,
    '[ttrpc]',
    `address = "${address}.ttrpc"`,
    ''
  ].join('\n')

const ready = async (daemon: ChildProcess, address: string, log: string): Promise<void> => {
  const state: { failed?: Error } = {}
  daemon.on('error', (error) => {
    state.failed = error
  })
  const until = Date.now() + READY_MS
  while (!existsSync(address)) {
    if (state.failed !== undefined)
      throw new Error(`containerd cannot be started: ${state.failed.message}; install containerd`)
    if (daemon.exitCode !== null || Date.now() > until) {
      throw new Error(`containerd did not start:\n${readFileSync(log, 'utf8').split('\n').slice(-5).join('\n')}`)
    }
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

const stopDaemon = async (daemon: ChildProcess, dir: string): Promise<void> => {
  if (daemon.exitCode === null && daemon.pid !== undefined) {
    const gone = new Promise((resolve) => daemon.once('exit', resolve))
    daemon.kill('SIGTERM')
    const timer = setTimeout(() => { daemon.kill('SIGKILL') }, 5000)
    await gone
    clearTimeout(timer)
  }
  await promises.rm(dir, { recursive: true, force: true })
}
