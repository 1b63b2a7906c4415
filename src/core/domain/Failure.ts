/**
 * What the machine answered when an act did not succeed. Tags that an operator can act on; `Cancelled` is our own
 * doing: someone stopped what was under way. `Full` is a disk without space: what failed may work later.
 */
export type FailureTag =
  'NotFound' | 'AlreadyExists' | 'Denied' | 'Unavailable' | 'TimedOut' | 'Cancelled' | 'Invalid' | 'Unknown' | 'Full'

/**
 * An act that failed: `doing` names the thing ("pull docker.io/library/redis:7"), `detail` is the answer in its own
 * words.
 */
export interface Failure {
  readonly _tag: FailureTag
  readonly doing: string
  readonly detail: string
}

export const Failure = (_tag: FailureTag, doing: string, detail: string): Failure => ({ _tag, doing, detail })

/** Whether the act may have happened although it was answered with an error: its undo has to run too. */
export const isAmbiguous = (failure: Failure): boolean => {
  switch (failure._tag) {
    case 'Unavailable':
    case 'TimedOut':
    case 'Cancelled':
    case 'Unknown':
    case 'Full':
      return true
    case 'NotFound':
    case 'AlreadyExists':
    case 'Denied':
    case 'Invalid':
      return false
  }
}

/** Whether Nomad's restart policy may try the task again (RecoverableError of the driver protocol). */
export const isRecoverable = (failure: Failure): boolean =>
  failure._tag === 'Unavailable' || failure._tag === 'TimedOut' || failure._tag === 'Full'
