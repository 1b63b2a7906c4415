import * as E from 'fp-ts/Either'

import { Failure } from '../core/domain/Failure'
import { Issue } from '../core/domain/Issue'
import * as explain from '../core/report/explain'
import { Leftover, RolledBack } from '../core/report/Report'
import { Unread } from './Handle'

/** Why something that was asked of the driver was not done. */
export type Refused =
  /** The job cannot run as it is written. */
  | { readonly _tag: 'Unfit'; readonly issues: ReadonlyArray<Issue> }
  /** The machine did not do what was asked; nothing has to be taken back. */
  | { readonly _tag: 'Failed'; readonly failure: Failure }
  /** The image could not be fetched. */
  | { readonly _tag: 'NotFetched'; readonly report: RolledBack }
  /** The task could not be started. */
  | { readonly _tag: 'NotStarted'; readonly report: RolledBack }
  | { readonly _tag: 'LeftBehind'; readonly leftovers: ReadonlyArray<Leftover> }
  | { readonly _tag: 'NotConfigured' }
  | { readonly _tag: 'NoSuchTask' }
  | { readonly _tag: 'AlreadyStarted'; readonly id: string }
  | { readonly _tag: 'StillRuns' }
  | { readonly _tag: 'HasEnded'; readonly so: string }
  | Unable
  | ({ readonly _tag: 'ForeignHandle' } & Unread)
  | { readonly _tag: 'Gone'; readonly because: string }

/** Why a command did not run in a task, or not to its end. */
type Unable =
  /** The task is being taken down. */
  | { readonly _tag: 'IsEnding' }
  | { readonly _tag: 'NoCommand' }
  /** As many commands as a task may have at once are there, or wait to be taken back. */
  | { readonly _tag: 'TooManyCommands'; readonly most: number }
  /** A command that the image does not have (127), or that is no program (126). */
  | { readonly _tag: 'CannotRun'; readonly code: 126 | 127; readonly detail: string }
  /** A command that did not end in its time, and was killed. */
  | { readonly _tag: 'OutOfTime'; readonly command: ReadonlyArray<string>; readonly timeoutMs: number }

/** What is answered to whoever asks something of the driver. */
export type Answer<A> = E.Either<Refused, A>

/** A refusal in words. */
export const refusedText = (refused: Refused): string => {
  switch (refused._tag) {
    case 'Unfit':
      return explain.issues(refused.issues).trimEnd()
    case 'Failed':
      return explain.failure(refused.failure)
    case 'NotFetched':
    case 'NotStarted':
      return explain.report(refused.report)
    case 'LeftBehind':
      return explain.leftBehind(refused.leftovers)
    case 'NotConfigured':
      return 'Nomad has sent no configuration for this plugin yet'
    case 'NoSuchTask':
      // The words of Nomad's own drivers.
      return 'task not found for given id'
    case 'AlreadyStarted':
      return `task with ID ${JSON.stringify(refused.id)} already started`
    case 'StillRuns':
      return 'cannot destroy running task: stop it first, or set force'
    case 'HasEnded':
      return `the task has ended${refused.so}`
    case 'IsEnding': case 'NoCommand': case 'TooManyCommands': case 'CannotRun': case 'OutOfTime':
      return unableText(refused)
    case 'ForeignHandle':
      return foreignText(refused)
    case 'Gone':
      return `the task cannot be recovered: ${refused.because}`
  }
}

// Nomad starts the task anew by itself; what still runs of it is taken back then.
const foreignText = ({ reads, version }: Unread): string =>
  version === undefined
    ? 'the handle cannot be read: another driver wrote it, or it is broken; the task has to be started anew'
    : `the handle is of version ${String(version)} and this driver reads version ${String(reads)}; `
      + 'go back to the version of the driver that wrote it, or start the task anew'

const unableText = (unable: Unable): string => {
  switch (unable._tag) {
    case 'IsEnding':
      return 'the task is being taken down; no command runs in it any more'
    case 'NoCommand':
      // The words of Nomad's own drivers, here and in the last one.
      return 'command is required but was empty'
    case 'TooManyCommands':
      return `${String(unable.most)} commands run in the task, or are not taken back yet: ${WAY_OUT}`
    case 'CannotRun':
      return `the command cannot be run: ${unable.detail}`
    case 'OutOfTime':
      return `context deadline exceeded: ${programOf(unable)} ${lateText(unable)}`
  }
}

const WAY_OUT = 'no more may at once; wait until one has ended'

const lateText = ({ timeoutMs }: { readonly timeoutMs: number }): string =>
  `took longer than ${String(timeoutMs)} ms and is killed`

const programOf = ({ command }: { readonly command: ReadonlyArray<string> }): string => JSON.stringify(command[0] ?? '')
