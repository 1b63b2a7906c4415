import { Plan, step } from './Plan'

/** Sends one signal to the first process of a container. A task that is gone needs none. */
export const planSignal = (owner: string, container: string, signal: number): Plan =>
  Plan('stop', owner, [step({ _tag: 'SendSignal', container, signal }, 'Nomad asks for it')])
