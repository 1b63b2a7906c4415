import { SIGKILL } from '../domain/Signal'
import { Plan, step } from './Plan'

/**
 * Stops a container: the signal, then SIGKILL when it has not exited within `withinMs`. Returns as soon as it is gone.
 */
export const planStop = (owner: string, container: string, signal: number, withinMs: number): Plan =>
  Plan('stop', owner, [
    step({ _tag: 'SendSignal', container, signal }, 'ask it to end'),
    step({ _tag: 'AwaitExit', container, withinMs, thenSignal: SIGKILL }, 'and end it when it does not')
  ])
