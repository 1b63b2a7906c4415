/** Something that a task's owner should read in `nomad alloc status`. */
export interface TaskEvent {
  readonly taskId: string
  readonly allocId: string
  readonly taskName: string
  readonly message: string
  readonly annotations: Readonly<Record<string, string>>
}

type Listener = (event: TaskEvent) => void

/** Events to everyone who listens; who comes later hears nothing of what was. */
export interface Events {
  readonly emit: Listener
  readonly listen: (listener: Listener) => () => void
}

export const Events = (): Events => {
  const listeners = new Set<Listener>()
  return {
    emit: (event) => { for (const listener of listeners) listener(event) },
    listen: (listener) => {
      listeners.add(listener)
      return () => { listeners.delete(listener) }
    }
  }
}
