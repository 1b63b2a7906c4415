import * as E from 'fp-ts/Either'

import { Exit } from '../core/watch/exitOf'
import { beginExec, Wanted } from './beginExec'
import { Driver } from './Driver'
import { DRAIN_MS } from './execTask'
import { Execution } from './Execution'
import { drained, Pump, pump } from './pump'
import { Answer, Refused } from './Refused'
import { soon } from './soon'

/** What is told to whoever runs a command at their own console. */
export type Told =
  | { readonly _tag: 'Output'; readonly stream: 'stdout' | 'stderr'; readonly bytes: Uint8Array }
  | { readonly _tag: 'OutputEnds'; readonly stream: 'stdout' | 'stderr' }
  | { readonly _tag: 'Exited'; readonly code: number; readonly signal: number }

/** What they say meanwhile. */
export type Heard =
  | { readonly _tag: 'Input'; readonly bytes: Uint8Array }
  | { readonly _tag: 'InputEnds' }
  | { readonly _tag: 'Resized'; readonly width: number; readonly height: number }

/** Someone at a console. */
export interface Caller {
  /** Resolves once the caller can be told more. */
  readonly tell: (told: Told) => Promise<void>
  /** From now on hears the caller, one word after the other: the next one when the promise resolves. */
  readonly hear: (heard: (said: Heard) => Promise<void>) => void
  /** Fires when the caller has gone. */
  readonly gone: AbortSignal
}

// What the leader of a terminal wrote is out in a moment; what it began may hold the terminal as long as it likes.
const TERMINAL_DRAIN_MS = 300

/** Runs a command in a task at a caller's console, until it has ended. It is killed when the caller goes. */
export const execStreaming = async (
  driver: Driver, wanted: Omit<Wanted, 'input'>, caller: Caller
): Promise<Answer<void>> => {
  const execution = await beginExec(driver, { ...wanted, input: true }, caller.gone)
  if (E.isLeft(execution)) return unable(execution.left, wanted.terminal, caller)
  const { clock } = driver.ports
  caller.hear((said) => obey(execution.right, wanted.terminal, said))
  const pumps = (['stdout', 'stderr'] as const).map((stream) => outward(execution.right, stream, caller))
  const exit = await execution.right.exit(caller.gone)
  if (E.isRight(exit)) await drained(clock, pumps, wanted.terminal ? TERMINAL_DRAIN_MS : DRAIN_MS, caller.gone)
  await soon(clock, execution.right.end())
  if (E.isLeft(exit)) return exit
  await told(pumps, exit.right, caller)
  return E.right(undefined)
}

/** A command that cannot be run is told as a shell tells it; any other refusal is one of the call. */
const unable = async (refused: Refused, terminal: boolean, { tell }: Caller): Promise<Answer<void>> => {
  if (refused._tag !== 'CannotRun') return E.left(refused)
  const text = new TextEncoder().encode(`${refused.detail}${terminal ? '\r\n' : '\n'}`)
  await tell({ _tag: 'Output', stream: terminal ? 'stdout' : 'stderr', bytes: text })
  for (const stream of ['stdout', 'stderr'] as const) await tell({ _tag: 'OutputEnds', stream })
  await tell({ _tag: 'Exited', code: refused.code, signal: 0 })
  return E.right(undefined)
}

const outward = ({ streams }: Execution, stream: 'stdout' | 'stderr', { tell }: Caller): Pump =>
  pump(streams[stream], (bytes) => tell({ _tag: 'Output', stream, bytes }))

const told = async (pumps: ReadonlyArray<Pump>, { code, signal }: Exit, { tell }: Caller): Promise<void> => {
  for (const one of pumps) await one.over
  for (const stream of ['stdout', 'stderr'] as const) await tell({ _tag: 'OutputEnds', stream })
  await tell({ _tag: 'Exited', code, signal })
}

// Control-D: on a terminal this is the end of the input, where the line is empty (termios(3), VEOF).
const END_OF_INPUT = new Uint8Array([4])

const obey = async ({ streams, closeInput, resize }: Execution, terminal: boolean, said: Heard): Promise<void> => {
  switch (said._tag) {
    case 'Input':
      return streams.write(said.bytes)
    case 'InputEnds':
      return terminal ? streams.write(END_OF_INPUT) : closeInput()
    case 'Resized':
      return terminal ? resize(said.width, said.height) : undefined
  }
}
