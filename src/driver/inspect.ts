import * as E from 'fp-ts/Either'

import { Driver, startedTask } from './Driver'
import { End, Task } from './Life'
import { Answer } from './Refused'

/** What is known of a task: `end` is undefined while it runs. */
export interface Inspected extends Pick<Task, 'id' | 'name' | 'handle'> {
  readonly end: End | undefined
}

export const inspect = (driver: Driver, id: string): Answer<Inspected> =>
  E.map(({ name, handle, ended }: Task): Inspected => ({ id, name, handle, end: ended.value() }))(
    startedTask(driver, id)
  )

/** Waits for the end of a task; undefined when the signal fires first. Answers at once when it has ended. */
export const wait = async (driver: Driver, id: string, signal: AbortSignal): Promise<Answer<End | undefined>> => {
  const task = startedTask(driver, id)
  return E.isLeft(task) ? task : E.right(await task.right.ended.wait(signal))
}
