import * as E from 'fp-ts/Either'

import { Failure } from '../core/domain/Failure'
import { Exit } from '../core/watch/exitOf'
import { Limit, within } from '../effects/ports/Clock'
import { beginExec } from './beginExec'
import { Driver } from './Driver'
import { Execution } from './Execution'
import { drained, Pump, pump } from './pump'
import { Answer } from './Refused'
import { soon, unlessLate } from './soon'
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

/** How long something that a script began may keep its output open after it, and say nothing. */
export const DRAIN_MS = 2000

/**
 * Runs a command in a task and waits for its end. One that takes longer than its time is killed, and that is an error:
 * it is answered a second later at most, whatever containerd does.
 */
export const execTask = async (
  driver: Driver, { id, command, timeoutMs }: Script, cancelled: AbortSignal
): Promise<Answer<Executed>> => {
  const { clock } = driver.ports
  const limit = timeoutMs > 0 ? within(clock, timeoutMs, cancelled) : unlimited(cancelled)
  // containerd may hang: the answer does not, and what was begun is taken back behind it.
  const executed = await unlessLate(clock, run(driver, { id, command }, limit.signal), limit.signal) ?? ABANDONED
  limit.end()
  return E.isLeft(executed) && limit.isUp() ? E.left({ _tag: 'OutOfTime', command, timeoutMs }) : executed
}

const ABANDONED: Answer<never> = E.left({
  _tag: 'Failed', failure: Failure('Cancelled', 'run a command', 'was stopped while it was under way')
})

const run = async (
  driver: Driver, { id, command }: Omit<Script, 'timeoutMs'>, signal: AbortSignal
): Promise<Answer<Executed>> => {
  const execution = await beginExec(driver, { id, command, terminal: false, input: false }, signal)
  return E.isLeft(execution) ? execution : finish(driver, execution.right, signal)
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
