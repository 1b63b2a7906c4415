import * as TE from 'fp-ts/TaskEither'

import { Failure } from '../../core/domain/Failure'

/**
 * The streams of a process that the driver runs. Whoever reads slowly is waited for, and so is a process that does:
 * nothing is lost and nothing is kept. What comes after `close` is neither.
 */
export interface Streams {
  readonly stdout: AsyncIterable<Uint8Array>
  /** Empty when there is none. */
  readonly stderr: AsyncIterable<Uint8Array>
  /** Resolves once the process, or the pipe to it, has taken the bytes. What nobody reads any more is dropped. */
  readonly write: (bytes: Uint8Array) => Promise<void>
  /** No more input: resolves once all of it is taken. */
  readonly endInput: () => Promise<void>
  /** Ends all three. */
  readonly close: () => void
}

/** Opens the named pipes that a plan made, before the process is there: it waits for their readers. */
export type OpenStreams = (directory: string, names: ReadonlyArray<string>) => TE.TaskEither<Failure, Streams>

/**
 * Keeps the readers of named pipes from the end of them until what is answered is called: Nomad reads the output of a
 * task to its end once, and a run may end while the next one is about to begin.
 */
export type HoldPipes = (paths: ReadonlyArray<string>) => Promise<() => void>
