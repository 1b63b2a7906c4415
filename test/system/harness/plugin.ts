import { ChildProcess, spawn } from 'node:child_process'
import * as path from 'node:path'

import { credentials, Metadata, ServiceError } from '@grpc/grpc-js'
import { encode } from '@msgpack/msgpack'

import { BasePluginClient } from '../../../src/generated/nomad/base'
import { DriverClient } from '../../../src/generated/nomad/driver'

/** A running plugin process, spoken to as Nomad speaks to it. */
export interface Plugin {
  readonly base: BasePluginClient
  readonly driver: DriverClient
  readonly pid: number
  readonly handshake: string
  /** Everything on stdout so far. */
  readonly stdout: () => string
  /** Everything on stderr so far. */
  readonly stderr: () => string
  readonly kill: (signal?: NodeJS.Signals) => Promise<void>
}

export const EXECUTABLE = path.join(__dirname, '../../../dist/containerd-driver')

const COOKIE = 'e4327c2e01eabfd75a8a67adb114fb34a757d57eee7728d857a8cec6e91a7255'

/** Launches the plugin as go-plugin does, and configures it when a config is given. */
export const launch = async (config?: Readonly<Record<string, unknown>>, executable = EXECUTABLE): Promise<Plugin> => {
  const env = { ...process.env, NOMAD_PLUGIN_MAGIC_COOKIE: COOKIE, PLUGIN_PROTOCOL_VERSIONS: '2' }
  const child = spawn(executable, [], { env, stdio: ['ignore', 'pipe', 'pipe'] })
  const said = { out: '', err: '' }
  child.stdout.on('data', (chunk: Buffer) => { said.out += chunk.toString() })
  child.stderr.on('data', (chunk: Buffer) => { said.err += chunk.toString() })
  const handshake = await firstLine(child, said)
  const address = `unix://${handshake.split('|')[3] ?? ''}`
  const options = { 'grpc.default_authority': 'unused' }
  const base = new BasePluginClient(address, credentials.createInsecure(), options)
  const driver = new DriverClient(address, credentials.createInsecure(), options)
  if (config !== undefined) {
    await ask((done) => base.setConfig({ msgpackConfig: Buffer.from(encode(config)), nomadConfig: undefined, pluginApiVersion: 'v0.1.0' }, done))
  }
  return {
    base, driver, handshake, pid: child.pid ?? 0, stdout: () => said.out, stderr: () => said.err,
    kill: async (signal = 'SIGKILL') => {
      base.close()
      driver.close()
      if (child.exitCode !== null || child.signalCode !== null) return
      const gone = new Promise((resolve) => child.once('exit', resolve))
      child.kill(signal)
      await gone
    }
  }
}

const HANDSHAKE_MS = 10_000

const firstLine = (child: ChildProcess, said: { readonly out: string; readonly err: string }): Promise<string> =>
  new Promise((resolve, reject) => {
    const timer = setTimeout(() => { reject(new Error(`no handshake: ${said.err}`)) }, HANDSHAKE_MS)
    const done = (outcome: () => void): void => { clearTimeout(timer); outcome() }
    child.once('exit', () => { done(() => { reject(new Error(`the plugin ended: ${said.err}`)) }) })
    child.stdout?.on('data', () => {
      const end = said.out.indexOf('\n')
      if (end >= 0) done(() => { resolve(said.out.slice(0, end)) })
    })
  })

/** One unary call. */
export const ask = <A>(call: (done: (error: ServiceError | null, value: A) => void) => unknown): Promise<A> =>
  new Promise((resolve, reject) => {
    call((error, value) => {
      if (error === null) resolve(value)
      else reject(error)
    })
  })

/** The error of a call that has to fail. */
export const refusal = async (call: Promise<unknown>): Promise<{ readonly code: number; readonly details: string; readonly metadata: Metadata }> => {
  try {
    await call
  } catch (thrown) {
    return thrown as ServiceError
  }
  throw new Error('the call did not fail')
}
