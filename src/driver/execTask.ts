import * as E from 'fp-ts/Either'

import { Exit } from '../core/watch/exitOf'
import { Limit, within } from '../effects/ports/Clock'
import { beginExec } from './beginExec'
import { Driver } from './Driver'
import { Execution } from './Execution'
import { drained, Pump,pump } from './pump'
import { Answer } from './Refused'
import { soon } from './soon'
import { Tail } from './Tail'

/** A command whose output is wanted whole: script checks and scripts of templates. */
export interface Script {
  readonly id: string
  readonly command: ReadonlyArray<string>
  /** 0 is no limit, as the protocol has it. */
  readonly timeoutMs: number
}

/** How a script ended, and the last MiB of each of its outputs. */
export interface Executed {
  readonly exit: Exit
  readonly stdout: Uint8Array
  readonly stderr: Uint8Array
}

const MOST_BYTES = 1024 * 1024

/** How long something that a script began may keep its output open after it. */
export const DRAIN_MS = 2000

/**
 * Runs a command in a task and waits for its end. One that takes longer than its time is killed, and that is an error.
 */
export const execTask = async (
  driver: Driver, { id, command, timeoutMs }: Script, cancelled: AbortSignal
): Promise<Answer<Executed>> => {
  const limit = timeoutMs > 0 ? within(driver.ports.clock, timeoutMs, cancelled) : unlimited(cancelled)
  const execution = await beginExec(driver, { id, command, terminal: false, input: false }, limit.signal)
  const executed = E.isLeft(execution) ? execution : await finish(driver, execution.right, limit.signal)
  limit.end()
  return E.isLeft(executed) && limit.isUp() ? E.left({ _tag: 'OutOfTime', command, timeoutMs }) : executed
}

const unlimited = (signal: AbortSignal): Limit => ({ signal, isUp: () => false, end: () => undefined })

const finish = async (driver: Driver, execution: Execution, signal: AbortSignal): Promise<Answer<Executed>> => {
  const { clock } = driver.ports
  const [stdout, stderr] = [Tail(MOST_BYTES), Tail(MOST_BYTES)]
  const pumps = [collect(execution.streams.stdout, stdout), collect(execution.streams.stderr, stderr)]
  const exit = await execution.exit(signal)
  if (E.isRight(exit)) await drained(clock, pumps, DRAIN_MS, signal)
  await soon(clock, execution.end())
  return E.map((end: Exit): Executed => ({ exit: end, stdout: stdout.bytes(), stderr: stderr.bytes() }))(exit)
}

const collect = (from: AsyncIterable<Uint8Array>, into: Tail): Pump =>
  pump(from, (bytes) => {
    into.add(bytes)
    return Promise.resolve()
  })
