import * as E from 'fp-ts/Either'

import { Exit } from '../core/watch/exitOf'
import { Handle } from './Handle'
import { Once } from './Once'
import { Refused } from './Refused'
import { Telling } from './Telling'

/** How a task ended. `error` says why its exit is not known, or what else killed it; empty otherwise. */
export interface End {
  readonly exit: Exit
  readonly error: string
}

/** Which task of which allocation is meant: Nomad gives every run of it another id. */
export interface Subject {
  readonly allocId: string
  readonly name: string
}

/** A task that was started. It can be lost: all of it is in Nomad's handle and in containerd. */
export interface Task {
  readonly id: string
  readonly name: string
  readonly handle: Handle
  readonly ended: Once<End>
  readonly telling: Telling
  /** Stops watching; the task itself goes on. */
  readonly unwatch: () => void
}

/**
 * Where a task is in its life. `over` resolves when the start has come to its end, one way or the other; `Ending` is a
 * task that is being taken down; `Sought` one that this process does not know, and looks for.
 */
export type Life =
  | { readonly _tag: 'Sought'; readonly over: Once<true> }
  | { readonly _tag: 'Starting'; readonly of: Subject; readonly abort: () => void; readonly over: Once<true> }
  | { readonly _tag: 'Running'; readonly task: Task }
  | { readonly _tag: 'Ending'; readonly task: Task; readonly over: Promise<E.Either<Refused, void>> }
  | { readonly _tag: 'Ended'; readonly task: Task; readonly end: End }

/** The life of a started task that nobody is taking down. */
export const lifeOf = (task: Task): Life => {
  const end = task.ended.value()
  return end === undefined ? { _tag: 'Running', task } : { _tag: 'Ended', task, end }
}
