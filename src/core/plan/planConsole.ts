import { Plan, step } from './Plan'

/** A process beside a task's own, and whose task it is. */
export interface ExecOf {
  readonly owner: string
  readonly container: string
  readonly exec: string
}

/** Tells a process that its terminal has another size, in characters. */
export const planResize = ({ owner, container, exec }: ExecOf, width: number, height: number): Plan =>
  Plan('stop', owner, [
    step({ _tag: 'ResizeExec', container, exec, width, height }, "the caller's terminal has this size")
  ])

/** Lets a process read the end of its input, once all that was written is read. */
export const planCloseInput = ({ owner, container, exec }: ExecOf): Plan =>
  Plan('stop', owner, [step({ _tag: 'CloseInput', container, exec }, 'the caller has no more input')])
