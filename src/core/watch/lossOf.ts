import { Failure } from '../domain/Failure'
import { SIGKILL } from '../domain/Signal'
import { Exit, exitOf, UNKNOWN_EXIT } from './exitOf'

/** What kept a task's end from being seen, since it was last seen running. */
export type Loss = 'Nothing' | 'Connection' | 'Shim'

/**
 * A loss, after a look at the task that failed. While its connection holds, containerd has no code of its own for a
 * shim that died (`Unknown`; containerd-contract 0.19). Who was away cannot tell what died first.
 */
export const lossAfter = (loss: Loss, { _tag }: Failure): Loss => {
  if (_tag === 'Unavailable' || _tag === 'TimedOut') return 'Connection'
  return _tag === 'Unknown' && loss === 'Nothing' ? 'Shim' : loss
}

const SIGNALLED = 128

/** How a task ended of which containerd knows nothing any more. What a dead shim held, containerd kills. */
export const endAfter = (loss: Loss, nowMs: number): { readonly exit: Exit; readonly error: string } => {
  switch (loss) {
    case 'Shim':
      return {
        exit: exitOf(SIGNALLED + SIGKILL, 0, nowMs),
        error: 'its containerd shim died, and containerd killed the task'
      }
    case 'Connection':
      return unknown(nowMs, 'the task ended while containerd was down; its exit code is not known')
    case 'Nothing':
      return unknown(nowMs, 'the task was removed by somebody else before its end was seen; its exit code is not known')
  }
}

const unknown = (nowMs: number, error: string): { readonly exit: Exit; readonly error: string } =>
  ({ exit: exitOf(UNKNOWN_EXIT, 0, nowMs), error })
