import { ChildProcess, spawn } from 'node:child_process'
import * as fs from 'node:fs'

/** A daemon that a test started, by pid. */
export interface Daemon {
  readonly pid: number
  /** Ends it with a signal, SIGTERM when none is named. */
  readonly stop: (signal?: NodeJS.Signals) => Promise<void>
}

const READY_MS = 20_000
const STOP_MS = 10_000

/** Starts a daemon with its output in `log`, and resolves once `isReady` says so. Rejects with the log when it ends before. */
export const start = async (
  command: string, args: ReadonlyArray<string>, log: string, isReady: () => Promise<boolean>, env = process.env
): Promise<Daemon> => {
  const output = fs.openSync(log, 'a')
  const child = spawn(command, [...args], { stdio: ['ignore', output, output], env })
  fs.closeSync(output)
  const failure = new Promise<Error>((settle) => { child.once('error', settle) })
  await until(child, failure, log, isReady)
  return { pid: child.pid ?? 0, stop: (signal) => stop(child, signal) }
}

const until = async (child: ChildProcess, failure: Promise<Error>, log: string, isReady: () => Promise<boolean>): Promise<void> => {
  const end = Date.now() + READY_MS
  let broken: Error | undefined
  void failure.then((error) => { broken = error })
  while (!(await isReady())) {
    if (broken !== undefined) throw new Error(`${child.spawnfile} cannot be started (${broken.message}); install it with: bash scripts/install.sh test`)
    if (child.exitCode !== null || Date.now() > end) {
      await stop(child)
      throw new Error(`${child.spawnfile} is not ready:\n${fs.readFileSync(log, 'utf8').slice(-4000)}`)
    }
    await sleep(50)
  }
}

const stop = async (child: ChildProcess, signal: NodeJS.Signals = 'SIGTERM'): Promise<void> => {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return
  const ended = new Promise<void>((settle) => { child.once('exit', () => { settle() }) })
  child.kill(signal)
  const timer = setTimeout(() => { child.kill('SIGKILL') }, STOP_MS)
  await ended
  clearTimeout(timer)
}

export const sleep = (ms: number): Promise<void> => new Promise((settle) => { setTimeout(settle, ms) })
