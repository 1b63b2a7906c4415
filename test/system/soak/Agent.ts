import { ServiceError, status } from '@grpc/grpc-js'

import { DriverClient, TaskHandle } from '../../../src/generated/nomad/driver'
import { ask, launch, Plugin } from '../harness/plugin'
import { sleep } from '../harness/process'

type Call<A> = (driver: DriverClient, done: (error: ServiceError | null, value: A) => void) => unknown

/** What Nomad's client is to the plugin: it launches it, listens to it, and launches it again when it is gone. */
export interface Agent {
  /** One call to the plugin that is there, or comes; rejects as the call does. */
  readonly ask: <A>(call: Call<A>) => Promise<A>
  /** The plugin that is there, or comes. */
  readonly plugin: () => Promise<Plugin>
  /** Finds a task again unless this plugin knows it; false when it cannot be found. */
  readonly recover: (handle: TaskHandle) => Promise<boolean>
  /** Kills the plugin; another one is there when this resolves. */
  readonly killPlugin: () => Promise<void>
  readonly end: () => Promise<void>
}

/** Whether an error says that the plugin went away under the call. */
export const isGone = (thrown: unknown): boolean =>
  [status.UNAVAILABLE, status.CANCELLED].includes((thrown as ServiceError).code)

export const Agent = (config: Readonly<Record<string, unknown>>): Agent => {
  const launched = async (): Promise<Plugin> => {
    const one = await launch(config)
    const stream = one.driver.fingerprint({})
    stream.on('data', () => undefined)
    stream.on('error', () => undefined)
    return one
  }
  let current = launched()
  const agent: Agent = {
    ask: async (call) => {
      const { driver } = await current
      return ask((done) => call(driver, done))
    },
    plugin: () => current,
    recover: async (handle) => {
      for (let count = 0; count < TRIES; count += 1) {
        try {
          await agent.ask((driver, done) => driver.recoverTask({ taskId: '', handle }, done))
          return true
        } catch (thrown) {
          if (!isGone(thrown)) return false
          await sleep(PAUSE_MS)
        }
      }
      return false
    },
    killPlugin: async () => {
      const last = await current
      const gone = last.kill('SIGKILL')
      current = gone.then(launched)
      await current
    },
    end: async () => { await (await current).kill() }
  }
  return agent
}

const TRIES = 50
const PAUSE_MS = 200
