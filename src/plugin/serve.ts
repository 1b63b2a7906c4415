import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { Server, ServerCredentials } from '@grpc/grpc-js'

import { Driver } from '../driver/Driver'
import { livePorts } from '../effects/livePorts'
import { Log } from '../effects/ports/Ports'
import { systemClock } from '../effects/ports/systemClock'
import { stoppingPorts } from '../effects/stoppingPorts'
import { addBase } from './base'
import { addDriver } from './driver'
import { addGoPlugin } from './goPlugin'
import { logLine } from './logLine'

// True in a build for tests alone.
declare const __STOPS__: boolean

/** go-plugin's core protocol and Nomad's plugin protocol (nomad-contract 1.3). */
const HANDSHAKE = '1|2'

/**
 * Serves Nomad until it says shutdown. Prints one line on stdout, the handshake, and nothing else there. SIGINT is
 * swallowed: Ctrl-C on the agent reaches the whole process group, and the agent ends its plugins itself.
 */
export const serve = async (): Promise<void> => {
  const noop = (): void => undefined
  process.stdout.on('error', noop)
  process.stderr.on('error', noop)
  process.on('SIGINT', noop)
  const dir = mkdtempSync(join(process.env['PLUGIN_UNIX_SOCKET_DIR'] ?? tmpdir(), 'plugin-'))
  const socket = join(dir, 'driver.sock')
  const leave = (code: number): void => {
    rmSync(dir, { recursive: true, force: true })
    process.exit(code)
  }
  process.on('uncaughtException', (error) => {
    log('error', 'uncaught exception', { stack: error.stack ?? error.message })
    leave(1)
  })
  process.on('SIGTERM', () => { leave(143) })
  const server = new Server({ 'grpc.max_receive_message_length': -1, 'grpc.enable_channelz': 0 })
  const ports = __STOPS__ ? stoppingPorts(livePorts(log)) : livePorts(log)
  const driver = Driver(ports)
  addGoPlugin(server, ports, () => { leave(0) })
  addBase(server, driver)
  addDriver(server, driver)
  await listen(server, socket)
  process.stdout.write(`${HANDSHAKE}|unix|${socket}|grpc|\n`)
}

const log: Log = (level, message, details = {}) => {
  process.stderr.write(logLine(systemClock.now(), level, message, details))
}

const listen = (server: Server, socket: string): Promise<void> =>
  new Promise((resolve, reject) => {
    server.bindAsync(`unix:${socket}`, ServerCredentials.createInsecure(), (error) => {
      if (error === null) resolve()
      else reject(error)
    })
  })
